/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that bags in one frame stand in the order of the film. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/random.h"
#include "tests/support/fixture.h"
#include "verifier/grid.h"
#include "verifier/sightings.h"

#define BAGS 4
#define SYMBOL 40 /* pixels of a side */
#define PITCH 200 /* pixels from bag to bag */

/* An upright symbol around this place. */
static struct picture_quad symbol_at(float x, float y)
{
    const float half = SYMBOL / 2.0F;
    return (struct picture_quad){ { { x - half, y + half },
                                    { x + half, y + half },
                                    { x + half, y - half },
                                    { x - half, y - half } } };
}

/* A frame of two bags, the first of which is `bag`, along x or y, a little askew. */
static void show_two(struct sightings *sightings, const int32_t ids[2], bool across)
{
    struct reading two[2];
    const struct readings readings = { .readings = two, .count = 2 };
    const struct picture nothing = { 0 };
    memset(two, 0, sizeof two);
    two[0].grid.quad = symbol_at(300, 300);
    two[1].grid.quad = across ? symbol_at(300 + PITCH, 310) : symbol_at(310, 300 + PITCH);
    sightings_begin(sightings, &readings);
    for (int i = 0; i < 2; i++)
        assert_true(sightings_add(sightings, ids[i], &two[i].grid.quad, true, NULL));
    assert_true(sightings_end(sightings, &nothing, sightings->arena, NULL));
}

/* Film whose bags have print, all the same, down to this row; a bag begins every PITCH. */
static struct picture film_with_print(int rows)
{
    struct picture picture;
    assert_true(picture_make(arena, 600, 4 * PITCH, &picture, NULL));
    for (int y = 0; y < picture.height; y++)
        for (int x = 0; x < picture.width; x++) {
            struct rw_random ink = rw_random_seeded((uint64_t)(y % PITCH / 10 * 1000 + x / 10));
            picture.pixels[(ptrdiff_t)y * picture.stride + x] =
                y < rows && rw_random_below(&ink, 3) == 0 ? 50 : 220;
        }
    return picture;
}

/* A frame of two bags that lie so far apart, down the frame. */
static void show_two_apart(struct sightings *sightings, const int32_t ids[2], int apart)
{
    struct reading two[2];
    const struct readings readings = { .readings = two, .count = 2 };
    const struct picture film = film_with_print(0);
    memset(two, 0, sizeof two);
    for (int i = 0; i < 2; i++)
        two[i].grid.quad = symbol_at(300 + 10 * (float)i, 300 + (float)(i * apart));
    sightings_begin(sightings, &readings);
    for (int i = 0; i < 2; i++)
        assert_true(sightings_add(sightings, ids[i], &two[i].grid.quad, true, NULL));
    assert_true(sightings_end(sightings, &film, sightings->arena, NULL));
}

static void expect(struct sightings *sightings, const bool out_of_order[BAGS])
{
    struct sequence_finding findings[BAGS];
    assert_true(sightings_check(sightings, BAGS, findings, NULL));
    for (int i = 0; i < BAGS; i++) {
        assert_int_equal(findings[i].out_of_order, out_of_order[i]);
        assert_false(findings[i].missing);
    }
}

static void the_film_may_run_up_or_across_the_labels(void **state)
{
    (void)state;
    static const int32_t first[] = { 0, 1 };
    static const int32_t second[] = { 2, 3 };
    for (int across = 0; across < 2; across++) {
        struct sightings sightings;
        assert_true(sightings_open(arena, false, &sightings, NULL));
        show_two(&sightings, first, across);
        show_two(&sightings, second, across);
        expect(&sightings, (const bool[BAGS]){ false });
        for (size_t i = 0; i < sightings.count; i += 2) {
            float apart = sightings.list[i + 1].along - sightings.list[i].along;
            assert_true(apart > 0.9F * PITCH || apart < -0.9F * PITCH);
        }
    }
}

/* A frame of bags down it, in the order in which their symbols were read; those in `turned` point
 * down, not up. */
struct turned_frame {
    int count;
    int32_t ids[3];
    uint32_t turned; /* a bit for each */
};

