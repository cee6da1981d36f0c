/* SPDX-License-Identifier: Apache-2.0 */
/* Proves what grids and modules see, and that no quad gives nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "verifier/aperture.h"
#include "verifier/grid.h"
#include "verifier/modules.h"
#include "verifier/pattern.h"
#include "verifier/track.h"

#define SIDE 100

/* Sides that cross, a dent, three corners in a line, and all in one place. */
static const struct picture_quad no_quads[] = {
    { { { 10, 90 }, { 90, 10 }, { 90, 90 }, { 10, 10 } } },
    { { { 10, 90 }, { 90, 90 }, { 90, 50 }, { 90, 10 } } },
    { { { 10, 90 }, { 90, 90 }, { 20, 80 }, { 10, 10 } } },
    { { { 50, 50 }, { 50, 50 }, { 50, 50 }, { 50, 50 } } },
};
static const struct picture_quad good = { { { 10, 90 }, { 90, 90 }, { 90, 10 }, { 10, 10 } } };

static struct rw_arena *arena;
static struct picture picture;
static const struct symbology *size;
static int size_index;

/* Stripes: whoever looks sees light and dark. */
static int set_up(void **state)
{
    (void)state;
    arena = rw_arena_open(4 * RW_ARENA_MIB);
    size_index = symbology_find(18, 18);
    size = symbology_get(size_index);
    if (arena == NULL || !picture_make(arena, SIDE, SIDE, &picture, NULL))
        return 1;
    for (int i = 0; i < SIDE * SIDE; i++)
        picture.pixels[i / SIDE * picture.stride + i % SIDE] = i % SIDE / 5 % 2 == 0 ? 20 : 230;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rw_arena_close(arena);
    return 0;
}

/* The sum of all modules and of the ring around. */
static float sum_of(const struct modules *modules)
{
    float sum = 0;
    for (int i = 0; i < (size->rows + 2) * (size->cols + 2); i++)
        sum += modules->grey[i];
    return sum;
}

static void no_module_has_light(void **state)
{
    (void)state;
    static struct modules modules;
    struct modules_mesh mesh;
    struct grid grid = { .size = size_index, .quad = good };
    const struct light white = { 0 };

    modules_sample(&picture, &grid, NULL, &modules);
    assert_true(sum_of(&modules) > 0);
    for (size_t i = 0; i < RW_COUNT(no_quads); i++) {
        grid.quad = no_quads[i];
        memset(&modules, 0x3F, sizeof modules);
        modules_sample(&picture, &grid, NULL, &modules);
        assert_true(sum_of(&modules) <= 0);
        memset(&modules, 0x3F, sizeof modules);
        aperture_sample(&picture, &grid, 0.8F, &white, &modules);
        assert_true(sum_of(&modules) <= 0);
        assert_true(modules_dark_share(&picture, &grid) <= 0);
        modules_fit_mesh(&picture, &grid, &mesh);
        for (int k = 0; k < mesh.down * mesh.across; k++)
            assert_true(mesh.shift_u[k] <= 0 && mesh.shift_u[k] >= 0);
    }
}

static void many_places_look_like_each_alone(void **state)
{
    (void)state;
    enum { PLACES = 150 };
    float u[PLACES];
    float v[PLACES];
    float grey[PLACES];
    struct grid_map map;

    assert_true(grid_map_make(&good, &map));
    for (int i = 0; i < PLACES; i++) {
        u[i] = -1 + (float)(i % 15) / 5;
        v[i] = -1 + (float)i / 50;
    }
    grid_greys(&picture, &map, u, v, PLACES, grey);
    for (int i = 0; i < PLACES; i++)
        assert_float_equal(grey[i], grid_grey(&picture, grid_map_at(&map, u[i], v[i])), 1e-3);
}

/* Modules of the frame as it is printed, on paper that gets darker from left to right until it is
 * as dark as the ink was. */
static void light_that_falls_off_is_followed(void **state)
{
    (void)state;
    static struct modules modules;
    static uint8_t dark[SYMBOLOGY_SIDE_MAX * SYMBOLOGY_SIDE_MAX];
    const struct modules_way flat = { 0, 0 };
    const struct modules_way surface = { 0, 3 };
    const struct grid grid = { .size = size_index, .quad = good };

    modules_sample(&picture, &grid, NULL, &modules);
    for (int row = 0; row < size->rows + 2; row++)
        for (int col = 0; col < size->cols + 2; col++) {
            int at = row * (size->cols + 2) + col;
            bool is_ink = modules.wanted[at] < 0 ? (row + col) % 3 == 0 : modules.wanted[at] > 0;
            modules.grey[at] = 220 - 8 * (float)col - (is_ink ? 60 : 0);
        }
    modules_threshold(&modules, &flat, dark);
    assert_true(modules_frame_likeness(&modules, dark) < 0.9F);
    modules_threshold(&modules, &surface, dark);
    assert_true(modules_frame_likeness(&modules, dark) > 0.99F);
    for (int row = 0; row < size->rows; row++)
        for (int col = 0; col < size->cols; col++)
            if (modules.wanted[(row + 1) * (size->cols + 2) + col + 1] < 0)
                assert_int_equal(dark[row * size->cols + col], (row + col + 2) % 3 == 0);
}

static void no_pattern_is_alike(void **state)
{
    (void)state;
    struct pattern pattern;
    assert_true(pattern_make(size, arena, &pattern, NULL));
    assert_true(pattern_score(&picture, &pattern, &good) > -1);
    assert_true(pattern_score_parts(&picture, &pattern, &good) > -1);
    for (size_t i = 0; i < RW_COUNT(no_quads); i++) {
        assert_true(pattern_score(&picture, &pattern, &no_quads[i]) <= -1);
        assert_true(pattern_score_parts(&picture, &pattern, &no_quads[i]) <= -1);
    }
}

static void no_track_is_heard_and_no_side_moved(void **state)
{
    (void)state;
    static struct tracks tracks[TRACK_TURNS];
    struct track_search how = { .picture = &picture, .module_min_px = 1, .slanted = true };
    assert_true(wave_open(arena, &how.waves, NULL));
    for (size_t i = 0; i < RW_COUNT(no_quads); i++) {
        memset(tracks, 0x3F, sizeof tracks);
        for (int turn = 0; turn < TRACK_TURNS; turn++)
            track_listen(&how, &no_quads[i], turn, tracks);
        for (int side = 0; side < TRACK_SIDE_COUNT; side++)
            for (int k = 0; k < TRACK_COUNTS; k++)
                assert_true(tracks[side].power[side][k] <= 0);
        struct picture_quad squared = track_squared(&how, &no_quads[i], size, &tracks[0]);
        assert_memory_equal(&squared, &no_quads[i], sizeof squared);
    }
}

static void a_quad_seen_from_behind_is_told(void **state)
{
    (void)state;
    struct picture_quad behind = grid_quad_mirrored(&good);
    assert_false(grid_quad_is_mirrored(&good));
    assert_true(grid_quad_is_mirrored(&behind));
    for (int quarters = 1; quarters < 4; quarters++) {
        struct picture_quad turned = grid_quad_turned(&good, quarters);
        assert_false(grid_quad_is_mirrored(&turned));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_module_has_light),
        cmocka_unit_test(many_places_look_like_each_alone),
        cmocka_unit_test(light_that_falls_off_is_followed),
        cmocka_unit_test(no_pattern_is_alike),
        cmocka_unit_test(no_track_is_heard_and_no_side_moved),
        cmocka_unit_test(a_quad_seen_from_behind_is_told),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
