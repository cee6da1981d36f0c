/* SPDX-License-Identifier: Apache-2.0 */
/* Reads and writes batches of dispenser events. */
#include "core/json/event_json.h"

#include <assert.h>
#include <string.h>

#include "core/base/text.h"
#include "core/json/json_read.h"
#include "core/json/json_time.h"
#include "core/json/json_write.h"

#define EVENT_JSON_BYTES_MAX ((size_t)256 * 1024) /* the service reads no larger body */

static void write_event(struct json_writer *writer, const struct event *event)
{
    json_write_object(writer, NULL);
    json_write_text(writer, "id", event->id);
    json_write_int(writer, "seq", event->seq);
    json_time_write_utc(writer, "at", event->at_utc_ms);
    json_write_text(writer, "type", event_type_word(event->type));
    if (event->serial[0] != '\0')
        json_write_text(writer, "serial", event->serial);
    if (event->cause != EVENT_CAUSE_NONE)
        json_write_text(writer, "cause", event_cause_word(event->cause));
    json_write_object_end(writer);
}

bool event_json_write(const struct event *events, size_t count, struct rw_arena *arena,
                      const char **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    assert(count <= EVENT_BATCH_MAX);
    struct rw_text text;
    rw_text_init(&text, arena, EVENT_JSON_BYTES_MAX);
    struct json_writer writer;
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    json_write_list(&writer, "events");
    for (size_t i = 0; i < count; i++) {
        assert(i == 0 || events[i].seq == events[i - 1].seq + 1);
        write_event(&writer, &events[i]);
    }
    json_write_list_end(&writer);
    json_write_object_end(&writer);
    if (!rw_text_finish(&text, ret_bytes, err))
        return false;
    *ret_length = text.length;
    return true;
}

/* 8-4-4-4-12 hexadecimal digits (RFC 9562). */
static bool is_uuid(const char *text)
{
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (strlen(text) != strlen(shape))
        return false;
    for (size_t i = 0; shape[i] != '\0'; i++) {
        bool fits =
            shape[i] == '-' ? text[i] == '-' : strchr("0123456789abcdefABCDEF", text[i]) != NULL;
        if (!fits)
            return false;
    }
    return true;
}

static bool read_words(const struct json *node, struct event *event, struct rw_error *err)
{
    const char *type;
    const char *cause;
    if (!json_text(node, "type", &type, err) || !json_text_or(node, "cause", NULL, &cause, err))
        return false;
    if (!event_type_from_word(type, &event->type))
        return json_refuse(json_member(node, "type"), "no event has this type", err);
    if (cause != NULL &&
        (!event_cause_from_word(cause, &event->cause) || event->cause == EVENT_CAUSE_NONE))
        return json_refuse(json_member(node, "cause"),
                           "the cause is scheduled, early, manual or retry", err);
    if ((event->type == EVENT_RELEASED) != (cause != NULL))
        return json_refuse(node, "a released bag has a cause, and nothing else has one", err);
    return true;
}

static bool read_event(const struct json *node, struct event *event, struct rw_error *err)
{
    const char *id;
    const char *serial;
    if (!json_text(node, "id", &id, err) ||
        !json_int(node, "seq", 1, EVENT_SEQ_MAX, &event->seq, err) ||
        !json_time_utc(node, "at", &event->at_utc_ms, err) || !read_words(node, event, err) ||
        !json_text_or(node, "serial", NULL, &serial, err))
        return false;
    if (!is_uuid(id))
        return json_refuse(json_member(node, "id"), "the id is no UUID", err);
    memcpy(event->id, id, sizeof event->id);
    if (serial == NULL)
        return event->type != EVENT_RELEASED ||
               json_refuse(node, "a released bag has a serial", err);
    if (!json_time_digits(node, "serial", sizeof event->serial - 1, &serial, err))
        return false;
    memcpy(event->serial, serial, sizeof event->serial);
    return true;
}

bool event_json_read(const char *bytes, size_t length, struct rw_arena *arena,
                     struct event **ret_events, size_t *ret_count, struct rw_error *err)
{
    const struct json *root;
    if (length > EVENT_JSON_BYTES_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "a batch of %zu bytes is too large", length);
    return json_parse(arena, bytes, length, &root, err) &&
           event_json_read_node(root, arena, ret_events, ret_count, err);
}

bool event_json_read_node(const struct json *root, struct rw_arena *arena,
                          struct event **ret_events, size_t *ret_count, struct rw_error *err)
{
    const struct json *list;
    if (!json_list(root, "events", &list, err))
        return false;
    if (list->count > EVENT_BATCH_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "/events", "a batch holds at most %d events",
                            EVENT_BATCH_MAX);
    struct event *events = rw_arena_array(arena, (size_t)list->count, sizeof *events, err);
    if (events == NULL)
        return false;
    size_t count = 0;
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        if (!read_event(node, &events[count], err))
            return false;
        if (count > 0 && events[count].seq != events[count - 1].seq + 1)
            return json_refuse(json_member(node, "seq"), "seq does not rise by one", err);
        count++;
    }
    *ret_events = events;
    *ret_count = count;
    return true;
}