static void show_turned(struct sightings *sightings, const struct turned_frame *frame)
{
    struct reading shown[3];
    const struct readings readings = { .readings = shown, .count = (size_t)frame->count };
    const struct picture nothing = { 0 };
    memset(shown, 0, sizeof shown);
    for (int i = 0; i < frame->count; i++) {
        shown[i].grid.quad = symbol_at(300 + (float)i, 100 + PITCH * (float)frame->ids[i]);
        if (frame->turned >> i & 1)
            shown[i].grid.quad = grid_quad_turned(&shown[i].grid.quad, 2);
    }
    sightings_begin(sightings, &readings);
    for (int i = 0; i < frame->count; i++)
        assert_true(sightings_add(sightings, frame->ids[i], &shown[i].grid.quad, true, NULL));
    assert_true(sightings_end(sightings, &nothing, sightings->arena, NULL));
}

/* The order is that of the film, whichever symbol is read first. */
static void a_label_that_is_turned_does_not_turn_the_film(void **state)
{
    (void)state;
    static const struct {
        struct turned_frame frames[4];
        bool beside[BAGS];
    } rows[] = {
        /* one of three is known to be turned */
        { { { 3, { 0, 1, 2 }, 1 }, { 2, { 2, 3 }, 0 } }, { true, false, false, false } },
        { { { 2, { 0, 1 }, 0 }, { 3, { 3, 1, 2 }, 1 } }, { false, false, false, true } },
        /* which of two is, is not */
        { { { 2, { 1, 0 }, 1 }, { 2, { 1, 2 }, 1 }, { 2, { 2, 3 }, 0 } },
          { true, true, true, false } },
        { { { 2, { 0, 1 }, 1 }, { 2, { 1, 2 }, 0 }, { 2, { 2, 3 }, 0 } },
          { true, true, false, false } },
        { { { 2, { 0, 1 }, 0 }, { 2, { 1, 2 }, 2 }, { 2, { 2, 3 }, 1 } },
          { false, true, true, true } },
    };
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        struct sequence_finding findings[BAGS];
        struct sightings sightings;
        assert_true(sightings_open(arena, false, &sightings, NULL));
        for (size_t k = 0; k < RW_COUNT(rows[i].frames) && rows[i].frames[k].count > 0; k++)
            show_turned(&sightings, &rows[i].frames[k]);
        assert_true(sightings_check(&sightings, BAGS, findings, NULL));
        for (int k = 0; k < BAGS; k++) {
            assert_false(findings[k].out_of_order || findings[k].missing || findings[k].twice);
            assert_int_equal(findings[k].beside, rows[i].beside[k]);
        }
    }
}

static void a_still_without_a_symbol_is_a_bag_that_cannot_be_read(void **state)
{
    (void)state;
    struct sightings sightings;
    const struct readings none = { 0 };
    const struct picture nothing = { 0 };
    struct sequence_finding findings[BAGS];
    static const int32_t first[] = { 0, 1 };

    assert_true(sightings_open(arena, false, &sightings, NULL));
    show_two(&sightings, first, false);
    sightings_begin(&sightings, &none);
    assert_true(sightings_end(&sightings, &nothing, arena, NULL));
    const struct picture_quad quad = symbol_at(300, 300);
    sightings_begin(&sightings, &none);
    assert_true(sightings_add(&sightings, BAGS - 1, &quad, true, NULL));
    assert_true(sightings_end(&sightings, &nothing, arena, NULL));
    assert_true(sightings_check(&sightings, BAGS, findings, NULL));
    for (int i = 0; i < BAGS; i++)
        assert_int_equal(findings[i].unreadable, i == 2);
    assert_int_equal(findings[2].frame, 1);
}

/* Stills of one bag each whose neighbours are in view too; between 1 and 2 lies one more. */
static void room_between_two_symbols_of_a_still_is_a_bag_that_cannot_be_read(void **state)
{
    (void)state;
    static const int32_t seen[][2] = { { 0, 1 }, { 1, 2 }, { 1, 2 }, { 2, 3 } };
    for (int apart = 1; apart <= 2; apart++) {
        struct sightings sightings;
        struct sequence_finding findings[BAGS];
        assert_true(sightings_open(arena, false, &sightings, NULL));
        sightings.pitch_per_symbol = (float)PITCH / SYMBOL;
        for (size_t i = 0; i < RW_COUNT(seen); i++)
            show_two_apart(&sightings, seen[i], seen[i][0] == 1 ? apart * PITCH : PITCH);
        assert_true(sightings_check(&sightings, BAGS, findings, NULL));
        for (int i = 0; i < BAGS; i++) {
            assert_int_equal(findings[i].beside, apart == 2 && (i == 1 || i == 2));
            assert_false(findings[i].missing || findings[i].twice || findings[i].out_of_order);
        }
    }
}

