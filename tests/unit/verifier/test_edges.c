/* SPDX-License-Identifier: Apache-2.0 */
/* Finds edges that were drawn, and none where there are none. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/random.h"
#include "tests/support/fixture.h"
#include "verifier/edges.h"

#define SIDE 200
#define LENGTH_MIN 14.0F
#define PAPER 200
#define INK 40

static struct picture paper(void)
{
    struct picture picture;
    assert_true(picture_make(arena, SIDE, SIDE, &picture, NULL));
    memset(picture.pixels, PAPER, SIDE * SIDE);
    return picture;
}

/* A square with sides of 2 `half` around the middle, its edges drawn in parts of a pixel. */
static struct picture square(float half, float angle)
{
    struct picture picture = paper();
    for (int32_t i = 0; i < SIDE * SIDE; i++) {
        float x = (float)(i % SIDE) + 0.5F - SIDE / 2.0F;
        float y = (float)(i / SIDE) + 0.5F - SIDE / 2.0F;
        float across = half - fabsf(x * cosf(angle) + y * sinf(angle));
        float down = half - fabsf(y * cosf(angle) - x * sinf(angle));
        float inside = fminf(fmaxf(fminf(across, down) + 0.5F, 0), 1);
        picture.pixels[i] = (uint8_t)(PAPER + (INK - PAPER) * inside);
    }
    return picture;
}

static struct vision_segments find(const struct picture *picture)
{
    struct vision_segments edges = { 0 };
    edges.segments = rw_arena_array(arena, VISION_SEGMENTS_MAX, sizeof *edges.segments, NULL);
    assert_non_null(edges.segments);
    assert_true(edges_find(picture, LENGTH_MIN, NULL, arena, &edges, NULL));
    return edges;
}

static void the_four_sides_of_a_square_are_found_however_it_is_turned(void **state)
{
    (void)state;
    const float half = 50;
    for (int turn = 0; turn < 9; turn++) {
        float angle = (float)turn * 0.19F;
        struct picture picture = square(half, angle);
        struct vision_segments edges = find(&picture);
        int seen[4] = { 0 };
        assert_int_equal(edges.count, 4);
        for (size_t i = 0; i < edges.count; i++) {
            const struct vision_segment *edge = &edges.segments[i];
            float x = (edge->from.x + edge->to.x) / 2 - SIDE / 2.0F;
            float y = (edge->from.y + edge->to.y) / 2 - SIDE / 2.0F;
            float across = x * cosf(angle) + y * sinf(angle);
            float down = y * cosf(angle) - x * sinf(angle);
            bool upright = fabsf(across) > fabsf(down);
            float length = hypotf(edge->to.x - edge->from.x, edge->to.y - edge->from.y);
            seen[upright ? (across > 0) : 2 + (down > 0)]++;
            assert_true(fabsf(fmaxf(fabsf(across), fabsf(down)) - half) < 0.5F);
            assert_true(length > 1.85F * half && length < 2.1F * half);
        }
        for (int side = 0; side < 4; side++)
            assert_int_equal(seen[side], 1);
    }
}

static void short_edges_are_left_out(void **state)
{
    (void)state;
    struct picture picture = square(LENGTH_MIN / 2 - 2, 0);
    assert_int_equal(find(&picture).count, 0);
}

static void noise_and_slow_shadows_have_no_edge(void **state)
{
    (void)state;
    struct rw_random random = rw_random_seeded(5);
    struct picture picture = paper();
    for (int32_t i = 0; i < SIDE * SIDE; i++)
        picture.pixels[i] = (uint8_t)(150 + i % SIDE / 4 + (int)rw_random_below(&random, 13));
    assert_int_equal(find(&picture).count, 0);
}

static void a_picture_too_small_for_an_edge_has_none(void **state)
{
    (void)state;
    struct picture picture = paper();
    picture.width = 9;
    picture.height = 9;
    assert_int_equal(find(&picture).count, 0);
}

static void more_edges_than_there_is_room_for_are_left_out(void **state)
{
    (void)state;
    struct picture picture = square(50, 0);
    struct vision_segments edges = find(&picture);
    edges.count = VISION_SEGMENTS_MAX - 1;
    assert_true(edges_find(&picture, LENGTH_MIN, NULL, arena, &edges, NULL));
    assert_int_equal(edges.count, VISION_SEGMENTS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_four_sides_of_a_square_are_found_however_it_is_turned,
                                        fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(short_edges_are_left_out, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(noise_and_slow_shadows_have_no_edge, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(a_picture_too_small_for_an_edge_has_none, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(more_edges_than_there_is_room_for_are_left_out,
                                        fixture_open, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
