/* SPDX-License-Identifier: Apache-2.0 */
/* Proves how far bent film may carry print. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verifier/bend.h"

static struct bend bend;

static int flatten(void **state)
{
    (void)state;
    bend.count = 0;
    return 0;
}

static void add(float x, float y, float right, float down)
{
    bend_add(&bend, (struct picture_point){ x, y }, (struct picture_point){ right, down });
}

static void flat_film_carries_nothing(void **state)
{
    (void)state;
    struct picture_point moved = bend_at(&bend, 1000, 1000);
    assert_true(fabsf(moved.x) < 0.1F && fabsf(moved.y) < 0.1F);
}

static void a_wave_is_followed(void **state)
{
    (void)state;
    for (int y = 0; y < 12; y++)
        for (int x = 0; x < 8; x++)
            add((float)x * 8000, (float)y * 4000, 0, 300 * sinf((float)x));
    for (int x = 0; x < 8; x++) {
        struct picture_point moved = bend_at(&bend, (float)x * 8000, 22000);
        assert_true(fabsf(moved.x) < 1);
        assert_true(fabsf(moved.y - 300 * sinf((float)x)) < 170);
    }
}

/* It may be wrong itself, so the plane has a say as well. */
static void one_piece_alone_is_not_believed_whole_and_far_away_not_at_all(void **state)
{
    (void)state;
    add(10000, 10000, 400, -400);
    struct picture_point moved = bend_at(&bend, 10000, 10000);
    assert_true(moved.x > 200 && moved.x < 400 && moved.y < -200 && moved.y > -400);
    moved = bend_at(&bend, 45000, 10000);
    assert_true(fabsf(moved.x) < 0.1F && fabsf(moved.y) < 0.1F);
}

static void what_lies_too_far_off_is_no_bend(void **state)
{
    (void)state;
    add(10000, 10000, 900, 900);
    assert_int_equal(bend.count, 0);
    for (int i = 0; i < BEND_PIECES_MAX + 1; i++)
        add(10000, 10000, 1, 1);
    assert_int_equal(bend.count, BEND_PIECES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(flat_film_carries_nothing, flatten),
        cmocka_unit_test_setup(a_wave_is_followed, flatten),
        cmocka_unit_test_setup(one_piece_alone_is_not_believed_whole_and_far_away_not_at_all,
                               flatten),
        cmocka_unit_test_setup(what_lies_too_far_off_is_no_bend, flatten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
