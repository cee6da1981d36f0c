/* SPDX-License-Identifier: Apache-2.0 */
/* Tells newer versions as an event stream (HTML Living Standard 9.2). */
#ifndef RW_API_STREAM_H
#define RW_API_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/waiters.h"
#include "core/base/clock.h"
#include "core/base/crypto.h"

#define STREAM_TEXT_MAX 96 /* one event */

/* What a stream needs of its connection. `tell` sends bytes, all or none, while the connection is
 * suspended; it does not wait, and false means that the connection is of no more use. */
struct stream_port {
    void *self;
    bool (*tell)(void *self, const char *bytes, size_t length);
    void (*suspend)(void *self);
    void (*resume)(void *self);
};

/* Gives one event when it is first read and is suspended by the next reading. What comes then is
 * told past the one who reads, who is asked again only at the end: so a stream costs nothing but
 * what it is told, however many others are held. */
struct stream {
    struct rw_clock clock;
    struct waiters *waiters;
    struct stream_port port;
    struct waiter waiter;
    char owner[RW_HEX_SHA256_MAX]; /* of the waiter; "" = a machine's, whose key says it */
    int64_t sent;                  /* the version told last */
    int64_t ends_ms;
    bool chunked; /* each piece has its length before it (RFC 9112 section 7.1) */
    bool begun;
    bool suspended;
};

/* The members up to `port`, `owner` and `chunked` are set. The version that holds now is told
 * first, if there is one. */
void stream_start(struct stream *stream, const char *key, int64_t version);
/* Bytes given to a room of STREAM_TEXT_MAX at least; 0 = suspended; -1 = the stream ends. */
int64_t stream_read(struct stream *stream, char *room, size_t room_size);

#endif
