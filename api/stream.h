/* SPDX-License-Identifier: Apache-2.0 */
/* Tells newer versions as an event stream (HTML Living Standard 9.2). */
#ifndef RW_API_STREAM_H
#define RW_API_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/waiters.h"
#include "core/base/clock.h"

/* A stream between two reads either has bytes to give or waits in the table of waiters. */
struct stream {
    struct rw_clock clock;
    struct waiters *waiters;
    void *connection;
    void (*suspend)(void *connection);
    void (*resume)(void *connection);
    struct waiter waiter;
    int64_t sent; /* the version told last */
    int64_t ends_ms;
    bool resumed;
    char text[96];
    size_t length;
    size_t given;
};

/* The members up to `resume` are set. The version that holds now is told first, if there is one. */
void stream_start(struct stream *stream, const char *key, int64_t version);
/* Bytes given; 0 = suspended until there is something; -1 = the stream ends. */
int64_t stream_read(struct stream *stream, char *room, size_t room_size);

#endif
