/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts a Server-Sent Events stream into events, piece by piece. */
#include "core/net/sse.h"

#include <string.h>

#include "core/base/text.h"

typedef bool on_event_fn(void *self, const char *event, const char *id, const char *text);

static void add_text(struct sse *sse, const char *value)
{
    size_t length = strlen(value);
    if (sse->text_length + length + 2 > sizeof sse->text) {
        sse->broken = true;
        return;
    }
    if (sse->has_text)
        sse->text[sse->text_length++] = '\n';
    memcpy(sse->text + sse->text_length, value, length + 1);
    sse->text_length += length;
    sse->has_text = true;
}

static void take_field(struct sse *sse, const char *name, const char *value)
{
    if (strcmp(name, "data") == 0)
        add_text(sse, value);
    else if (strcmp(name, "event") == 0)
        sse->broken |= !rw_text_copy(sse->event, sizeof sse->event, value);
    else if (strcmp(name, "id") == 0)
        sse->broken |= !rw_text_copy(sse->id, sizeof sse->id, value);
    /* Other fields, and comments (an empty name), say nothing to us. */
}

static bool dispatch(struct sse *sse, on_event_fn *on_event, void *self)
{
    bool go_on = true;
    if (sse->has_text)
        go_on = on_event(self, sse->event[0] != '\0' ? sse->event : "message", sse->id, sse->text);
    sse->event[0] = '\0';
    sse->text[0] = '\0';
    sse->text_length = 0;
    sse->has_text = false;
    return go_on;
}

static bool take_line(struct sse *sse, on_event_fn *on_event, void *self)
{
    sse->line[sse->line_length] = '\0';
    sse->line_length = 0;
    char *line = sse->line;
    if (!sse->begun && rw_text_starts_with(line, "\xEF\xBB\xBF"))
        line += 3;
    sse->begun = true;
    if (line[0] == '\0')
        return dispatch(sse, on_event, self);
    char *value = strchr(line, ':');
    if (value == NULL) {
        take_field(sse, line, "");
        return true;
    }
    *value++ = '\0';
    take_field(sse, line, value[0] == ' ' ? value + 1 : value);
    return true;
}

static bool take_byte(struct sse *sse, char byte, on_event_fn *on_event, void *self)
{
    bool behind_return = sse->after_return;
    sse->after_return = byte == '\r';
    if (byte == '\n' && behind_return)
        return true;
    if (byte == '\n' || byte == '\r')
        return take_line(sse, on_event, self);
    if (sse->line_length + 1 >= sizeof sse->line)
        sse->broken = true;
    else
        sse->line[sse->line_length++] = byte;
    return true;
}

bool sse_read(struct sse *sse, const char *bytes, size_t length,
              bool (*on_event)(void *self, const char *event, const char *id, const char *text),
              void *self)
{
    for (size_t i = 0; i < length; i++) {
        if (sse->broken || !take_byte(sse, bytes[i], on_event, self))
            return false;
    }
    return !sse->broken;
}
