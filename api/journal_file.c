/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the journal as a file, and checks one without a database. */
#include "api/journal_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "api/seal.h"

#define ARENA_MAX (16 * RW_ARENA_MIB)

/* A file being read; what the last line said lives in `line_arena`. */
struct reading {
    const struct keyring *keys;
    struct keyring own; /* of the file */
    struct rw_arena *arena;
    struct rw_arena *line_arena;
    struct journal_report report;
    long long number; /* of the line */
    bool has_head;
};

void journal_file_add_head(struct rw_text *text, const char *pharmacy, const struct keyring *keys)
{
    struct json_writer json;
    json_write_init(&json, text);
    json_write_object(&json, NULL);
    json_write_text(&json, "format", JOURNAL_FILE_FORMAT);
    json_write_text(&json, "pharmacy", pharmacy);
    keyring_write(key_files_journal.ring, keys, "keys", &json);
    json_write_object_end(&json);
    rw_text_add_char(text, '\n');
}

void journal_file_add_row(struct rw_text *text, const struct journal_sealed *sealed)
{
    const struct chain_row *row = &sealed->row;
    struct json_writer json;
    json_write_init(&json, text);
    json_write_object(&json, NULL);
    json_write_int(&json, "seq", sealed->seq);
    json_write_text(&json, "hash", sealed->hash);
    json_write_text(&json, "id", row->id);
    json_write_int(&json, "at_ms", row->at_ms);
    json_write_text(&json, "actor", row->actor);
    json_write_text(&json, "role", row->role);
    json_write_text(&json, "action", row->action);
    json_write_text(&json, "object_type", row->object_type);
    json_write_text(&json, "object_id", row->object_id);
    json_write_text(&json, "client", row->client);
    json_write_text(&json, "detail", row->detail);
    json_write_text(&json, "source", row->source);
    json_write_object_end(&json);
    rw_text_add_char(text, '\n');
}

void journal_file_add_checkpoint(struct rw_text *text, const char *signed_head)
{
    struct json_writer json;
    json_write_init(&json, text);
    json_write_object(&json, NULL);
    json_write_text(&json, "checkpoint", signed_head);
    json_write_object_end(&json);
    rw_text_add_char(text, '\n');
}

static bool read_row(const struct json *root, struct journal_sealed *ret, struct rw_error *err)
{
    static const char *const names[] = { "seq",    "hash",   "id",     "at_ms",       "actor",
                                         "role",   "action", "client", "object_type", "object_id",
                                         "detail", "source", NULL };
    struct chain_row *row = &ret->row;
    return json_only(root, names, err) && json_int(root, "seq", 1, INT64_MAX, &ret->seq, err) &&
           json_text(root, "hash", &ret->hash, err) && json_text(root, "id", &row->id, err) &&
           json_int(root, "at_ms", 0, INT64_MAX, &row->at_ms, err) &&
           json_text(root, "actor", &row->actor, err) && json_text(root, "role", &row->role, err) &&
           json_text(root, "action", &row->action, err) &&
           json_text(root, "object_type", &row->object_type, err) &&
           json_text(root, "object_id", &row->object_id, err) &&
           json_text(root, "client", &row->client, err) &&
           json_text(root, "detail", &row->detail, err) &&
           json_text(root, "source", &row->source, err);
}

static void find_broken(struct reading *reading, int64_t seq, const char *why)
{
    reading->report.broken = seq;
    (void)rw_text_copy(reading->report.why, sizeof reading->report.why, why);
}

/* Its rows must have come just before. */
static bool take_checkpoint(struct reading *reading, const struct json *root, struct rw_error *err)
{
    struct rw_error unsigned_err = { 0 };
    struct seal_end end;
    const char *text = NULL;
    struct journal_report *report = &reading->report;
    if (!json_text(root, "checkpoint", &text, err))
        return false;
    if (!seal_open(reading->keys, text, reading->line_arena, &end, &unsigned_err)) {
        find_broken(reading, report->head.seq + 1, "a signature is not one of the keys'");
        return true;
    }
    if (end.head.seq != report->head.seq || !rw_text_equal(end.head.hash, report->head.hash)) {
        find_broken(reading, end.head.seq, "the chain does not pass through a checkpoint");
        return true;
    }
    report->checkpoints++;
    report->signed_to = end.head.seq;
    return true;
}

