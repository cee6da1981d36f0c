/* SPDX-License-Identifier: Apache-2.0 */
/* Unpacks and packs gzip (RFC 1952); the door to zlib. */
#include "core/json/gzip.h"

#include <limits.h>
#include <string.h>

#define ZLIB_CONST
#include <zlib.h>

#define GZIP_WINDOW (15 + 16) /* the largest window, and gzip in place of the zlib format */
#define GZIP_ROOM_MIN ((size_t)4096)

static bool no_gzip(struct rw_error *err)
{
    return rw_error_set(err, RW_INVALID, "", "the bytes are no whole gzip file");
}

static uint8_t *widen(struct rw_arena *arena, const uint8_t *bytes, size_t used, size_t room,
                      struct rw_error *err)
{
    uint8_t *wider = rw_arena_alloc(arena, room, err);
    if (wider != NULL && used > 0)
        memcpy(wider, bytes, used);
    return wider;
}

/* One byte more than `max` is given room, to see whether it would be filled. */
static bool inflate_all(z_stream *stream, size_t max, struct rw_arena *arena, uint8_t **ret_bytes,
                        size_t *ret_length, struct rw_error *err)
{
    uint8_t *bytes = NULL;
    size_t room = 0;
    size_t used = 0;
    int state = Z_OK;
    while (state == Z_OK) {
        if (used == room) {
            room = room < GZIP_ROOM_MIN ? GZIP_ROOM_MIN : room * 2;
            room = room > max ? max + 1 : room;
            bytes = widen(arena, bytes, used, room, err);
            if (bytes == NULL)
                return false;
        }
        stream->next_out = bytes + used;
        stream->avail_out = (uInt)(room - used);
        state = inflate(stream, Z_NO_FLUSH);
        used = room - stream->avail_out;
        if (used > max)
            return rw_error_set(err, RW_TOO_LARGE, "",
                                "the gzip file unpacks to more than %zu bytes", max);
    }
    if (state == Z_MEM_ERROR)
        return rw_error_set(err, RW_NO_MEMORY, "", "unpacking found too little memory");
    if (state != Z_STREAM_END || stream->avail_in != 0)
        return no_gzip(err);
    *ret_bytes = bytes;
    *ret_length = used;
    return true;
}

bool gzip_unpack(const void *bytes, size_t length, size_t max, struct rw_arena *arena,
                 uint8_t **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    if (length > UINT_MAX || max > UINT_MAX / 2)
        return rw_error_set(err, RW_TOO_LARGE, "", "%zu bytes are too many for gzip", length);
    z_stream stream = { .next_in = bytes, .avail_in = (uInt)length };
    if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK)
        return rw_error_set(err, RW_NO_MEMORY, "", "unpacking found too little memory");
    bool done = inflate_all(&stream, max, arena, ret_bytes, ret_length, err);
    (void)inflateEnd(&stream); /* it only frees */
    return done;
}

bool gzip_pack(const void *bytes, size_t length, struct rw_arena *arena, uint8_t **ret_bytes,
               size_t *ret_length, struct rw_error *err)
{
    if (length > UINT_MAX / 2)
        return rw_error_set(err, RW_TOO_LARGE, "", "%zu bytes are too many for gzip", length);
    z_stream stream = { .next_in = bytes, .avail_in = (uInt)length };
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return rw_error_set(err, RW_NO_MEMORY, "", "packing found too little memory");
    size_t room = deflateBound(&stream, length);
    uint8_t *packed = rw_arena_alloc(arena, room, err);
    stream.next_out = packed;
    stream.avail_out = (uInt)room;
    bool done = packed != NULL && (deflate(&stream, Z_FINISH) == Z_STREAM_END ||
                                   rw_error_set(err, RW_BUG, "", "gzip outgrew its own bound"));
    (void)deflateEnd(&stream); /* it only frees */
    if (!done)
        return false;
    *ret_bytes = packed;
    *ret_length = room - stream.avail_out;
    return true;
}
