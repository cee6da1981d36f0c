/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that print beside a bag is told from empty film. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/random.h"
#include "tests/support/fixture.h"
#include "verifier/relief.h"

#define PITCH 400 /* pixels from bag to bag */
#define LENGTH (2 * PITCH)
#define ACROSS 480
#define ABOVE 60 /* from a bag's edge to the middle of its symbol */
#define CELL 16  /* of a label's pattern */

/* Two bags one below the other, the first with print if `is_printed`; or side by side, with the
 * axis to the left. Each has noise of its own. */
static struct relief take(bool is_printed, bool is_across, int first_row)
{
    struct rw_random noise = rw_random_seeded(3);
    struct picture picture;
    struct relief relief;
    const float axis[2] = { is_across ? -1 : 0, is_across ? 0 : 1 };
    assert_true(picture_make(arena, is_across ? LENGTH : ACROSS, is_across ? ACROSS : LENGTH,
                             &picture, NULL));
    for (int y = 0; y < picture.height; y++)
        for (int x = 0; x < picture.width; x++) {
            int along = (is_across ? picture.width - 1 - x : y) + first_row;
            int across = is_across ? y : x;
            bool has_print = is_printed || along >= PITCH;
            struct rw_random ink =
                rw_random_seeded((uint64_t)(along % PITCH / CELL * 1000 + across / CELL));
            int grey = has_print && rw_random_below(&ink, 3) == 0 ? 60 : 200;
            picture.pixels[(ptrdiff_t)y * picture.stride + x] =
                (uint8_t)(grey + (int)rw_random_below(&noise, 40));
        }
    assert_true(relief_make(&picture, axis, arena, &relief, NULL));
    return relief;
}

static void print_where_the_next_bag_must_lie_is_seen(void **state)
{
    (void)state;
    const struct relief_strip down = { { 0, 1 }, PITCH, ABOVE };
    const struct relief_strip left = { { -1, 0 }, PITCH, ABOVE };
    for (int is_printed = 0; is_printed <= 1; is_printed++) {
        struct relief relief = take(is_printed == 1, false, 0);
        const struct picture_point second = { 100, PITCH + ABOVE };
        const struct picture_point first = { 100, ABOVE };
        assert_int_equal(relief_has_neighbour(&relief, &down, second, -1), is_printed);
        assert_int_equal(relief_has_neighbour(&relief, &down, first, 1), is_printed);
        relief = take(is_printed == 1, true, 0);
        const struct picture_point beside = { LENGTH - PITCH - ABOVE, 100 };
        assert_int_equal(relief_has_neighbour(&relief, &left, beside, -1), is_printed);
    }
}

static void a_bag_whose_code_is_not_in_the_picture_says_nothing(void **state)
{
    (void)state;
    const struct relief_strip strip = { { 0, 1 }, PITCH, ABOVE };
    const struct relief relief = take(true, false, 0);
    assert_false(relief_has_neighbour(&relief, &strip, (struct picture_point){ 100, ABOVE }, -1));
    assert_false(
        relief_has_neighbour(&relief, &strip, (struct picture_point){ 100, PITCH + ABOVE }, 1));
    assert_false(
        relief_has_neighbour(&relief, &strip, (struct picture_point){ -50, PITCH + ABOVE }, -1));
}

/* The code lies at the end of its bag, and no more than that end is in the picture. */
static void a_narrow_strip_of_a_bag_says_nothing(void **state)
{
    (void)state;
    const int cut = PITCH * 8 / 10;
    const struct relief relief = take(true, false, cut);
    const struct relief_strip strip = { { 0, 1 }, PITCH, PITCH - ABOVE };
    const struct picture_point second = { 100, 2 * PITCH - ABOVE - cut };
    assert_false(relief_has_neighbour(&relief, &strip, second, -1));
}

static void an_arena_without_room_is_told(void **state)
{
    (void)state;
    const float axis[2] = { 0, 1 };
    struct picture picture;
    struct relief relief;
    struct rw_error err = { 0 };
    struct rw_arena *empty = rw_arena_open(0);
    assert_true(picture_make(arena, ACROSS, LENGTH, &picture, NULL));
    assert_false(relief_make(&picture, axis, empty, &relief, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
    rw_arena_close(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(print_where_the_next_bag_must_lie_is_seen),
        cmocka_unit_test(a_bag_whose_code_is_not_in_the_picture_says_nothing),
        cmocka_unit_test(a_narrow_strip_of_a_bag_says_nothing),
        cmocka_unit_test(an_arena_without_room_is_told),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
