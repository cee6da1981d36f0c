/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that all the ink of a picture is framed as one. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "verifier/vision.h"
#include "verifier/whole.h"

static struct rw_arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = rw_arena_open(64 * RW_ARENA_MIB);
    return arena == NULL || !vision_start(NULL);
}

static int tear_down(void **state)
{
    (void)state;
    rw_arena_close(arena);
    return 0;
}

/* Ink from (left, top) to the right and lower margin of 20 pixels, and one speck in the corner. */
static void draw(int side, int left, int top, int ink, struct picture *ret_picture)
{
    rw_arena_reset(arena);
    assert_true(picture_make(arena, side, side, ret_picture, NULL));
    for (int i = 0; i < side * side; i++) {
        int x = i % side;
        int y = i / side;
        bool dark = x >= left && y >= top && x < side - 20 && y < side - 20;
        ret_picture->pixels[y * ret_picture->stride + x] = dark || i == 0 ? (uint8_t)ink : 220;
    }
}

static void expect_near(struct picture_point at, float x, float y, float slack)
{
    assert_true(fabsf(at.x - x) <= slack && fabsf(at.y - y) <= slack);
}

static void ink_is_framed_and_found_again_in_its_picture(void **state)
{
    (void)state;
    static const struct {
        int side, left, top;
        float slack;
    } places[] = { { 300, 30, 50, 0.01F }, { 300, 0, 0, 0.01F }, { 2600, 200, 300, 3 } };
    for (size_t i = 0; i < RW_COUNT(places); i++) {
        struct picture picture;
        struct whole whole;
        float far = (float)places[i].side - 20;
        draw(places[i].side, places[i].left, places[i].top, 30, &picture);
        assert_true(whole_find(&picture, arena, &whole, NULL));
        assert_int_equal(whole.count, WHOLE_QUADS);
        assert_true(whole.framed.width <= 1260 && whole.framed.height <= 1260);
        assert_int_equal(whole.framed.pixels[0], 255);
        for (int k = 0; k < WHOLE_QUADS; k++) { /* this ink stands upright */
            struct picture_quad quad = whole_given_quad(&whole, &whole.quads[k]);
            expect_near(quad.corner[0], (float)places[i].left, far, places[i].slack);
            expect_near(quad.corner[2], far, (float)places[i].top, places[i].slack);
        }
    }
}

static void a_picture_without_ink_has_none(void **state)
{
    (void)state;
    struct picture picture;
    struct whole whole;
    draw(100, 20, 20, 210, &picture); /* paler than print */
    assert_true(whole_find(&picture, arena, &whole, NULL));
    assert_int_equal(whole.count, 0);
    draw(100, 76, 76, 30, &picture); /* too little of it */
    assert_true(whole_find(&picture, arena, &whole, NULL));
    assert_int_equal(whole.count, 0);
    assert_true(picture_make(arena, 1, 1, &picture, NULL));
    assert_true(whole_find(&picture, arena, &whole, NULL));
    assert_int_equal(whole.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ink_is_framed_and_found_again_in_its_picture),
        cmocka_unit_test(a_picture_without_ink_has_none),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
