/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that a picture is read whole, or refused for want of room. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "labels/symbol.h"
#include "verifier/reader.h"
#include "verifier/vision.h"

#define SIDE 400
#define MODULE 6
#define ROOM_STEPS 24 /* ceilings between one size and twice that */

static const char code[] = "(91)1240000171001261122080029406011846039502457";
static struct rw_arena *arena;
static struct rw_arena *frame;
static struct decode *decode;
static struct reader *reader;

static int set_up(void **state)
{
    (void)state;
    arena = rw_arena_open(16 * RW_ARENA_MIB);
    frame = rw_arena_open(16 * RW_ARENA_MIB);
    return arena == NULL || frame == NULL || !decode_open(arena, &decode, NULL) ||
           !vision_start(NULL) || !reader_open(decode, arena, &reader, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    decode_close(decode);
    rw_arena_close(frame);
    rw_arena_close(arena);
    return 0;
}

/* The code in a light picture, upright. */
static void draw(struct picture *ret_picture)
{
    struct symbol symbol;
    const int margin = 100;
    assert_true(symbol_encode(code, &symbol, NULL));
    assert_true(picture_make(frame, SIDE, SIDE, ret_picture, NULL));
    for (int i = 0; i < SIDE * SIDE; i++) {
        int row = i / SIDE / MODULE - margin / MODULE;
        int col = i % SIDE / MODULE - margin / MODULE;
        bool inside = row >= 0 && col >= 0 && row < symbol.side && col < symbol.side;
        ret_picture->pixels[i / SIDE * ret_picture->stride + i % SIDE] =
            inside && symbol_is_dark(&symbol, row, col) ? 20 : 235;
    }
}

/* With less and less room: an error each time, until the picture is read whole. */
static void a_frame_without_room_is_an_error_and_never_half_a_reading(void **state)
{
    (void)state;
    const struct reader_limits limits = { .thorough = true };
    struct picture picture;
    struct picture empty;
    size_t refused = 0;
    rw_arena_reset(frame);
    draw(&picture);
    assert_true(picture_make(frame, 150, 150, &empty, NULL)); /* looked at twice, also inverted */
    for (int kind = 0; kind < 2; kind++) {
        bool read = false;
        for (size_t ceiling = 0; !read && ceiling < 64 * RW_ARENA_MIB;
             ceiling += RW_ARENA_KIB + ceiling / ROOM_STEPS) {
            struct rw_arena *small = rw_arena_open(ceiling);
            struct readings readings = { .count = 99 };
            struct rw_error err = { 0 };
            assert_non_null(small);
            read =
                reader_read(reader, kind == 0 ? &picture : &empty, &limits, small, &readings, &err);
            assert_int_equal(err.code, read ? RW_OK : RW_NO_MEMORY);
            assert_int_equal(readings.count, read ? 1 - kind : 99);
            refused += !read;
            rw_arena_close(small);
        }
        assert_true(read);
    }
    assert_true(refused > 2 * ROOM_STEPS);
}

static void a_reader_without_room_is_not_opened(void **state)
{
    (void)state;
    bool opened = false;
    struct reader *other = NULL;
    for (size_t ceiling = 0; !opened && ceiling < 64 * RW_ARENA_MIB;
         ceiling += 4 * RW_ARENA_KIB + ceiling / ROOM_STEPS) {
        struct rw_arena *small = rw_arena_open(ceiling);
        struct rw_error err = { 0 };
        assert_non_null(small);
        opened = reader_open(decode, small, &other, &err);
        assert_int_equal(err.code, opened ? RW_OK : RW_NO_MEMORY);
        assert_int_equal(opened, other != NULL);
        rw_arena_close(small);
    }
    assert_true(opened);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_without_room_is_an_error_and_never_half_a_reading),
        cmocka_unit_test(a_reader_without_room_is_not_opened),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
