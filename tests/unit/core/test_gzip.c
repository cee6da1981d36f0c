/* SPDX-License-Identifier: Apache-2.0 */
/* Packs, unpacks, and refuses bombs and torn files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/json/gzip.h"
#include "tests/support/fixture.h"

static void what_was_packed_is_unpacked(void **state)
{
    static uint8_t bytes[100000];
    struct rw_error err = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * i >> 3);
    for (size_t length = 0; length <= sizeof bytes; length = length * 7 + 1) {
        uint8_t *packed;
        uint8_t *again;
        size_t packed_length;
        size_t again_length;
        assert_true(gzip_pack(bytes, length, arena, &packed, &packed_length, &err));
        assert_true(gzip_unpack(packed, packed_length, length, arena, &again, &again_length, &err));
        assert_int_equal(again_length, length);
        assert_memory_equal(again, bytes, length);
    }
}

static void a_bomb_is_refused(void **state)
{
    static uint8_t zeros[1000000];
    struct rw_error err = { 0 };
    uint8_t *packed;
    uint8_t *again;
    size_t length;
    (void)state;
    assert_true(gzip_pack(zeros, sizeof zeros, arena, &packed, &length, &err));
    assert_true(length < 2000);
    size_t again_length;
    assert_false(gzip_unpack(packed, length, sizeof zeros - 1, arena, &again, &again_length, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
}

static void a_torn_or_altered_file_is_refused(void **state)
{
    struct rw_error err = { 0 };
    uint8_t *packed;
    uint8_t *again;
    size_t length;
    size_t ignored;
    (void)state;
    assert_true(gzip_pack("a roll of bags", 14, arena, &packed, &length, &err));
    for (size_t cut = 0; cut < length; cut++)
        assert_false(gzip_unpack(packed, cut, 100, arena, &again, &ignored, NULL));
    packed[length - 6] ^= 1; /* the checksum */
    assert_false(gzip_unpack(packed, length, 100, arena, &again, &ignored, &err));
    assert_int_equal(err.code, RW_INVALID);
    packed[length - 6] ^= 1;
    uint8_t *longer = rw_arena_alloc(arena, length + 1, &err);
    memcpy(longer, packed, length);
    assert_false(gzip_unpack(longer, length + 1, 100, arena, &again, &ignored, NULL));
    assert_true(gzip_unpack(longer, length, 100, arena, &again, &ignored, NULL));
}

static void memory_that_ends_is_told(void **state)
{
    struct rw_arena *small = rw_arena_open(64);
    struct rw_error err = { 0 };
    uint8_t *packed;
    uint8_t *again;
    size_t length;
    (void)state;
    assert_true(gzip_pack("xx", 2, arena, &packed, &length, &err));
    assert_false(gzip_unpack(packed, length, 10000, small, &again, &length, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
    err = (struct rw_error){ 0 };
    static uint8_t large[1000];
    assert_false(gzip_pack(large, sizeof large, small, &packed, &length, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
    rw_arena_close(small);
}

static void lengths_beyond_counting_are_refused(void **state)
{
    struct rw_error err = { 0 };
    uint8_t *bytes;
    size_t length;
    (void)state;
    assert_false(gzip_pack("", SIZE_MAX, arena, &bytes, &length, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    err = (struct rw_error){ 0 };
    assert_false(gzip_unpack("", SIZE_MAX, 1, arena, &bytes, &length, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_packed_is_unpacked),
        cmocka_unit_test(a_bomb_is_refused),
        cmocka_unit_test(a_torn_or_altered_file_is_refused),
        cmocka_unit_test(memory_that_ends_is_told),
        cmocka_unit_test(lengths_beyond_counting_are_refused),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
