/* SPDX-License-Identifier: Apache-2.0 */
/* rolwacht diff: what must happen to the roll that is out. */
#include "cli/diff_absence.h"
#include "cli/diff_text.h"
#include "cli/options.h"
#include "core/base/arena.h"
#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/json/json_write.h"
#include "core/json/roll_json.h"
#include "roll-builder/amend_json.h"

#define MEMORY_MAX (512 * RW_ARENA_MIB)
#define EARLY_MIN_MAX 44640 /* a month */

static struct diff_absence wish;
static const struct options_row rows[] = {
    { "away", OPTIONS_TEXT, &wish.away, NULL, "FROM/TO",
      "a day away: which bags of ROLL go along, and for which a pharmacist is asked", 0, 0 },
    { "pause", OPTIONS_TEXT, &wish.pause, NULL, "FROM/TO",
      "a hospital stay: which bags of ROLL are withheld, and how it goes on", 0, 0 },
    { "early-max-min", OPTIONS_NUMBER, &wish.early_max_min, NULL, "N",
      "with --away: bags later than this many minutes after FROM are asked for", 1, EARLY_MIN_MAX },
    { "text", OPTIONS_FLAG, &wish.text, NULL, NULL, "lines for a person in place of JSON", 0, 0 },
    { 0 },
};

static bool read_roll(const char *path, struct rw_arena *arena, struct roll **ret_roll,
                      struct rw_error *err)
{
    char *bytes;
    size_t length;
    return rw_file_read(path, ROLL_JSON_BYTES_MAX, arena, &bytes, &length, err) &&
           roll_json_read(bytes, length, arena, ret_roll, err);
}

static bool write_amendment(const struct roll *const rolls[2], const struct amendment *amendment,
                            struct rw_arena *arena, struct rw_error *err)
{
    struct rw_text text;
    struct json_writer writer;
    const char *bytes;
    rw_text_init(&text, arena, AMEND_JSON_BYTES_MAX);
    if (wish.text) {
        diff_text_change(&text, rolls[0], rolls[1], amendment);
    } else {
        json_write_init(&writer, &text);
        json_write_object(&writer, NULL);
        amend_json_write(&writer, rolls[0], rolls[1], amendment);
        json_write_object_end(&writer);
        rw_text_add_char(&text, '\n');
    }
    return rw_text_finish(&text, &bytes, err) && options_print(bytes, text.length, err);
}

static bool is_absence(void)
{
    return wish.away != NULL || wish.pause != NULL;
}

static enum options_exit compare(const struct options *options, struct rw_arena *arena)
{
    struct rw_error err = { 0 };
    struct roll *rolls[2] = { NULL, NULL };
    struct amendment *amendment;
    for (size_t i = 0; i < (size_t)options->argument_count; i++) {
        if (!read_roll(options->arguments[i], arena, &rolls[i], &err))
            return options_fail(options, options->arguments[i], &err);
    }
    const struct roll *const both[2] = { rolls[0], rolls[1] };
    const bool done = is_absence() ? diff_absence_print(&wish, both[0], both[1], arena, &err)
                                   : amend_compare(both[0], both[1], arena, &amendment, &err) &&
                                         write_amendment(both, amendment, arena, &err);
    return done ? OPTIONS_GOOD : options_fail(options, NULL, &err);
}

static bool check_arguments(const struct options *options, struct rw_error *err)
{
    if (wish.away != NULL && wish.pause != NULL)
        return rw_error_set(err, RW_USAGE, "", "--away and --pause exclude each other");
    if (is_absence())
        return (options->argument_count >= 1 && options->argument_count <= 2) ||
               rw_error_set(err, RW_USAGE, "",
                            "the roll is needed, and the newer plan if there is one");
    return options->argument_count == 2 ||
           rw_error_set(err, RW_USAGE, "", "two rolls are needed: the old one and the new one");
}

int main(int argc, char **argv)
{
    struct options options = {
        .program = "rolwacht diff",
        .summary = "Says what must happen to a roll that is out: a change, a day away, a pause.",
        .usage = "OLD.roll.json NEW.roll.json | (--away | --pause) FROM/TO ROLL [NEW.roll.json]",
        .details =
            "With two rolls: AT_NEXT_ROLL nothing to do, REPLACE_FROM a bag on, ADD_LOOSE, or "
            "REMOVE_BY_PHARMACY whole bags; the serials that no longer count; and the new "
            "administration list. FROM and TO are days (both included) or local moments such as "
            "2026-11-25T10:00 (TO is not included). NEW is a changed plan that waits.\n"
            "Exit status: 0 done.",
        .rows = rows,
    };
    enum options_exit status;
    struct rw_error err = { 0 };
    if (!options_read(&options, argc, argv, &status))
        return (int)status;
    wish.text = wish.text && !options.json;
    if (!check_arguments(&options, &err))
        return (int)options_fail(&options, NULL, &err);
    struct rw_arena *arena = rw_arena_open(MEMORY_MAX);
    if (arena == NULL)
        (void)rw_error_set(&err, RW_NO_MEMORY, "", "no memory to start with"); /* told below */
    if (arena == NULL || !rw_crypto_init(&err))
        status = options_fail(&options, NULL, &err);
    else
        status = compare(&options, arena);
    rw_arena_close(arena);
    return (int)status;
}
