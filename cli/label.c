/* SPDX-License-Identifier: Apache-2.0 */
/* rolwacht label: a roll as PDF, SVG, PNG, ZPL or order file. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <unistd.h>

#include "cli/keys.h"
#include "cli/label_output.h"
#include "cli/label_roll.h"
#include "cli/label_test.h"
#include "cli/options.h"
#include "core/base/arena.h"
#include "core/base/crypto.h"
#include "core/base/text.h"

#define MEMORY_MAX (1024 * RW_ARENA_MIB)   /* of one roll with all its pages */
#define LIST_MEMORY_MAX (2 * RW_ARENA_MIB) /* of the numbers of all rolls */
#define DPI_USUAL 300
#define USAGE                                                                           \
    "(ROLL… | --test-roll MEDIA) --as pdf|svg|png|zpl|zpl-dots|order-csv|order-json " \
    "[--media FILE] [--state DIR] [--strip] (-o PATH | --print URL)"
#define AS_HELP                                                                         \
    "pdf, zpl, zpl-dots, order-csv, order-json (one file); svg, png (one file a bag); " \
    "zpl has the printer's own letters, which a camera cannot judge"

struct wishes {
    struct label_output output;
    const char *media_file;
    const char *state;
    const char *test_film;
    int64_t test_dpi;
    bool strip;
};

static bool check_wishes(const struct options *options, struct wishes *wishes, struct rw_error *err)
{
    if ((options->argument_count == 0) == (wishes->test_film == NULL))
        return rw_error_set(err, RW_USAGE, "", "%s",
                            wishes->test_film == NULL ? "a roll file is needed"
                                                      : "a test roll has no roll file");
    if (wishes->strip && (wishes->output.print != NULL || wishes->test_film != NULL))
        return rw_error_set(err, RW_USAGE, "", "--strip is a picture for the eye alone");
    if (!label_output_check(&wishes->output, err))
        return false;
    if (wishes->test_film != NULL || label_roll_is_form(wishes->output.as, wishes->strip))
        return true;
    return rw_error_set(err, RW_USAGE, "", "%s",
                        wishes->strip ? "--strip is a PNG picture"
                                      : "--as is one of pdf, svg, png, zpl, zpl-dots, order-csv, "
                                        "order-json");
}

/* A roll after the other: what one took is free for the next. `ret_place` is the one in hand. */
static bool run_rolls(const struct options *options, const struct wishes *wishes,
                      const char **ret_place, struct rw_error *err)
{
    struct label_roll job = { .output = &wishes->output,
                              .media_file = wishes->media_file,
                              .arena = rw_arena_open(MEMORY_MAX),
                              .strip = wishes->strip,
                              .progress = !options->quiet && isatty(STDERR_FILENO),
                              .count = options->argument_count };
    struct rw_arena *list = rw_arena_open(LIST_MEMORY_MAX);
    uint8_t key[RW_HMAC_KEY_BYTES];
    if (job.arena == NULL || list == NULL) {
        rw_arena_close(list);
        rw_arena_close(job.arena);
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory");
    }
    job.numbers = rw_arena_array(list, job.count, sizeof *job.numbers, err);
    job.key = wishes->state != NULL ? key : NULL;
    bool done = job.numbers != NULL &&
                (job.key == NULL || keys_pharmacy(wishes->state, false, key, err)) &&
                canvas_open(&job.canvas, err);
    for (size_t i = 0; done && i < job.count; i++) {
        *ret_place = options->arguments[i];
        job.number = i + 1;
        done = label_roll_run(&job, *ret_place, err);
    }
    canvas_close(job.canvas);
    rw_crypto_wipe(key, sizeof key);
    rw_arena_close(list);
    rw_arena_close(job.arena);
    return done;
}

int main(int argc, char **argv)
{
    struct wishes wishes = { .test_dpi = DPI_USUAL };
    const struct options_row rows[] = {
        { "as", OPTIONS_TEXT, &wishes.output.as, NULL, "FORMAT", AS_HELP, 0, 0 },
        { "strip", OPTIONS_FLAG, &wishes.strip, NULL, NULL,
          "one long PNG picture of the whole roll", 0, 0 },
        { "media", OPTIONS_TEXT, &wishes.media_file, NULL, "FILE",
          "measures of the film; default: the built-in profile that the roll names", 0, 0 },
        { "state", OPTIONS_TEXT, &wishes.state, NULL, "DIR",
          "with keys/pharmacy.hmac: a roll that has a code which it did not make is refused", 0,
          0 },
        { "test-roll", OPTIONS_TEXT, &wishes.test_film, NULL, "MEDIA",
          "in place of a roll: pages that certify a film (name or file) and printer", 0, 0 },
        { "dpi", OPTIONS_NUMBER, &wishes.test_dpi, NULL, "DPI",
          "of the test roll, 203, 300 or 600; default 300", 203, 600 },
        { "print", OPTIONS_TEXT, &wishes.output.print, NULL, "URL",
          "in place of -o: ZPL (either) to tcp://HOST:9100, PDF to ipp[s]://HOST/ipp/print", 0, 0 },
        { "printer-certs", OPTIONS_TEXT, &wishes.output.certificates, NULL, "DIR",
          "where HOST.crt of an ipps printer lies; default: CUPS' own store", 0, 0 },
        { "o", OPTIONS_TEXT, &wishes.output.path, NULL, "PATH",
          "file to write; a folder for svg, png and several rolls", 0, 0 },
        { 0 }
    };
    struct options options = { .program = "rolwacht label",
                               .summary = "Draws the labels of a roll's bags.",
                               .usage = USAGE,
                               .details = "Exit status: 0 done.",
                               .rows = rows };
    enum options_exit status = OPTIONS_GOOD;
    if (!options_read(&options, argc, argv, &status))
        return status;
    struct rw_error err = { 0 };
    const char *place = options.argument_count > 0 ? options.arguments[0] : wishes.test_film;
    bool done = rw_crypto_init(&err) && check_wishes(&options, &wishes, &err);
    if (done && wishes.test_film != NULL)
        done = label_test_run(&wishes.output, wishes.test_film, (int32_t)wishes.test_dpi, &err);
    else if (done)
        done = run_rolls(&options, &wishes, &place, &err);
    return done ? OPTIONS_GOOD : options_fail(&options, place, &err);
}
