/* SPDX-License-Identifier: Apache-2.0 */
/* rolwacht label: a roll as PDF, SVG, PNG, ZPL or order file. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/label_output.h"
#include "cli/label_test.h"
#include "cli/options.h"
#include "core/base/arena.h"
#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/roll_json.h"
#include "labels/expected.h"
#include "labels/orderfile.h"
#include "labels/pdf.h"
#include "labels/png.h"
#include "labels/strip.h"
#include "labels/svg.h"
#include "labels/zpl.h"
#include "labels/zpl_dots.h"

#define MEMORY_MAX (1024 * RW_ARENA_MIB) /* of one roll with all its pages */
#define BAG_MEMORY_MAX (64 * RW_ARENA_MIB)
#define BAG_FILE_NAME_MAX 32
#define DPI_USUAL 300
#define USAGE                                                                        \
    "(ROLL | --test-roll MEDIA) --as pdf|svg|png|zpl|zpl-dots|order-csv|order-json " \
    "[--media FILE] [--strip] (-o PATH | --print URL)"
#define AS_HELP                                                                         \
    "pdf, zpl, zpl-dots, order-csv, order-json (one file); svg, png (one file a bag); " \
    "zpl has the printer's own letters, which a camera cannot judge"
#define PROGRESS_STEP 25 /* bags between two signs of life */

struct wishes {
    struct label_output output;
    const char *media_file;
    const char *test_film;
    int64_t test_dpi;
    bool strip;
    bool progress; /* standard error is a terminal */
};

struct work {
    const struct wishes *wishes;
    struct roll *roll;
    struct layout_desk desk;
    struct rw_arena *arena;
};

static bool read_media(struct work *work, struct rw_error *err)
{
    if (work->wishes->media_file == NULL)
        return true;
    struct media *media = NULL;
    if (!label_output_read_media(work->wishes->media_file, work->arena, &media, err))
        return false;
    if (!rw_text_equal(media->name, work->roll->media))
        return rw_error_set(err, RW_CONFLICT, "/media",
                            "the roll was planned for the film \"%s\", not for \"%s\"",
                            work->roll->media, media->name);
    work->desk.media = media;
    return true;
}

static bool read_roll(struct work *work, const char *path, struct rw_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    return rw_file_read(path, ROLL_JSON_BYTES_MAX, work->arena, &bytes, &length, err) &&
           roll_json_read(bytes, length, work->arena, &work->roll, err);
}

static bool render_png(const struct work *work, const struct bag *bag, struct rw_arena *arena,
                       const char **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    struct picture picture;
    return expected_draw(&work->desk, work->roll, bag, arena, &picture, NULL, err) &&
           png_write(&picture, PNG_BITS, arena, ret_bytes, ret_length, err);
}

static bool write_bag(const struct work *work, const struct bag *bag, struct rw_arena *arena,
                      struct rw_error *err)
{
    const char *bytes = NULL;
    size_t length = 0;
    if (rw_text_equal(work->wishes->output.as, "svg")) {
        if (!svg_write(&work->desk, work->roll, bag, arena, &bytes, err))
            return false;
        length = strlen(bytes);
    } else if (!render_png(work, bag, arena, &bytes, &length, err)) {
        return false;
    }
    char name[BAG_FILE_NAME_MAX];
    (void)snprintf(name, sizeof name, "bag-%03d.%s", bag->n, work->wishes->output.as);
    return label_output_add_file(&work->wishes->output, name, bytes, length, err);
}

/* One line that is written over, and taken away at the end. */
static void tell_progress(const struct work *work, size_t done)
{
    if (!work->wishes->progress || done % PROGRESS_STEP != 0)
        return;
    fprintf(stderr, "\rrolwacht label: %zu of %zu bags", done, work->roll->bag_count);
}

static void end_progress(const struct work *work)
{
    if (work->wishes->progress)
        fputs("\r\033[K", stderr);
}

/* One file a bag: bag-000 is the header. */
static bool write_bags(const struct work *work, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(BAG_MEMORY_MAX);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a label");
    bool done = label_output_make_folder(&work->wishes->output, err);
    for (size_t i = 0; done && i < work->roll->bag_count; i++) {
        rw_arena_reset(arena);
        tell_progress(work, i);
        done = write_bag(work, &work->roll->bags[i], arena, err);
    }
    end_progress(work);
    rw_arena_close(arena);
    return done;
}

static bool render_strip(const struct work *work, const char **ret_bytes, size_t *ret_length,
                         struct rw_error *err)
{
    return strip_write(&work->desk, work->roll, work->arena, ret_bytes, ret_length, err);
}

static bool render_pdf(const struct work *work, const char **ret_bytes, size_t *ret_length,
                       struct rw_error *err)
{
    return pdf_write(&work->desk, work->roll, work->arena, ret_bytes, ret_length, err);
}

static bool render_zpl(const struct work *work, const char **ret_bytes, size_t *ret_length,
                       struct rw_error *err)
{
    return zpl_write(&work->desk, work->roll, work->arena, ret_bytes, ret_length, err);
}

static bool render_zpl_dots(const struct work *work, const char **ret_bytes, size_t *ret_length,
                            struct rw_error *err)
{
    return zpl_dots_write(&work->desk, work->roll, work->arena, ret_bytes, ret_length, err);
}

static bool render_order_csv(const struct work *work, const char **ret_bytes, size_t *ret_length,
                             struct rw_error *err)
{
    return orderfile_write_csv(work->roll, work->arena, ret_bytes, ret_length, err);
}

