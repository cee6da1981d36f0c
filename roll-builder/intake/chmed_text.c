/* SPDX-License-Identifier: Apache-2.0 */
/* Unwraps an eMediplan: prefix, version, chunks, base64, gzip. */
#include "roll-builder/intake/chmed_text.h"

#include <string.h>

#include "core/base/crypto.h"
#include "core/base/text.h"
#include "core/json/gzip.h"

#define PREFIX "CHMED"
#define ADDRESS \
    "HTTPS://"        /* of the service that signed a prescription: the document stands behind # */
#define HEAD_LENGTH 8 /* "CHMED16A" */

/* Spaces and line ends at both sides are no part of the text. */
static bool is_space(char one)
{
    return one == ' ' || one == '\t' || one == '\r' || one == '\n';
}

static bool starts_with(const char *bytes, size_t length, const char *start)
{
    size_t count = strlen(start);
    if (length < count)
        return false;
    for (size_t i = 0; i < count; i++) {
        char one = bytes[i];
        if (one >= 'a' && one <= 'z')
            one = (char)(one - 'a' + 'A');
        if (one != start[i])
            return false;
    }
    return true;
}

static bool is_document(const char *bytes, size_t length)
{
    size_t count = strlen(PREFIX);
    return starts_with(bytes, length, PREFIX) && length > count && bytes[count] >= '0' &&
           bytes[count] <= '9';
}

/* Cuts an address down to the document in it; what stands behind & is about the signature. */
static bool cut_address(const char **bytes, size_t *length)
{
    if (!starts_with(*bytes, *length, ADDRESS))
        return false;
    const char *mark = memchr(*bytes, '#', *length);
    if (mark == NULL)
        return false;
    const size_t rest = *length - (size_t)(mark + 1 - *bytes);
    const char *more = memchr(mark + 1, '&', rest);
    *bytes = mark + 1;
    *length = more == NULL ? rest : (size_t)(more - *bytes);
    return true;
}

bool chmed_text_is_signed(const char *bytes, size_t length)
{
    return cut_address(&bytes, &length) && is_document(bytes, length);
}

bool chmed_text_is(const char *bytes, size_t length)
{
    return is_document(bytes, length) || chmed_text_is_signed(bytes, length);
}

static bool unpack(const char *packed, size_t length, struct rw_arena *arena, const char **ret_json,
                   size_t *ret_length, struct rw_error *err)
{
    uint8_t *zipped;
    size_t zipped_length;
    uint8_t *json;
    const char *text = rw_arena_text_n(arena, packed, length, err);
    if (text == NULL || !rw_base64_decode(arena, text, &zipped, &zipped_length, err) ||
        !gzip_unpack(zipped, zipped_length, CHMED_UNPACKED_MAX, arena, &json, ret_length, err))
        return false;
    *ret_json = (const char *)json;
    return true;
}

/* CHMED16A0{json} or CHMED16A1 and the packed JSON. */
static bool unwrap_16(const char *bytes, size_t length, struct rw_arena *arena,
                      const char **ret_json, size_t *ret_length, struct rw_error *err)
{
    char packing = length > HEAD_LENGTH ? bytes[HEAD_LENGTH] : ' ';
    const char *rest = bytes + HEAD_LENGTH + 1;
    if (packing == '1')
        return unpack(rest, length - HEAD_LENGTH - 1, arena, ret_json, ret_length, err);
    if (packing != '0')
        return rw_error_set(err, RW_INVALID, "",
                            "after CHMED16A stands neither 0 (plain) nor 1 (packed)");
    *ret_json = rest;
    *ret_length = length - HEAD_LENGTH - 1;
    return true;
}

/* One of the parts of a CHMED23 document. */
struct chunk {
    int64_t index;
    int64_t total;
    const char *data;
    size_t length;
};

/* Digits up to a separator; false when none stand there. */
static bool take_number(const char **at, const char *end, char separator, int64_t *ret_number)
{
    int64_t number = 0;
    const char *first = *at;
    while (*at < end && **at >= '0' && **at <= '9' && *at - first < 4)
        number = number * 10 + (*(*at)++ - '0');
    if (*at == first || *at == end || **at != separator || number == 0)
        return false;
    (*at)++;
    *ret_number = number;
    return true;
}

