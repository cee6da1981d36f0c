/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that a grid that lies a little off is laid onto the symbol. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/fixture.h"
#include "verifier/codewords.h"
#include "verifier/seat.h"

#define SIDE 22
#define PICTURE 180
#define FINE 1000      /* places along a side from which the picture is made */
#define AROUND 0.15F   /* of the side, on each */
#define MODULE_PX 5.3F /* of the quad below, about */
#define INK 40.0F
#define PAPER 215.0F

static const struct picture_quad truth = {
    { { 31.3F, 142.7F }, { 147.2F, 148.9F }, { 144.6F, 30.4F }, { 27.8F, 33.1F } }
};
static uint8_t words[SYMBOLOGY_WORDS_MAX];
static uint8_t dark[SYMBOLOGY_SIDE_MAX * SYMBOLOGY_SIDE_MAX];

static void draw_modules(void)
{
    struct codewords_layout layout;
    const struct symbology *size = symbology_get(symbology_find(SIDE, SIDE));
    for (int i = 0; i < size->data_words; i++)
        words[i] = (uint8_t)(37 * i + 11);
    codewords_protect(size, words);
    assert_true(codewords_lay_out(size, arena, &layout, NULL));
    codewords_draw(&layout, words, dark);
}

/* Ink reaches `spread` modules beyond each dark module. */
static bool is_inked(float u, float v, float spread)
{
    for (int i = 0; i < 4; i++) {
        int col = (int)floorf(u * SIDE + (i % 2 ? spread : -spread));
        int row = (int)floorf((1 - v) * SIDE + (i / 2 ? spread : -spread));
        if (row >= 0 && col >= 0 && row < SIDE && col < SIDE && dark[row * SIDE + col])
            return true;
    }
    return false;
}

/* Each pixel is the mean of what falls into it. */
static struct picture photograph(float spread, float ink)
{
    static float sums[PICTURE][PICTURE];
    static float counts[PICTURE][PICTURE];
    struct picture picture;
    struct grid_map map;
    memset(sums, 0, sizeof sums);
    memset(counts, 0, sizeof counts);
    assert_true(grid_map_make(&truth, &map));
    for (int i = 0; i < FINE * FINE; i++) {
        float u = (float)(i % FINE) / FINE * (1 + 2 * AROUND) - AROUND;
        float v = (float)i / FINE / FINE * (1 + 2 * AROUND) - AROUND;
        struct picture_point at = grid_map_at(&map, u, v);
        if (!(at.x >= 0 && at.y >= 0 && at.x < PICTURE && at.y < PICTURE))
            continue;
        sums[(int)at.y][(int)at.x] += is_inked(u, v, spread) ? ink : PAPER;
        counts[(int)at.y][(int)at.x]++;
    }
    assert_true(picture_make(arena, PICTURE, PICTURE, &picture, NULL));
    for (int y = 0; y < PICTURE; y++)
        for (int x = 0; x < PICTURE; x++)
            picture.pixels[y * picture.stride + x] =
                counts[y][x] > 0 ? (uint8_t)lrintf(sums[y][x] / counts[y][x]) : (uint8_t)PAPER;
    return picture;
}

static struct grid grid_off_by(float modules)
{
    static const float to[4][2] = { { 1, -1 }, { -0.5F, 1 }, { 1, 0.8F }, { -1, -0.3F } };
    struct grid grid = { .size = symbology_find(SIDE, SIDE), .quad = truth };
    for (int i = 0; i < 4; i++) {
        grid.quad.corner[i].x += modules * MODULE_PX * to[i][0];
        grid.quad.corner[i].y += modules * MODULE_PX * to[i][1];
    }
    return grid;
}

/* In modules, of the corner that lies farthest off. */
static float error_of(const struct grid *grid)
{
    float worst = 0;
    for (int i = 0; i < 4; i++)
        worst = fmaxf(worst, hypotf(grid->quad.corner[i].x - truth.corner[i].x,
                                    grid->quad.corner[i].y - truth.corner[i].y));
    return worst / MODULE_PX;
}

static void a_grid_that_lies_off_comes_to_lie_on_the_symbol(void **state)
{
    (void)state;
    draw_modules();
    struct picture picture = photograph(0, INK);
    for (int step = 0; step <= 4; step++) {
        struct grid grid = grid_off_by(0.08F * (float)step);
        seat_grid(&picture, dark, &grid);
        assert_true(error_of(&grid) < 0.06F);
    }
}

static void spread_ink_moves_no_corner(void **state)
{
    (void)state;
    draw_modules();
    for (int step = -1; step <= 1; step += 2) {
        struct picture picture = photograph(0.12F, INK);
        struct grid grid = grid_off_by(0.2F * (float)step);
        seat_grid(&picture, dark, &grid);
        assert_true(error_of(&grid) < 0.1F);
    }
}

static void a_stain_over_some_modules_moves_the_corners_little(void **state)
{
    (void)state;
    draw_modules();
    struct picture picture = photograph(0, INK);
    for (int y = 60; y < 85; y++)
        memset(picture.pixels + y * picture.stride + 100, (int)INK, 25);
    struct grid grid = grid_off_by(0.2F);
    seat_grid(&picture, dark, &grid);
    assert_true(error_of(&grid) < 0.12F);
}

static void a_grid_stays_where_no_edge_is_seen(void **state)
{
    (void)state;
    draw_modules();
    struct picture picture = photograph(0, PAPER - 6);
    struct grid before = grid_off_by(0.2F);
    struct grid grid = before;
    seat_grid(&picture, dark, &grid);
    assert_memory_equal(&grid.quad, &before.quad, sizeof grid.quad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_grid_that_lies_off_comes_to_lie_on_the_symbol),
        cmocka_unit_test(spread_ink_moves_no_corner),
        cmocka_unit_test(a_stain_over_some_modules_moves_the_corners_little),
        cmocka_unit_test(a_grid_stays_where_no_edge_is_seen),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
