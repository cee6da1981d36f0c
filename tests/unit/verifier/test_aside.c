/* SPDX-License-Identifier: Apache-2.0 */
/* Proves which letters count as carried aside by the film. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "tests/support/fixture.h"
#include "verifier/aside.h"

#define PX_PER_MM 12
#define WIDTH 120
#define HEIGHT 100
#define LEFT 50
#define TOP 38

static const struct cell_usual usual = { 0.8F, 0, 0 };
static const struct cell_fault fault = { REASON_TEXT_DIFFERS, 2.5F, false };

static void ink(struct picture *picture, struct plane_box where, uint8_t grey)
{
    for (int y = where.y; y < where.y + where.height; y++)
        memset(picture->pixels + y * picture->stride + where.x, grey, (size_t)where.width);
}

static struct picture paper(void)
{
    struct picture picture;
    assert_true(picture_make(arena, WIDTH, HEIGHT, &picture, NULL));
    ink(&picture, (struct plane_box){ 0, 0, WIDTH, HEIGHT }, 255);
    return picture;
}

/* Something like an E, or without its lowest bar like an F, its upper left corner here. */
static void letter(struct picture *picture, int x, int y, int bars, uint8_t grey)
{
    ink(picture, (struct plane_box){ x, y, 4, 22 }, grey);
    for (int i = 0; i < bars; i++)
        ink(picture, (struct plane_box){ x, y + 9 * i, 14, 4 }, grey);
}

/* What is wrong with an E of which this was seen. */
static struct cell_fault judged(const struct picture *seen, bool has_ink)
{
    struct picture wanted = paper();
    struct cell_planes planes = { .px_per_um = PX_PER_MM / 1000.0F };
    const struct cell cell = { .box = { LEFT - 4, TOP - 2, 22, 26 },
                               .has_ink = has_ink,
                               .depth = 1 };
    letter(&wanted, LEFT, TOP, 3, 0);
    assert_true(plane_make(seen, NULL, arena, &planes.seen, NULL));
    assert_true(plane_sum_up(&planes.seen, arena, NULL));
    assert_true(plane_make(&wanted, NULL, arena, &planes.wanted, NULL));
    return aside_judge(&planes, &cell, &usual, fault);
}

static void a_letter_that_lies_whole_nearby_is_in_doubt(void **state)
{
    (void)state;
    static const int shifts[][2] = { { 0, 11 }, { 0, -11 }, { 4, 8 }, { -5, 0 } };
    for (size_t i = 0; i < RW_COUNT(shifts); i++) {
        struct picture seen = paper();
        letter(&seen, LEFT + shifts[i][0], TOP + shifts[i][1], 3, 60);
        const struct cell_fault found = judged(&seen, true);
        assert_int_equal(found.reason, REASON_TEXT_DIFFERS);
        assert_true(found.in_doubt);
        assert_true(fabsf(found.size - 1.15F) < 0.001F);
    }
}

static void another_letter_and_none_are_as_wrong_as_before(void **state)
{
    (void)state;
    for (int bars = 0; bars <= 2; bars++) {
        struct picture seen = paper();
        letter(&seen, LEFT, TOP + 8, bars, 60);
        assert_false(judged(&seen, true).in_doubt);
    }
    struct picture empty = paper();
    assert_false(judged(&empty, true).in_doubt);
    assert_true(judged(&empty, true).size > 2);
}

/* Its neighbour on the line is as good a letter, and another one. */
static void the_same_letter_farther_along_the_line_is_not_it(void **state)
{
    (void)state;
    struct picture seen = paper();
    letter(&seen, LEFT, TOP, 1, 60);
    letter(&seen, LEFT + 20, TOP, 3, 60);
    letter(&seen, LEFT - 20, TOP, 3, 60);
    assert_false(judged(&seen, true).in_doubt);
}

static void ink_where_there_should_be_none_is_not_looked_for(void **state)
{
    (void)state;
    struct picture seen = paper();
    letter(&seen, LEFT, TOP + 8, 3, 60);
    assert_false(judged(&seen, false).in_doubt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_letter_that_lies_whole_nearby_is_in_doubt, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(another_letter_and_none_are_as_wrong_as_before,
                                        fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(the_same_letter_farther_along_the_line_is_not_it,
                                        fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(ink_where_there_should_be_none_is_not_looked_for,
                                        fixture_open, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
