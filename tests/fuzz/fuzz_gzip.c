/* SPDX-License-Identifier: Apache-2.0 */
/* Unpacking never gives more than its ceiling; packing is undone. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/json/gzip.h"

enum { FUZZ_UNPACKED_MAX = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct rw_arena *arena = rw_arena_open(16 * RW_ARENA_MIB);
    struct rw_error err = { 0 };
    uint8_t *result = NULL;
    size_t result_length = 0;
    if (gzip_unpack(bytes, length, FUZZ_UNPACKED_MAX, arena, &result, &result_length, &err))
        assert(result_length <= FUZZ_UNPACKED_MAX);
    else
        assert(err.code != RW_OK);

    struct rw_error pack_err = { 0 };
    uint8_t *packed = NULL;
    size_t packed_length = 0;
    bool done = gzip_pack(bytes, length, arena, &packed, &packed_length, &pack_err);
    assert(done);
    done =
        gzip_unpack(packed, packed_length, length + 1, arena, &result, &result_length, &pack_err);
    assert(done && result_length == length);
    assert(length == 0 || memcmp(result, bytes, length) == 0);
    rw_arena_close(arena);
    return 0;
}