static void a_bag_without_a_code_in_the_midst_of_a_still_is_not_called_missing(void **state)
{
    (void)state;
    static const int32_t seen[][2] = { { 0, 2 }, { 0, 2 }, { 2, 3 } };
    struct sightings sightings;
    struct sequence_finding findings[BAGS];
    assert_true(sightings_open(arena, false, &sightings, NULL));
    sightings.pitch_per_symbol = (float)PITCH / SYMBOL;
    for (size_t i = 0; i < RW_COUNT(seen); i++)
        show_two_apart(&sightings, seen[i], seen[i][0] == 0 ? 2 * PITCH : PITCH);
    assert_true(sightings_check(&sightings, BAGS, findings, NULL));
    for (int i = 0; i < BAGS; i++) {
        assert_int_equal(findings[i].unreadable, i == 1);
        assert_false(findings[i].beside || findings[i].gap);
    }
}

/* Bags 1 and 2 in one still, or 1 alone; before them, behind them, or nowhere is more print. */
static void print_beyond_the_last_code_of_stills_is_a_bag_that_cannot_be_read(void **state)
{
    (void)state;
    static const struct {
        int printed_rows;
        int codes;
        bool unreadable[BAGS];
    } rows[] = {
        { 4 * PITCH, 2, { true, false, false, true } },
        { 3 * PITCH, 2, { true, false, false, false } },
        { 4 * PITCH, 1, { false } }, /* nothing tells which way the film ran */
        { 0, 2, { false } },
    };
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        struct sightings sightings;
        struct sequence_finding findings[BAGS];
        struct reading two[2];
        const struct readings readings = { .readings = two, .count = (size_t)rows[i].codes };
        const struct picture film = film_with_print(rows[i].printed_rows);
        memset(two, 0, sizeof two);
        assert_true(sightings_open(arena, false, &sightings, NULL));
        sightings.pitch_per_symbol = (float)PITCH / SYMBOL;
        sightings.above_part = 0.5F;
        for (int k = 0; k < rows[i].codes; k++)
            two[k].grid.quad = symbol_at(300, 1.5F * PITCH + (float)(k * PITCH));
        sightings_begin(&sightings, &readings);
        for (int k = 0; k < rows[i].codes; k++)
            assert_true(sightings_add(&sightings, 1 + k, &two[k].grid.quad, true, NULL));
        assert_true(sightings_end(&sightings, &film, arena, NULL));
        assert_true(sightings_check(&sightings, BAGS, findings, NULL));
        for (int k = 0; k < BAGS; k++) {
            assert_int_equal(findings[k].missing, k < 1 || k > rows[i].codes);
            assert_int_equal(findings[k].unreadable, rows[i].unreadable[k]);
        }
    }
}

static void an_arena_without_room_is_told(void **state)
{
    (void)state;
    struct sightings sightings;
    struct rw_error err = { 0 };
    const struct readings none = { 0 };
    const struct picture nothing = { 0 };
    const struct picture_quad quad = symbol_at(100, 100);
    struct rw_arena *empty = rw_arena_open(0);
    assert_non_null(empty);
    assert_false(sightings_open(empty, true, &sightings, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
    err = (struct rw_error){ 0 };
    assert_true(sightings_open(empty, false, &sightings, &err));
    sightings_begin(&sightings, &none);
    assert_false(sightings_add(&sightings, 0, &quad, true, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
    err = (struct rw_error){ 0 };
    assert_false(sightings_end(&sightings, &nothing, arena, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
    rw_arena_close(empty);

    assert_true(sightings_open(arena, true, &sightings, NULL)); /* a video of nothing */
    struct sequence_finding findings[BAGS];
    struct rw_arena *small = rw_arena_open(0);
    sightings.arena = small;
    err = (struct rw_error){ 0 };
    assert_false(sightings_check(&sightings, BAGS, findings, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
    rw_arena_close(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_film_may_run_up_or_across_the_labels),
        cmocka_unit_test(a_label_that_is_turned_does_not_turn_the_film),
        cmocka_unit_test(a_still_without_a_symbol_is_a_bag_that_cannot_be_read),
        cmocka_unit_test(room_between_two_symbols_of_a_still_is_a_bag_that_cannot_be_read),
        cmocka_unit_test(a_bag_without_a_code_in_the_midst_of_a_still_is_not_called_missing),
        cmocka_unit_test(print_beyond_the_last_code_of_stills_is_a_bag_that_cannot_be_read),
        cmocka_unit_test(an_arena_without_room_is_told),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
