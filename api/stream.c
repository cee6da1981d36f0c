/* SPDX-License-Identifier: Apache-2.0 */
/* Tells newer versions as an event stream (HTML Living Standard 9.2). */
#include "api/stream.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

#define BEAT_MS 25000  /* a silent connection is taken for a dead one by much between us */
#define AGE_MS 1800000 /* then it ends, and who comes back is checked anew */

/* A newer version, else a comment that shows that we are here. */
static void write_beat(struct stream *stream, int64_t version)
{
    int length;
    if (version > stream->sent) {
        stream->sent = version;
        length =
            snprintf(stream->text, sizeof stream->text,
                     "event: schedule\nid: %" PRId64 "\ndata: %" PRId64 "\n\n", version, version);
    } else {
        length = snprintf(stream->text, sizeof stream->text, ": here\n\n");
    }
    assert(length > 0 && (size_t)length < sizeof stream->text);
    stream->length = (size_t)length;
    stream->given = 0;
}

void stream_start(struct stream *stream, const char *key, int64_t version)
{
    stream->ends_ms = rw_clock_monotonic_ms(&stream->clock) + AGE_MS;
    stream->waiter =
        (struct waiter){ .version = version, .self = stream->connection, .resume = stream->resume };
    (void)rw_text_copy(stream->waiter.key, sizeof stream->waiter.key, key);
    write_beat(stream, version);
}

static int64_t give(struct stream *stream, char *room, size_t room_size)
{
    size_t part = stream->length - stream->given;
    part = part < room_size ? part : room_size;
    memcpy(room, stream->text + stream->given, part);
    stream->given += part;
    return (int64_t)part;
}

int64_t stream_read(struct stream *stream, char *room, size_t room_size)
{
    int64_t now_ms = rw_clock_monotonic_ms(&stream->clock);
    int64_t given = give(stream, room, room_size);
    if (given == 0 && stream->resumed) {
        if (stream->waiter.ended || now_ms >= stream->ends_ms)
            return -1;
        stream->resumed = false;
        write_beat(stream, stream->waiter.version);
        given = give(stream, room, room_size);
    }
    if (given > 0)
        return given;
    stream->resumed = true;
    stream->waiter.deadline_ms = now_ms + BEAT_MS;
    stream->suspend(stream->connection);
    if (!waiters_add(stream->waiters, &stream->waiter))
        stream->resume(stream->connection);
    return 0;
}
