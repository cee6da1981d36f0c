/* SPDX-License-Identifier: Apache-2.0 */
/* rolwacht diff: what must happen to the roll that is out. */
#include <stdio.h>

#include "cli/diff_absence.h"
#include "cli/options.h"
#include "core/base/arena.h"
#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/json/json_write.h"
#include "core/json/roll_json.h"
#include "roll-builder/amend.h"
#include "roll-builder/daytimes.h"

#define MEMORY_MAX (512 * RW_ARENA_MIB)
#define ANSWER_BYTES_MAX ((size_t)8 * 1024 * 1024)
#define TIME_TEXT_MAX 16
#define EARLY_MIN_MAX 44640 /* a month */

static struct diff_absence wish;
static const struct options_row rows[] = {
    { "away", OPTIONS_TEXT, &wish.away, NULL, "FROM/TO",
      "a day away: which bags of ROLL go along, and for which a pharmacist is asked", 0, 0 },
    { "pause", OPTIONS_TEXT, &wish.pause, NULL, "FROM/TO",
      "a hospital stay: which bags of ROLL are withheld, and how it goes on", 0, 0 },
    { "early-max-min", OPTIONS_NUMBER, &wish.early_max_min, NULL, "N",
      "with --away: bags later than this many minutes after FROM are asked for", 1, EARLY_MIN_MAX },
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

static void write_weekdays(struct json_writer *writer, uint8_t weekdays)
{
    json_write_list(writer, "weekdays");
    for (int32_t weekday = 1; weekday <= DAYTIMES_DAYS; weekday++) {
        if ((weekdays & 1u << (weekday - 1)) != 0)
            json_write_text(writer, NULL, daytimes_day_word(weekday));
    }
    json_write_list_end(writer);
}

static void write_times(struct json_writer *writer, const struct amend_line *line)
{
    json_write_list(writer, "times");
    for (size_t i = 0; i < line->time_count; i++) {
        char time[TIME_TEXT_MAX];
        (void)snprintf(time, sizeof time, "%02d:%02d", line->times[i].minute / 60,
                       line->times[i].minute % 60);
        json_write_object(writer, NULL);
        json_write_text(writer, "time", time);
        json_write_int(writer, "milli", line->times[i].milli);
        json_write_int(writer, "days", line->times[i].days);
        write_weekdays(writer, line->times[i].weekdays);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
}

static void write_list(struct json_writer *writer, const struct amendment *amendment)
{
    json_write_list(writer, "toedienlijst");
    for (size_t i = 0; i < amendment->list_count; i++) {
        const struct amend_line *line = &amendment->list[i];
        json_write_object(writer, NULL);
        json_write_text(writer, "where", line->loose ? "loose" : "roll");
        json_write_text(writer, "change", amend_change_word(line->change));
        json_write_text(writer, "product", line->product);
        json_write_text(writer, "name", line->name);
        json_write_text(writer, "strength", line->strength);
        json_write_text(writer, "text", line->text);
        json_write_text(writer, "look", line->look);
        write_times(writer, line);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
}

static bool write_amendment(const struct roll *const rolls[2], const struct amendment *amendment,
                            struct rw_arena *arena, struct rw_error *err)
{
    struct rw_text text;
    struct json_writer writer;
    const char *bytes;
    rw_text_init(&text, arena, ANSWER_BYTES_MAX);
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    json_write_text(&writer, "format", "rolwacht/diff/1");
    json_write_text(&writer, "old", rolls[0]->number);
    json_write_text(&writer, "new", rolls[1]->number);
    json_write_text(&writer, "action", amend_action_word(amendment->action));
    if (amendment->from > 0)
        json_write_int(&writer, "from", amendment->from);
    else
        json_write_null(&writer, "from");
    if (amendment->new_first > 0)
        json_write_int(&writer, "new_first", amendment->new_first);
    else
        json_write_null(&writer, "new_first");
    json_write_list(&writer, "superseded");
    for (size_t i = 0; i < amendment->superseded_count; i++)
        json_write_text(&writer, NULL, amendment->superseded[i]);
    json_write_list_end(&writer);
    json_write_object(&writer, "toedienlijst_of"); /* roll and loose lines at one version */
    json_write_text(&writer, "roll", rolls[1]->number);
    json_write_int(&writer, "version", rolls[1]->version);
    json_write_text(&writer, "fingerprint", rolls[1]->fingerprint);
    json_write_object_end(&writer);
    write_list(&writer, amendment);
    json_write_object_end(&writer);
    rw_text_add_char(&text, '\n');
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
            "With two rolls: AT_NEXT_ROLL nothing to do, REPLACE_FROM a bag on, ADD_LOOSE, or\n"
            "REMOVE_BY_PHARMACY whole bags; the serials that no longer count; and the new\n"
            "administration list. FROM and TO are days (both included) or local moments such as\n"
            "2026-11-25T10:00 (TO is not included). NEW is a changed plan that waits.",
        .rows = rows,
    };
    enum options_exit status;
    struct rw_error err = { 0 };
    if (!options_read(&options, argc, argv, &status))
        return (int)status;
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