static bool render_order_json(const struct work *work, const char **ret_bytes, size_t *ret_length,
                              struct rw_error *err)
{
    return orderfile_write_json(work->roll, work->arena, ret_bytes, ret_length, err);
}

/* NULL: one file a bag. */
struct format {
    const char *name;
    bool (*render)(const struct work *work, const char **ret_bytes, size_t *ret_length,
                   struct rw_error *err);
};
static const struct format formats[] = {
    { "pdf", render_pdf },
    { "svg", NULL },
    { "png", NULL },
    { "zpl", render_zpl },
    { "zpl-dots", render_zpl_dots },
    { "order-csv", render_order_csv },
    { "order-json", render_order_json },
};
static const struct format strip_format = { "png", render_strip };

static const struct format *find_format(const struct wishes *wishes)
{
    if (wishes->strip)
        return wishes->output.as == NULL || rw_text_equal(wishes->output.as, "png") ? &strip_format
                                                                                    : NULL;
    for (size_t i = 0; i < RW_COUNT(formats); i++)
        if (rw_text_equal(formats[i].name, wishes->output.as))
            return &formats[i];
    return NULL;
}

static bool write_format(const struct work *work, const struct format *format, struct rw_error *err)
{
    const char *bytes = NULL;
    size_t length = 0;
    if (format->render == NULL)
        return write_bags(work, err);
    if (!format->render(work, &bytes, &length, err))
        return false;
    return label_output_send(&work->wishes->output, work->roll->number, bytes, length, err);
}

static bool run(struct work *work, const char *roll_path, struct rw_error *err)
{
    if (!read_roll(work, roll_path, err) || !read_media(work, err) ||
        !canvas_open(&work->desk.canvas, err))
        return false;
    bool done = write_format(work, find_format(work->wishes), err);
    canvas_close(work->desk.canvas);
    return done;
}

static bool check_wishes(const struct options *options, struct wishes *wishes, struct rw_error *err)
{
    if (options->argument_count != (wishes->test_film == NULL ? 1 : 0))
        return rw_error_set(err, RW_USAGE, "", "%s",
                            wishes->test_film == NULL ? "one roll file is needed"
                                                      : "a test roll has no roll file");
    if (wishes->strip && (wishes->output.print != NULL || wishes->test_film != NULL))
        return rw_error_set(err, RW_USAGE, "", "--strip is a picture for the eye alone");
    if (!label_output_check(&wishes->output, err))
        return false;
    if (wishes->test_film != NULL || find_format(wishes) != NULL)
        return true;
    return rw_error_set(err, RW_USAGE, "", "%s",
                        wishes->strip ? "--strip is a PNG picture"
                                      : "--as is one of pdf, svg, png, zpl, zpl-dots, order-csv, "
                                        "order-json");
}

static bool run_roll(struct wishes *wishes, const char *path, struct rw_error *err)
{
    struct work work = { .wishes = wishes, .arena = rw_arena_open(MEMORY_MAX) };
    if (work.arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory");
    bool done = run(&work, path, err);
    rw_arena_close(work.arena);
    return done;
}

int main(int argc, char **argv)
{
    struct wishes wishes = { .test_dpi = DPI_USUAL };
    const struct options_row rows[] = {
        { .name = "as",
          .kind = OPTIONS_TEXT,
          .target = &wishes.output.as,
          .argument = "FORMAT",
          .help = AS_HELP },
        { .name = "strip",
          .kind = OPTIONS_FLAG,
          .target = &wishes.strip,
          .help = "one long PNG picture of the whole roll" },
        { .name = "media",
          .kind = OPTIONS_TEXT,
          .target = &wishes.media_file,
          .argument = "FILE",
          .help = "measures of the film; default: the built-in profile that the roll names" },
        { .name = "test-roll",
          .kind = OPTIONS_TEXT,
          .target = &wishes.test_film,
          .argument = "MEDIA",
          .help = "in place of a roll: pages that certify a film (name or file) and printer" },
        { .name = "dpi",
          .kind = OPTIONS_NUMBER,
          .target = &wishes.test_dpi,
          .argument = "DPI",
          .help = "of the test roll, 203, 300 or 600; default 300",
          .min = 203,
          .max = 600 },
        { .name = "print",
          .kind = OPTIONS_TEXT,
          .target = &wishes.output.print,
          .argument = "URL",
          .help = "in place of -o: ZPL (either) to tcp://HOST:9100, PDF to ipp://HOST/ipp/print" },
        { .name = "o",
          .kind = OPTIONS_TEXT,
          .target = &wishes.output.path,
          .argument = "PATH",
          .help = "file to write; for svg and png a folder" },
        { 0 }
    };
    struct options options = { .program = "rolwacht label",
                               .summary = "Draws the labels of a roll's bags.",
                               .usage = USAGE,
                               .rows = rows };
    enum options_exit status = OPTIONS_GOOD;
    if (!options_read(&options, argc, argv, &status))
        return status;
    wishes.progress = !options.quiet && isatty(STDERR_FILENO);
    struct rw_error err = { 0 };
    const char *place = options.argument_count > 0 ? options.arguments[0] : wishes.test_film;
    bool done = rw_crypto_init(&err) && check_wishes(&options, &wishes, &err);
    if (done && wishes.test_film != NULL)
        done = label_test_run(&wishes.output, wishes.test_film, (int32_t)wishes.test_dpi, &err);
    else if (done)
        done = run_roll(&wishes, place, &err);
    return done ? OPTIONS_GOOD : options_fail(&options, place, &err);
}
