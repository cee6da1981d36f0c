/* SPDX-License-Identifier: Apache-2.0 */
/* Writes and reads one line of a dispenser's journal. */
#include "dispenser/record.h"

#include <string.h>

#include "core/base/crypto.h"
#include "core/base/text.h"
#include "core/json/event_json.h"
#include "core/json/json_read.h"
#include "core/json/json_write.h"

static void write_state(struct json_writer *writer, const struct loop_state *state)
{
    json_write_object(writer, "state");
    json_write_int(writer, "version", state->version);
    json_write_text(writer, "roll", state->roll);
    json_write_int(writer, "roll_version", state->roll_version);
    json_write_bool(writer, "loaded", state->loaded);
    json_write_bool(writer, "paused", state->paused);
    json_write_bool(writer, "jammed", state->jammed);
    json_write_bool(writer, "retrying", state->retrying);
    json_write_bool(writer, "low_told", state->low_told);
    json_write_bool(writer, "on_battery", state->on_battery);
    json_write_int(writer, "next_n", state->next_n);
    json_write_int(writer, "released_last_n", state->released_last_n);
    json_write_int(writer, "due_n", state->due_n);
    json_write_object_end(writer);
}

static void hash_line(const char *bytes, size_t length, char ret_hash[RW_HEX_SHA256_MAX])
{
    uint8_t digest[RW_SHA256_BYTES];
    rw_sha256(bytes, length, digest);
    rw_hex_sha256(digest, ret_hash);
    ret_hash[RECORD_HASH_DIGITS] = '\0';
}

bool record_write(const struct record *record, struct rw_arena *arena, const char **ret_line,
                  size_t *ret_length, struct rw_error *err)
{
    const char *events;
    const char *line;
    size_t events_length;
    if (!event_json_write(record->events, record->count, arena, &events, &events_length, err))
        return false;
    struct rw_text text;
    struct json_writer writer;
    rw_text_init(&text, arena, RECORD_LINE_MAX);
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    write_state(&writer, &record->state);
    json_write_int(&writer, "acknowledged", record->acknowledged);
    json_write_int(&writer, "newest", record->newest);
    json_write_raw(&writer, "batch", events);
    json_write_object_end(&writer);
    if (!rw_text_finish(&text, &line, err))
        return false;
    char hash[RW_HEX_SHA256_MAX];
    hash_line(line, text.length, hash);
    *ret_line = rw_arena_format(arena, err, "%s %s\n", hash, line);
    *ret_length = RECORD_HASH_DIGITS + 1 + text.length + 1;
    return *ret_line != NULL;
}

static bool read_state(const struct json *node, struct loop_state *state, struct rw_error *err)
{
    const char *roll;
    if (!json_int32(node, "version", 0, INT32_MAX, &state->version, err) ||
        !json_text(node, "roll", &roll, err) ||
        !json_int32(node, "roll_version", 0, INT32_MAX, &state->roll_version, err) ||
        !json_bool_or(node, "loaded", false, &state->loaded, err) ||
        !json_bool_or(node, "paused", false, &state->paused, err) ||
        !json_bool_or(node, "jammed", false, &state->jammed, err) ||
        !json_bool_or(node, "retrying", false, &state->retrying, err) ||
        !json_bool_or(node, "low_told", false, &state->low_told, err) ||
        !json_bool_or(node, "on_battery", false, &state->on_battery, err) ||
        !json_int32(node, "next_n", 0, ROLL_BAGS_MAX + 1, &state->next_n, err) ||
        !json_int32(node, "released_last_n", 0, ROLL_BAGS_MAX, &state->released_last_n, err) ||
        !json_int32(node, "due_n", 0, ROLL_BAGS_MAX, &state->due_n, err))
        return false;
    return rw_text_copy(state->roll, sizeof state->roll, roll) ||
           json_refuse(json_member(node, "roll"), "a roll number has nine digits", err);
}

bool record_read(const char *line, size_t length, struct rw_arena *arena, struct record *ret_record,
                 struct rw_error *err)
{
    struct record record = { 0 };
    const struct json *root;
    const struct json *state;
    const struct json *batch;
    struct event *events;
    char hash[RW_HEX_SHA256_MAX];
    if (length <= RECORD_HASH_DIGITS + 1 || line[RECORD_HASH_DIGITS] != ' ')
        return rw_error_set(err, RW_INVALID, "", "a line of the journal is torn");
    size_t json_length = length - RECORD_HASH_DIGITS - 1;
    const char *json = line + RECORD_HASH_DIGITS + 1;
    hash_line(json, json_length, hash);
    if (memcmp(hash, line, RECORD_HASH_DIGITS) != 0)
        return rw_error_set(err, RW_INVALID, "", "a line of the journal is damaged");
    if (!json_parse(arena, json, json_length, &root, err) ||
        !json_object(root, "state", &state, err) || !read_state(state, &record.state, err) ||
        !json_int(root, "acknowledged", 0, EVENT_SEQ_MAX, &record.acknowledged, err) ||
        !json_int(root, "newest", 0, EVENT_SEQ_MAX, &record.newest, err) ||
        !json_object(root, "batch", &batch, err) ||
        !event_json_read_node(batch, arena, &events, &record.count, err))
        return false;
    record.events = events;
    *ret_record = record;
    return true;
}
