/* SPDX-License-Identifier: Apache-2.0 */
/* Proves which places are tried as symbols, and which are not. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "verifier/locate.h"
#include "verifier/vision_shapes.h"

#define SIDE 200
#define START 40 /* of the place: it ends as far from the other rim */
#define LENGTH (SIDE - 2 * START)

static struct rw_arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = rw_arena_open(4 * RW_ARENA_MIB);
    return arena == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    rw_arena_close(arena);
    return 0;
}

/* Grey at a place of a unit square. */
typedef int grey_at(float x, float y);

static const struct picture_quad place = { { { START, SIDE - START },
                                             { SIDE - START, SIDE - START },
                                             { SIDE - START, START },
                                             { START, START } } };

static struct picture draw(grey_at *grey)
{
    struct picture picture;

    rw_arena_reset(arena);
    assert_true(picture_make(arena, SIDE, SIDE, &picture, NULL));
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            bool inside = x >= START && y >= START && x < SIDE - START && y < SIDE - START;
            int value =
                inside ? grey((float)(x - START) / LENGTH, (float)(y - START) / LENGTH) : 230;
            picture.pixels[y * picture.stride + x] = (uint8_t)value;
        }
    return picture;
}

static bool may_be(grey_at *grey, const struct locate_gate *gate)
{
    struct picture picture = draw(grey);
    return locate_may_be(&picture, &place, gate);
}

static bool is_module_dark(int col, int row)
{
    uint32_t mixed = (uint32_t)(row * 64 + col + 1) * 2654435761U;
    return (mixed >> 16 & 1) != 0;
}

static int symbol(float x, float y)
{
    return is_module_dark((int)(x * 20), (int)(y * 20)) ? 20 : 220;
}

/* From one side to the other by more than its print is dark. */
static int symbol_in_light_that_falls_off(float x, float y)
{
    return 30 + (int)(170 * x) + symbol(x, y) / 4;
}

static int symbol_of_small_modules(float x, float y)
{
    return is_module_dark((int)(x * 60), (int)(y * 60)) ? 20 : 220;
}

/* The rim of a thing, with its shading. */
static int rim(float x, float y)
{
    return x + y < 0.9F ? 40 + (int)(60 * x) : 160 + (int)(40 * y);
}

/* Askew, and as wide as a third of the place. */
static int stroke(float x, float y)
{
    float across = x + 0.3F * y;
    return across > 0.4F && across < 0.73F ? 60 : 180;
}

static int symbol_with_an_empty_corner(float x, float y)
{
    return x > 0.64F && y > 0.64F ? 220 : symbol(x, y);
}

static void modules_may_be_a_symbol(void **state)
{
    (void)state;
    assert_true(may_be(symbol, &locate_edges));
    assert_true(may_be(symbol, &locate_outlines));
    assert_true(may_be(symbol_of_small_modules, &locate_edges));
}

static void light_that_falls_off_hides_no_symbol(void **state)
{
    (void)state;
    assert_true(may_be(symbol_in_light_that_falls_off, &locate_edges));
}

static void the_rim_of_a_thing_and_a_stroke_are_no_symbol(void **state)
{
    (void)state;
    assert_false(may_be(rim, &locate_edges));
    assert_false(may_be(stroke, &locate_edges));
}

static void a_symbol_is_even_nowhere(void **state)
{
    (void)state;
    assert_false(may_be(symbol_with_an_empty_corner, &locate_edges));
}

/* Askew, a third as wide as it is long, and bitten off at one long side. */
static int bar(float x, float y)
{
    float along = (x + y - 1) * 0.7071F;
    float across = (x - y) * 0.7071F;
    bool is_bitten = across > 0 && fabsf(along) < 0.3F;
    return fabsf(along) < 0.5F && fabsf(across) < 0.16F && !is_bitten ? 20 : 230;
}

static void a_long_blob_that_hardly_fills_its_place_is_found(void **state)
{
    (void)state;
    const struct vision_blobs how = { .box = 71,
                                      .close = 3,
                                      .open = 5,
                                      .fill_min = 0.6F,
                                      .side_min = 28,
                                      .side_max = 190,
                                      .aspect_max = 4 };
    struct vision_blobs fuller = how;
    struct vision_rect rects[VISION_RECTS_MAX];
    struct vision_rects found = { .rects = rects };
    struct picture picture = draw(bar);

    assert_true(vision_shapes_blobs(&picture, &how, 1, NULL, &found, NULL));
    assert_int_equal(found.count, 1);
    assert_true(rects[0].fill < 0.75F);
    fuller.fill_min = 0.8F;
    found.count = 0;
    assert_true(vision_shapes_blobs(&picture, &fuller, 1, NULL, &found, NULL));
    assert_int_equal(found.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modules_may_be_a_symbol),
        cmocka_unit_test(light_that_falls_off_hides_no_symbol),
        cmocka_unit_test(the_rim_of_a_thing_and_a_stroke_are_no_symbol),
        cmocka_unit_test(a_symbol_is_even_nowhere),
        cmocka_unit_test(a_long_blob_that_hardly_fills_its_place_is_found),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
