/* SPDX-License-Identifier: Apache-2.0 */
/* What rolwacht serve does with journal and keys alone. */
#include "cli/serve_journal.h"

#include <string.h>

#include "api/journal_file.h"
#include "api/key_files.h"
#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "core/base/file.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define PRINTED_MAX 4096
#define MEMORY (16 * RW_ARENA_MIB)

static enum options_exit print(const struct options *options, const struct rw_text *text,
                               enum options_exit status)
{
    struct rw_error err = { 0 };
    const char *line = NULL;
    return rw_text_finish(text, &line, &err) && options_print(line, text->length, &err)
               ? status
               : options_fail(options, NULL, &err);
}

enum options_exit serve_journal_print(const struct options *options,
                                      const struct journal_report *report)
{
    struct rw_text text;
    struct json_writer json;
    struct rw_arena *arena = rw_arena_open(MEMORY);
    rw_text_init(&text, arena, PRINTED_MAX);
    json_write_init(&json, &text);
    json_write_object(&json, NULL);
    json_write_bool(&json, "whole", report->broken == 0);
    json_write_int(&json, "checked", report->checked);
    json_write_int(&json, "unsealed", report->unsealed);
    json_write_int(&json, "checkpoints", report->checkpoints);
    json_write_int(&json, "signed_to", report->signed_to);
    if (report->broken > 0) {
        json_write_int(&json, "broken", report->broken);
        json_write_text(&json, "why", report->why);
    }
    json_write_text(&json, "head", report->head.hash);
    json_write_object_end(&json);
    rw_text_add_char(&text, '\n');
    enum options_exit status =
        print(options, &text, report->broken == 0 ? OPTIONS_GOOD : OPTIONS_NOT_GOOD);
    rw_arena_close(arena);
    return status;
}

static bool check_file(const struct serve_journal *journal, const char *folder,
                       struct rw_arena *arena, struct journal_report *ret_report,
                       struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    struct keyring keys;
    const char *trusted = journal->keys;
    if (!trusted) {
        if (!rw_file_join(path, folder, key_files_journal.list, err))
            return false;
        trusted = path;
    }
    return key_files_read(&key_files_journal, trusted, arena, &keys, err) &&
           journal_file_check(journal->file, &keys, ret_report, err);
}

static bool rotate(const struct serve_journal *journal, const char *folder, struct rw_arena *arena,
                   struct rw_text *text, struct rw_error *err)
{
    const struct rw_clock clock = rw_clock_system();
    struct keyring_key key;
    struct json_writer json;
    char from[RW_CLOCK_TEXT_MAX];
    int64_t now_ms = rw_clock_utc_ms(&clock);
    int64_t from_ms = now_ms + KEY_FILES_DELAY_MS + journal->rotate_days * DAY_MS;
    const struct key_files *files =
        journal->rotate_schedule ? &key_files_schedule : &key_files_journal;
    if (!key_files_rotate(files, folder, now_ms, from_ms, arena, &key, err))
        return false;
    rw_clock_write_utc(key.from_ms, from);
    json_write_init(&json, text);
    json_write_object(&json, NULL);
    json_write_text(&json, "kid", key.kid);
    json_write_text(&json, "from", from);
    json_write_object_end(&json);
    rw_text_add_char(text, '\n');
    return true;
}

static bool find_keys(const char *state, char ret_folder[RW_FILE_PATH_MAX], struct rw_error *err)
{
    char folder[RW_FILE_PATH_MAX];
    return options_state_folder(state, folder, sizeof folder, err) &&
           rw_file_join(ret_folder, folder, "keys", err);
}

enum options_exit serve_journal_run(const struct options *options,
                                    const struct serve_journal *journal, const char *state)
{
    struct rw_error err = { 0 };
    struct journal_report report;
    struct rw_text text;
    char folder[RW_FILE_PATH_MAX];
    enum options_exit status = OPTIONS_GOOD;
    bool makes_key = journal->rotate || journal->rotate_schedule;
    struct rw_arena *arena = rw_arena_open(MEMORY);
    rw_text_init(&text, arena, PRINTED_MAX);
    if (!arena)
        (void)rw_error_set(&err, RW_NO_MEMORY, "", "no memory to start with");
    if (err.code != RW_OK || !rw_crypto_init(&err) ||
        ((makes_key || !journal->keys) && !find_keys(state, folder, &err)) ||
        !(makes_key ? rotate(journal, folder, arena, &text, &err)
                    : check_file(journal, folder, arena, &report, &err)))
        status = options_fail(options, journal->file, &err);
    else if (makes_key)
        status = print(options, &text, OPTIONS_GOOD);
    else
        status = serve_journal_print(options, &report);
    rw_arena_close(arena);
    return status;
}
