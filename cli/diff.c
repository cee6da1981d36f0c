/* SPDX-License-Identifier: Apache-2.0 */
/* rolwacht diff: what must happen to the roll that is out. */
#include <stdio.h>

#include "cli/options.h"
#include "core/base/arena.h"
#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/json/json_write.h"
#include "core/json/roll_json.h"
#include "roll-builder/amend.h"

#define MEMORY_MAX (512 * RW_ARENA_MIB)
#define ANSWER_BYTES_MAX ((size_t)8 * 1024 * 1024)
#define TIME_TEXT_MAX 16

static bool read_roll(const char *path, struct rw_arena *arena, struct roll **ret_roll,
                      struct rw_error *err)
{
    char *bytes;
    size_t length;
    return rw_file_read(path, ROLL_JSON_BYTES_MAX, arena, &bytes, &length, err) &&
           roll_json_read(bytes, length, arena, ret_roll, err);
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
    write_list(&writer, amendment);
    json_write_object_end(&writer);
    rw_text_add_char(&text, '\n');
    return rw_text_finish(&text, &bytes, err) && options_print(bytes, text.length, err);
}

static enum options_exit compare(const struct options *options, struct rw_arena *arena)
{
    struct rw_error err = { 0 };
    struct roll *rolls[2];
    struct amendment *amendment;
    for (int i = 0; i < 2; i++) {
        if (!read_roll(options->arguments[i], arena, &rolls[i], &err))
            return options_fail(options, options->arguments[i], &err);
    }
    const struct roll *const both[2] = { rolls[0], rolls[1] };
    if (!amend_compare(both[0], both[1], arena, &amendment, &err) ||
        !write_amendment(both, amendment, arena, &err))
        return options_fail(options, NULL, &err);
    return OPTIONS_GOOD;
}

int main(int argc, char **argv)
{
    const struct options_row rows[] = { { 0 } };
    struct options options = {
        .program = "rolwacht diff",
        .summary = "Says what must happen to an old roll when a new one is planned.",
        .usage = "OLD.roll.json NEW.roll.json",
        .rows = rows,
    };
    enum options_exit status;
    struct rw_error err = { 0 };
    if (!options_read(&options, argc, argv, &status))
        return (int)status;
    if (options.argument_count != 2) {
        (void)rw_error_set(&err, RW_USAGE, "", "two rolls are needed: the old one and the new one");
        return (int)options_fail(&options, NULL, &err);
    }
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
