/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts a Server-Sent Events stream into events, piece by piece. */
#ifndef RW_CORE_NET_SSE_H
#define RW_CORE_NET_SSE_H

#include <stdbool.h>
#include <stddef.h>

#define SSE_LINE_MAX 8192  /* bytes of one line */
#define SSE_TEXT_MAX 32768 /* bytes of one event's data */
#define SSE_WORD_MAX 128   /* bytes of an event's name or id */

/* HTML Living Standard 9.2. Plain bytes: zero is the start of a stream. A line or text beyond its
 * ceiling breaks the stream: `broken` is then true and nothing more is given. */
struct sse {
    char line[SSE_LINE_MAX];
    size_t line_length;
    bool after_return; /* the last byte was CR, so that an LF behind it belongs to it */
    bool begun;        /* the first line, which may begin with a BOM, is over */
    char event[SSE_WORD_MAX];
    char id[SSE_WORD_MAX]; /* stays until another id comes */
    char text[SSE_TEXT_MAX];
    size_t text_length;
    bool has_text;
    bool broken;
};

/* Reads bytes and calls `on_event` for each whole event ("message" is the name of one without).
 * False when `on_event` said false or the stream is broken. */
bool sse_read(struct sse *sse, const char *bytes, size_t length,
              bool (*on_event)(void *self, const char *event, const char *id, const char *text),
              void *self);

#endif