/* A list that was handed out before the last keys were made vouches for these as well: each is
 * introduced by the one before. */
static bool extends(const struct keyring *longer, const struct keyring *keys)
{
    if (longer->count < keys->count)
        return false;
    for (size_t i = 0; i < keys->count; i++) {
        if (!rw_text_equal(longer->keys[i].kid, keys->keys[i].kid) ||
            longer->keys[i].from_ms != keys->keys[i].from_ms)
            return false;
    }
    return true;
}

static bool take_head(struct reading *reading, const struct json *root, struct rw_error *err)
{
    const struct json *keys = NULL;
    if (!json_format_is(root, JOURNAL_FILE_FORMAT, err) || !json_object(root, "keys", &keys, err) ||
        !keyring_take(key_files_journal.ring, keys, reading->arena, &reading->own, err))
        return false;
    reading->has_head = true;
    if (!reading->keys || extends(&reading->own, reading->keys))
        reading->keys = &reading->own;
    return true;
}

static bool take_line(struct reading *reading, const char *line, size_t length,
                      struct rw_error *err)
{
    const struct json *root = NULL;
    struct journal_sealed sealed;
    rw_arena_reset(reading->line_arena);
    if (!reading->has_head) { /* its keys stay */
        return json_parse(reading->arena, line, length, &root, err) &&
               take_head(reading, root, err);
    }
    if (!json_parse(reading->line_arena, line, length, &root, err))
        return false;
    if (json_member(root, "checkpoint"))
        return take_checkpoint(reading, root, err);
    if (!read_row(root, &sealed, err))
        return false;
    journal_follow(&reading->report, &sealed);
    return true;
}

static bool read_lines(struct reading *reading, FILE *file, char *line, struct rw_error *err)
{
    while (reading->report.broken == 0 && fgets(line, JOURNAL_FILE_LINE_MAX, file)) {
        struct rw_error cause = { 0 };
        size_t length = strlen(line);
        reading->number++;
        if (length == 0 || line[length - 1] != '\n')
            return rw_error_set(err, RW_UNREADABLE, "", "line %lld is too long or cut off",
                                reading->number);
        if (!take_line(reading, line, length, &cause))
            return rw_error_set(err, RW_UNREADABLE, cause.at, "line %lld: %.300s", reading->number,
                                cause.text);
    }
    const struct journal_report *report = &reading->report;
    if (report->broken == 0 && report->head.seq > report->signed_to)
        find_broken(reading, report->signed_to + 1, "no signature vouches for the rows from here");
    if (ferror(file))
        return rw_error_set(err, RW_UNREADABLE, "", "could not read on behind line %lld",
                            reading->number);
    return reading->has_head || rw_error_set(err, RW_UNREADABLE, "", "the file is empty");
}

bool journal_file_check(const char *path, const struct keyring *keys,
                        struct journal_report *ret_report, struct rw_error *err)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return rw_error_set(err, RW_UNREADABLE, "", "could not open \"%.256s\": %s", path,
                            strerror(errno));
    struct reading reading = { .keys = keys,
                               .arena = rw_arena_open(ARENA_MAX),
                               .line_arena = rw_arena_open(ARENA_MAX) };
    bool done = reading.arena && reading.line_arena;
    char *line = done ? rw_arena_alloc(reading.arena, JOURNAL_FILE_LINE_MAX, err) : NULL;
    journal_begin(&reading.report);
    if (!line)
        done = rw_error_set(err, RW_NO_MEMORY, "", "no memory to check the journal");
    done = done && read_lines(&reading, file, line, err);
    (void)fclose(file); /* nothing was written */
    rw_arena_close(reading.arena);
    rw_arena_close(reading.line_arena);
    if (done)
        *ret_report = reading.report;
    return done;
}