/* CHMED23A.{data} or CHMED23A.{index}/{total}.{data} */
static bool read_chunk(const char *bytes, size_t length, struct chunk *ret_chunk,
                       struct rw_error *err)
{
    const char *at = bytes + HEAD_LENGTH;
    const char *end = bytes + length;
    struct chunk chunk = { .index = 1, .total = 1 };
    if (at == end || *at != '.')
        return rw_error_set(err, RW_INVALID, "", "after CHMED23A stands no full stop");
    const char *rest = ++at;
    if (take_number(&rest, end, '/', &chunk.index)) {
        if (!take_number(&rest, end, '.', &chunk.total) || chunk.total < 2 ||
            chunk.total > CHMED_CHUNKS_MAX || chunk.index > chunk.total)
            return rw_error_set(err, RW_INVALID, "",
                                "a part of the eMediplan is not numbered well");
        at = rest;
    }
    chunk.data = at;
    chunk.length = (size_t)(end - at);
    *ret_chunk = chunk;
    return true;
}

/* The text up to the next white space; moves on behind it. */
static size_t take_word(const char **at, const char *end)
{
    const char *start = *at;
    while (*at < end && !is_space(**at))
        (*at)++;
    size_t length = (size_t)(*at - start);
    while (*at < end && is_space(**at))
        (*at)++;
    return length;
}

static bool join(const struct chunk *chunks, int64_t total, struct rw_arena *arena,
                 const char **ret_text, size_t *ret_length, struct rw_error *err)
{
    struct rw_text text;
    rw_text_init(&text, arena, CHMED_UNPACKED_MAX);
    for (int64_t i = 0; i < total; i++) {
        if (chunks[i].data == NULL)
            return rw_error_set(err, RW_INVALID, "", "part %d of %d of the eMediplan is missing",
                                (int)i + 1, (int)total);
        rw_text_add_n(&text, chunks[i].data, chunks[i].length);
    }
    *ret_length = text.length;
    return rw_text_finish(&text, ret_text, err);
}

static bool unwrap_23(const char *bytes, size_t length, struct rw_arena *arena,
                      const char **ret_json, size_t *ret_length, struct rw_error *err)
{
    struct chunk chunks[CHMED_CHUNKS_MAX] = { 0 };
    const char *at = bytes;
    int64_t total = 0;
    while (at < bytes + length) {
        struct chunk chunk;
        const char *start = at;
        size_t count = take_word(&at, bytes + length);
        if (!starts_with(start, count, "CHMED23A"))
            return rw_error_set(err, RW_INVALID, "", "a part of the eMediplan is no CHMED23A");
        if (!read_chunk(start, count, &chunk, err))
            return false;
        if ((total != 0 && chunk.total != total) || chunks[chunk.index - 1].data != NULL)
            return rw_error_set(err, RW_INVALID, "",
                                "the parts of the eMediplan do not belong together");
        total = chunk.total;
        chunks[chunk.index - 1] = chunk;
    }
    const char *packed;
    size_t packed_length = 0;
    return join(chunks, total, arena, &packed, &packed_length, err) &&
           unpack(packed, packed_length, arena, ret_json, ret_length, err);
}

bool chmed_text_unwrap(const char *bytes, size_t length, struct rw_arena *arena,
                       const char **ret_json, size_t *ret_length, int *ret_year,
                       struct rw_error *err)
{
    while (length > 0 && is_space(bytes[length - 1]))
        length--;
    (void)cut_address(&bytes, &length); /* false: the document itself */
    if (starts_with(bytes, length, "CHMED16A")) {
        *ret_year = 16;
        return unwrap_16(bytes, length, arena, ret_json, ret_length, err);
    }
    if (starts_with(bytes, length, "CHMED23A")) {
        *ret_year = 23;
        return unwrap_23(bytes, length, arena, ret_json, ret_length, err);
    }
    return rw_error_set(err, RW_INVALID, "",
                        "of eMediplans only CHMED16A and CHMED23A can be read");
}
