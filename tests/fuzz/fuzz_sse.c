/* SPDX-License-Identifier: Apache-2.0 */
/* A stream gives the same events wherever the network cuts it. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/net/sse.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* A sum over all that was heard, in its order. */
static bool hear(void *self, const char *event, const char *id, const char *text)
{
    const char *const words[] = { event, id, text };
    uint64_t *sum = self;
    for (int i = 0; i < 3; i++) {
        for (const char *byte = words[i]; *byte != '\0'; byte++)
            *sum = *sum * 31 + (unsigned char)*byte;
        *sum = *sum * 31 + 1000;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct sse whole;
    static struct sse pieces;
    uint64_t sum_whole = 0;
    uint64_t sum_pieces = 0;
    if (length == 0)
        return 0;
    size_t step = bytes[0] % 7 + 1u;
    const char *stream = (const char *)bytes + 1;
    length--;
    memset(&whole, 0, sizeof whole);
    memset(&pieces, 0, sizeof pieces);
    bool done = sse_read(&whole, stream, length, hear, &sum_whole);
    bool done_pieces = true;
    for (size_t at = 0; at < length && done_pieces; at += step) {
        size_t left = length - at;
        done_pieces = sse_read(&pieces, stream + at, left < step ? left : step, hear, &sum_pieces);
    }
    assert(done == done_pieces && sum_whole == sum_pieces);
    assert(done || whole.broken);
    return 0;
}
