/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that the arms of an L end where its ink does. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "verifier/corners.h"
#include "verifier/grid.h"
#include "verifier/vision.h"

#define SIDE 200
#define MODULE_PX 2.5F
#define ROWS 12
#define COLS 36

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

/* A rectangle with its L at the left and below; a stroke of a letter stands in line with the left
 * arm, a little above it. Rows are counted from the lowest. */
static bool is_ink(float col, float row)
{
    if (col < 0 || row < 0 || col >= COLS)
        return false;
    if (row >= ROWS)
        return row >= ROWS + 1.2F && row < ROWS + 4.5F && col < 1;
    int x = (int)col;
    int y = (int)row;
    return x == 0 || y == 0 || (x * 7 + y * 13 + x * y % 5) % 3 == 0;
}

static void draw(float angle, struct picture *ret_picture)
{
    struct picture sharp;

    assert_true(picture_make(arena, SIDE, SIDE, &sharp, NULL));
    for (int i = 0; i < SIDE * SIDE; i++) {
        float x = ((float)(i % SIDE) + 0.5F - SIDE / 2.0F) / MODULE_PX;
        float y = ((float)(i / SIDE) + 0.5F - SIDE / 2.0F) / MODULE_PX;
        float col = x * cosf(angle) + y * sinf(angle) + COLS / 2.0F;
        float row = ROWS / 2.0F + x * sinf(angle) - y * cosf(angle);
        sharp.pixels[i / SIDE * sharp.stride + i % SIDE] = is_ink(col, row) ? 20 : 220;
    }
    assert_true(vision_blur(&sharp, 1, arena, ret_picture, NULL));
}

static bool is_near(float length, int modules)
{
    return fabsf(length / MODULE_PX - (float)modules) < 0.06F * (float)modules;
}

static void print_in_line_with_an_arm_is_not_taken_for_the_arm(void **state)
{
    (void)state;
    for (int degrees = 3; degrees < 90; degrees += 7) {
        struct picture picture;
        struct locate_levels levels;
        struct locate_list list;
        int found = 0;
        rw_arena_reset(arena);
        draw((float)degrees * 3.14159265F / 180, &picture);
        assert_true(locate_levels_make(&picture, arena, &levels, NULL));
        assert_true(corners_find(&levels, 0, arena, &list, NULL));
        for (size_t i = 0; i < list.count; i++) {
            float width = grid_quad_width(&list.candidates[i].quad);
            float height = grid_quad_height(&list.candidates[i].quad);
            found += (is_near(width, COLS) && is_near(height, ROWS)) ||
                     (is_near(width, ROWS) && is_near(height, COLS));
        }
        assert_int_not_equal(found, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(print_in_line_with_an_arm_is_not_taken_for_the_arm),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
