/* SPDX-License-Identifier: Apache-2.0 */
/* Writes one JSON line per event to standard error, in one write. */
#define _POSIX_C_SOURCE 200809L
#include "core/base/log.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/attributes.h"

#define LOG_LINE_MAX 4096 /* PIPE_BUF on Linux: a line of a shared pipe stays whole */
#define LOG_FIELDS_MAX 32

static atomic_int log_level = RW_LOG_NOTE;

static const char *const level_words[] = {
    [RW_LOG_DEBUG] = "debug",
    [RW_LOG_NOTE] = "note",
    [RW_LOG_WARN] = "warn",
    [RW_LOG_FAULT] = "fault",
};
_Static_assert(RW_COUNT(level_words) == RW_LOG_LEVEL_COUNT, "one word each");

/* Room for the closing brace and the newline is never given away. */
struct log_line {
    char bytes[LOG_LINE_MAX];
    size_t length;
};

static void add(struct log_line *line, const char *bytes, size_t length)
{
    if (length > LOG_LINE_MAX - 3 - line->length)
        return;
    memcpy(line->bytes + line->length, bytes, length);
    line->length += length;
}

static void add_escaped(struct log_line *line, const char *text, size_t bytes_max)
{
    for (size_t i = 0; text[i] != '\0' && i < bytes_max; i++) {
        unsigned char byte = (unsigned char)text[i];
        char escape[8];
        int length = byte == '"' || byte == '\\' ? snprintf(escape, sizeof escape, "\\%c", byte)
                     : byte < 0x20               ? snprintf(escape, sizeof escape, "\\u%04x", byte)
                                                 : snprintf(escape, sizeof escape, "%c", byte);
        add(line, escape, (size_t)length);
    }
}

/* A member that would not fit is left out whole, so that the line stays JSON. */
static void add_member(struct log_line *line, const char *key, const char *text)
{
    size_t key_length = strlen(key);
    size_t text_length = strlen(text);
    if ((key_length + text_length) * 6 + 8 > LOG_LINE_MAX - 3 - line->length)
        return;
    add(line, line->length > 1 ? ",\"" : "\"", line->length > 1 ? 2 : 1);
    add_escaped(line, key, key_length);
    add(line, "\":\"", 3);
    add_escaped(line, text, text_length);
    add(line, "\"", 1);
}

void rw_log(const struct rw_clock *clock, enum rw_log_level level, const char *event,
            const struct rw_log_field *fields)
{
    if ((int)level < atomic_load(&log_level))
        return;
    char at[RW_CLOCK_TEXT_MAX];
    rw_clock_write_utc(rw_clock_utc_ms(clock), at);
    struct log_line line = { .bytes = "{", .length = 1 };
    add_member(&line, "at", at);
    add_member(&line, "level", level_words[level]);
    add_member(&line, "event", event);
    for (size_t i = 0; fields != NULL && fields[i].key != NULL && i < LOG_FIELDS_MAX; i++)
        add_member(&line, fields[i].key, fields[i].text != NULL ? fields[i].text : "");
    memcpy(line.bytes + line.length, "}\n", 2);
    line.length += 2;
    /* A log that cannot be written has nowhere to say so. */
    ssize_t written = write(STDERR_FILENO, line.bytes, line.length);
    (void)written;
}

void rw_log_level_set(enum rw_log_level level)
{
    atomic_store(&log_level, (int)level);
}
