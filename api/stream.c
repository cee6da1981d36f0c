/* SPDX-License-Identifier: Apache-2.0 */
/* Tells newer versions as an event stream (HTML Living Standard 9.2). */
#include "api/stream.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

#define BEAT_MS 25000  /* a silent connection is taken for a dead one by much between us */
#define CHUNK_EXTRA 8  /* bytes of a length below 256, and of its ends of lines */
#define AGE_MS 1800000 /* then it ends, and who comes back is checked anew */

/* A newer version, else a comment that shows that we are here. */
static size_t write_beat(struct stream *stream, char room[STREAM_TEXT_MAX])
{
    int64_t version = stream->waiter.version;
    int length;
    if (version > stream->sent) {
        stream->sent = version;
        length =
            snprintf(room, STREAM_TEXT_MAX,
                     "event: schedule\nid: %" PRId64 "\ndata: %" PRId64 "\n\n", version, version);
    } else {
        length = snprintf(room, STREAM_TEXT_MAX, ": here\n\n");
    }
    assert(length > 0 && length < STREAM_TEXT_MAX);
    return (size_t)length;
}

/* A new version leaves the beat where it is: who was told together does not beat together. */
static bool tell(void *self)
{
    struct stream *stream = self;
    char text[STREAM_TEXT_MAX];
    char piece[STREAM_TEXT_MAX + CHUNK_EXTRA];
    int64_t now_ms = rw_clock_monotonic_ms(&stream->clock);
    if (now_ms >= stream->ends_ms)
        return false;
    if (now_ms >= stream->waiter.deadline_ms)
        stream->waiter.deadline_ms = now_ms + BEAT_MS;
    size_t length = write_beat(stream, text);
    if (!stream->chunked)
        return stream->port.tell(stream->port.self, text, length);
    int whole = snprintf(piece, sizeof piece, "%zx\r\n%.*s\r\n", length, (int)length, text);
    assert(whole > 0 && (size_t)whole < sizeof piece);
    return stream->port.tell(stream->port.self, piece, (size_t)whole);
}

static void resume(void *self)
{
    const struct stream *stream = self;
    stream->port.resume(stream->port.self);
}

void stream_start(struct stream *stream, const char *key, int64_t version)
{
    stream->ends_ms = rw_clock_monotonic_ms(&stream->clock) + AGE_MS;
    stream->waiter =
        (struct waiter){ .version = version, .self = stream, .tell = tell, .resume = resume };
    stream->waiter.owner = stream->owner[0] ? stream->owner : NULL;
    (void)rw_text_copy(stream->waiter.key, sizeof stream->waiter.key, key);
}

int64_t stream_read(struct stream *stream, char *room, size_t room_size)
{
    assert(room_size >= STREAM_TEXT_MAX);
    if (!stream->begun) {
        stream->begun = true;
        return (int64_t)write_beat(stream, room);
    }
    if (stream->suspended)
        return -1;
    stream->suspended = true;
    stream->waiter.deadline_ms = rw_clock_monotonic_ms(&stream->clock) + BEAT_MS;
    stream->port.suspend(stream->port.self);
    if (!waiters_add(stream->waiters, &stream->waiter))
        resume(stream);
    return 0;
}
