/* SPDX-License-Identifier: Apache-2.0 */
/* Proves how seen print is measured against wanted print. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/fixture.h"
#include "verifier/cell.h"
#include "verifier/seek.h"

#define WIDTH 80
#define HEIGHT 60
#define USUAL 0.8F

static const struct cell_usual usual = { USUAL, 0, 0 };

static const struct plane_box box = { 30, 20, 24, 24 };

static struct picture paper(void)
{
    struct picture picture;
    struct rw_error err = { 0 };
    assert_true(picture_make(arena, WIDTH, HEIGHT, &picture, &err));
    memset(picture.pixels, 255, (size_t)WIDTH * HEIGHT);
    return picture;
}

static void ink(struct picture *picture, struct plane_box where, uint8_t grey)
{
    for (int y = where.y; y < where.y + where.height; y++)
        memset(picture->pixels + y * picture->stride + where.x, grey, (size_t)where.width);
}

/* Something like an E, its upper left corner here. */
static void letter(struct picture *picture, int x, int y, uint8_t grey)
{
    ink(picture, (struct plane_box){ x, y, 4, 20 }, grey);
    ink(picture, (struct plane_box){ x, y, 14, 4 }, grey);
    ink(picture, (struct plane_box){ x, y + 8, 11, 4 }, grey);
    ink(picture, (struct plane_box){ x, y + 16, 14, 4 }, grey);
}

static struct cell_planes planes_of(const struct picture *seen, const struct picture *wanted)
{
    struct cell_planes planes = { 0 };
    struct rw_error err = { 0 };
    assert_true(plane_make(seen, NULL, arena, &planes.seen, &err));
    assert_true(plane_sum_up(&planes.seen, arena, &err));
    assert_true(plane_make(wanted, NULL, arena, &planes.wanted, &err));
    return planes;
}

static struct cell measured(const struct picture *seen)
{
    struct picture wanted = paper();
    letter(&wanted, 34, 22, 0);
    struct cell_planes planes = planes_of(seen, &wanted);
    struct cell cell = { .box = box, .depth = 1 };
    cell_measure(&planes, &cell);
    return cell;
}

static void moments_are_those_of_the_ink(void **state)
{
    (void)state;
    struct picture picture = paper();
    struct plane plane;
    struct rw_error err = { 0 };
    ink(&picture, (struct plane_box){ 10, 10, 2, 2 }, 155); /* 100 levels of ink */
    assert_true(plane_make(&picture, NULL, arena, &plane, &err));
    /* Four pixels of sixteen: mean 25, mean of squares 2500. */
    struct plane_moments moments = plane_moments_of(&plane, &(struct plane_box){ 10, 10, 4, 4 });
    assert_true(fabs(moments.mean - 25) < 1e-9);
    assert_true(fabs(moments.variance - (2500 - 625)) < 1e-6);
}

static void paper_and_margin_follow_the_picture(void **state)
{
    (void)state;
    struct picture picture = paper();
    struct picture ground = paper();
    struct plane plane;
    struct rw_error err = { 0 };
    memset(ground.pixels, 200, (size_t)WIDTH * HEIGHT);
    ink(&picture, (struct plane_box){ 0, 0, 1, 1 }, 50);
    assert_true(plane_make(&picture, &ground, arena, &plane, &err));
    assert_int_equal(plane_row(&plane, 0, 0)[0], 150);
    assert_int_equal(plane_row(&plane, 1, 0)[0], -55); /* lighter than its ground */
    assert_int_equal(plane_row(&plane, -PLANE_MARGIN, -PLANE_MARGIN)[0], 150);
    assert_int_equal(plane_row(&plane, WIDTH + PLANE_MARGIN - 1, 3)[0], -55);
}

static void a_piece_is_found_to_a_part_of_a_pixel(void **state)
{
    (void)state;
    struct picture wanted = paper();
    struct picture seen = paper();
    struct seek_place place;
    letter(&wanted, 34, 22, 0);
    letter(&seen, 37, 20, 60);
    struct cell_planes planes = planes_of(&seen, &wanted);
    seek_box(&planes.wanted, &planes.seen, &box, 5, &place);
    assert_true(fabsf(place.x - 3) < 0.1F && fabsf(place.y + 2) < 0.1F);
    assert_true(place.alike > 0.999F);
    /* A column of half the ink left of it: half a pixel further left. */
    ink(&seen, (struct plane_box){ 36, 20, 1, 20 }, 158);
    planes = planes_of(&seen, &wanted);
    seek_box(&planes.wanted, &planes.seen, &box, 5, &place);
    assert_true(place.x < 3 && place.x > 2);
}

static void a_box_at_the_edge_is_sought_on_the_plane_alone(void **state)
{
    (void)state;
    struct picture wanted = paper();
    struct seek_place place;
    const struct plane_box whole = { 0, 0, WIDTH, HEIGHT };
    letter(&wanted, 34, 22, 0);
    struct cell_planes planes = planes_of(&wanted, &wanted);
    seek_box(&planes.wanted, &planes.seen, &whole, 3, &place);
    assert_true(fabsf(place.x) < 0.01F && fabsf(place.y) < 0.01F);
    assert_true(place.alike > 0.999F);
}

static void the_shift_of_a_stretch_is_found(void **state)
{
    (void)state;
    struct picture wanted = paper();
    struct picture seen = paper();
    letter(&wanted, 34, 22, 0);
    letter(&seen, 29, 25, 80);
    struct cell_planes planes = planes_of(&seen, &wanted);
    struct plane_shift shift = cell_find_shift(&planes, &box, (struct plane_shift){ 0, 0 }, 6);
    assert_int_equal(shift.x, -5);
    assert_int_equal(shift.y, 3);
    struct cell cell = { .box = box, .shift = { -4, 4 } };
    assert_true(cell_likeness(&planes, &cell) < 0.9F);
    cell_settle(&planes, &cell);
    assert_int_equal(cell.shift.x, -5);
    assert_int_equal(cell.shift.y, 3);
    assert_true(cell_likeness(&planes, &cell) > 0.999F);
}

/* Whatever lies on the stack where the next function puts its variables. */
static void __attribute__((noinline)) soil_stack(void)
{
    volatile float left_over[8192];
    for (size_t i = 0; i < 8192; i++)
        left_over[i] = 2; /* more alike than anything can be */
    assert_true(left_over[4096] > 1);
}

/* A bend carries a letter to any side of where its stretch was laid, and the letter before, which
 * fits where it was laid, says nothing about it. */
static void a_letter_is_followed_to_every_side(void **state)
{
    (void)state;
    struct picture wanted = paper();
    letter(&wanted, 14, 22, 0);
    letter(&wanted, 50, 22, 0);
    for (int side = 0; side < 9; side++) {
        struct picture seen = paper();
        letter(&seen, 14, 22, 51);
        letter(&seen, 50 + 2 * (side % 3 - 1), 22 + 2 * (side / 3 - 1), 51);
        struct cell_planes planes = planes_of(&seen, &wanted);
        struct cell cells[] = { { .box = { 10, 20, 24, 24 }, .depth = 1 },
                                { .box = { 46, 20, 24, 24 }, .depth = 1 } };
        for (int i = 0; i < 2; i++) {
            soil_stack();
            cell_measure(&planes, &cells[i]);
        }
        assert_true(cells[0].likeness > 0.999F && cells[1].likeness > 0.999F);
        assert_int_equal(cell_judge(&cells[1], &usual).reason, REASON_NONE);
    }
}

static void good_print_is_like_the_rendering_however_dark_it_is(void **state)
{
    (void)state;
    struct picture seen = paper();
    letter(&seen, 34, 22, 255 - 204); /* eight tenths of the ink */
    struct cell cell = measured(&seen);
    assert_true(cell.has_ink && cell.likeness > 0.999F);
    assert_true(fabsf(cell.contrast - 0.8F) < 0.001F && fabsf(cell.structure - 0.8F) < 0.001F);
    assert_true(cell.missing < 0.001F && cell.extra < 0.001F);
    assert_int_equal(cell_judge(&cell, &usual).reason, REASON_NONE);
}

static void another_letter_differs(void **state)
{
    (void)state;
    struct picture seen = paper();
    ink(&seen, (struct plane_box){ 46, 22, 4, 20 }, 51); /* the stroke at the other side */
    ink(&seen, (struct plane_box){ 34, 22, 16, 4 }, 51);
    struct cell cell = measured(&seen);
    assert_int_equal(cell_judge(&cell, &usual).reason, REASON_TEXT_DIFFERS);
}

static void lost_print_is_damage(void **state)
{
    (void)state;
    struct picture seen = paper();
    letter(&seen, 34, 22, 255 - 80); /* much paler than the rest of the label */
    struct cell cell = measured(&seen);
    assert_int_equal(cell_judge(&cell, &usual).reason, REASON_PRINT_DAMAGED);
}

static void a_spot_without_ink_and_one_with_too_much_are_damage(void **state)
{
    (void)state;
    struct picture seen = paper();
    letter(&seen, 34, 22, 51);
    ink(&seen, (struct plane_box){ 34, 31, 4, 4 }, 255);
    struct cell cell = measured(&seen);
    assert_true(cell.likeness > 0.8F && cell.missing > 0.42F * USUAL);
    assert_int_equal(cell_judge(&cell, &usual).reason, REASON_PRINT_DAMAGED);
    seen = paper();
    letter(&seen, 34, 22, 51);
    ink(&seen, (struct plane_box){ 42, 27, 3, 3 }, 51);
    cell = measured(&seen);
    assert_true(cell.likeness > 0.8F && cell.extra > 0.46F * USUAL);
    assert_int_equal(cell_judge(&cell, &usual).reason, REASON_PRINT_DAMAGED);
}

/* On a dim picture the gap of an i, closed, has less than the limit. */
static void a_spot_counts_sooner_where_all_else_lies_well(void **state)
{
    (void)state;
    struct picture seen = paper();
    const struct cell_usual steady = { USUAL, 0, 0.1F * USUAL };
    const struct cell_usual rough = { USUAL, 0, 0.2F * USUAL };
    letter(&seen, 34, 22, 51);
    ink(&seen, (struct plane_box){ 42, 27, 3, 3 }, 255 - 71);
    struct cell cell = measured(&seen);
    assert_true(cell.extra > 0.40F * USUAL && cell.extra < 0.46F * USUAL);
    assert_int_equal(cell_judge(&cell, &rough).reason, REASON_NONE);
    assert_int_equal(cell_judge(&cell, &steady).reason, REASON_PRINT_DAMAGED);
}

static void large_letters_may_be_darker_than_most(void **state)
{
    (void)state;
    /* A spot that lacks less than four tenths of this letter's ink, but more of most letters'. */
    struct picture seen = paper();
    letter(&seen, 34, 22, 255 - 245);
    ink(&seen, (struct plane_box){ 34, 31, 4, 4 }, 255 - 162);
    struct cell cell = measured(&seen);
    const struct cell_usual paler = { 0.6F, 0, 0 };
    assert_true(cell.missing > 0.42F * paler.contrast && cell.missing < 0.42F * cell.contrast);
    assert_int_equal(cell_judge(&cell, &paler).reason, REASON_NONE);
}

/* Ink on a dark tablet has half of its darkness there: so has a letter, and so has a spot of one.
 */
static void on_dark_paper_less_is_as_much(void **state)
{
    (void)state;
    struct picture seen = paper();
    letter(&seen, 34, 22, 255 - 90);
    struct cell cell = measured(&seen);
    assert_int_equal(cell_judge(&cell, &usual).reason, REASON_PRINT_DAMAGED);
    cell.depth = 0.5F;
    assert_int_equal(cell_judge(&cell, &usual).reason, REASON_NONE);
    ink(&seen, (struct plane_box){ 42, 27, 4, 3 }, 255 - 70);
    cell = measured(&seen);
    cell.depth = 0.5F;
    assert_true(cell.likeness > 0.8F && cell.extra < 0.46F * USUAL);
    assert_int_equal(cell_judge(&cell, &usual).reason, REASON_PRINT_DAMAGED);
}

static void noise_is_not_another_letter_and_does_not_hide_one(void **state)
{
    (void)state;
    struct cell cell = { .has_ink = true,
                         .likeness = 0.71F,
                         .contrast = 0.4F,
                         .structure = 0.56F,
                         .spread = 100,
                         .depth = 1 };
    const struct cell_usual quiet = { 0.4F, 0, 0 };
    const struct cell_usual noisy = { 0.4F, 48, 0 };
    const struct cell_usual storm = { 0.4F, 1000, 0 };
    assert_true(fabsf(cell_residue(&cell) - 49.6F) < 0.1F);
    assert_int_equal(cell_judge(&cell, &quiet).reason, REASON_TEXT_DIFFERS);
    assert_int_equal(cell_judge(&cell, &noisy).reason, REASON_NONE); /* 0.71 / sqrt(0.52) */
    cell.likeness = 0.55F;
    assert_int_equal(cell_judge(&cell, &noisy).reason, REASON_TEXT_DIFFERS);
    assert_int_equal(cell_judge(&cell, &storm).reason, REASON_TEXT_DIFFERS);
}

/* As measured where one letter of a name was another one in a wide cell. */
static void a_spot_counts_however_alike_the_rest_is(void **state)
{
    (void)state;
    struct cell cell = { .has_ink = true,
                         .likeness = 0.985F,
                         .contrast = 1.032F,
                         .structure = 1,
                         .spread = 3107,
                         .missing = 0.131F,
                         .extra = 0.573F,
                         .depth = 1 };
    const struct cell_usual usual_there = { 1, 14, 0 };
    assert_int_equal(cell_judge(&cell, &usual_there).reason, REASON_PRINT_DAMAGED);
    cell.missing = 0.573F;
    cell.extra = 0.131F;
    assert_int_equal(cell_judge(&cell, &usual_there).reason, REASON_PRINT_DAMAGED);
}

static void a_comma_is_judged_with_its_neighbours(void **state)
{
    (void)state;
    struct picture wanted = paper();
    const struct plane_box stretch = { 10, 20, 60, 24 };
    letter(&wanted, 14, 22, 0);
    ink(&wanted, (struct plane_box){ 42, 40, 2, 3 }, 0);
    struct cell_planes planes = planes_of(&wanted, &wanted);
    struct cell comma = { .box = { 34, 20, 20, 24 }, .depth = 1 };
    cell_widen(&planes, &stretch, &comma);
    assert_int_equal(comma.box.x, 24);
    assert_int_equal(comma.box.width, 40);
    struct cell at_end = { .box = { 40, 20, 28, 24 } };
    cell_widen(&planes, &stretch, &at_end);
    assert_int_equal(at_end.box.x + at_end.box.width, 70);
    struct cell full = { .box = { 14, 20, 20, 24 } };
    cell_widen(&planes, &stretch, &full);
    assert_int_equal(full.box.width, 20);
    struct cell empty = { .box = { 56, 20, 14, 24 } };
    cell_widen(&planes, &stretch, &empty);
    assert_int_equal(empty.box.width, 14);
    /* Without the comma, the spot where it should be has no ink. */
    struct picture seen = paper();
    letter(&seen, 14, 22, 51);
    planes = planes_of(&seen, &wanted);
    comma.box = (struct plane_box){ 18, 20, 40, 24 };
    cell_measure(&planes, &comma);
    assert_int_equal(cell_judge(&comma, &usual).reason, REASON_PRINT_DAMAGED);
}

static void ink_where_nothing_is_wanted_is_damage(void **state)
{
    (void)state;
    struct picture wanted = paper();
    struct picture seen = paper();
    ink(&seen, (struct plane_box){ 40, 30, 4, 4 }, 51);
    struct cell_planes planes = planes_of(&seen, &wanted);
    struct cell cell = { .box = box };
    cell_measure(&planes, &cell);
    assert_false(cell.has_ink);
    assert_int_equal(cell_judge(&cell, &usual).reason, REASON_PRINT_DAMAGED);
    planes = planes_of(&wanted, &wanted);
    cell_measure(&planes, &cell);
    assert_int_equal(cell_judge(&cell, &usual).reason, REASON_NONE);
}

static void a_box_is_cut_to_the_planes(void **state)
{
    (void)state;
    struct picture wanted = paper();
    struct cell_planes planes = planes_of(&wanted, &wanted);
    struct plane_box over = { -5, 50, 20, 30 };
    assert_true(cell_box_cut(&over, &planes));
    assert_int_equal(over.x, 0);
    assert_int_equal(over.width, 15);
    assert_int_equal(over.height, 10);
    struct plane_box outside = { WIDTH - 2, 0, 20, 20 };
    assert_false(cell_box_cut(&outside, &planes));
}

int main(void)
{
#define CELL_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        CELL_TEST(moments_are_those_of_the_ink),
        CELL_TEST(paper_and_margin_follow_the_picture),
        CELL_TEST(a_piece_is_found_to_a_part_of_a_pixel),
        CELL_TEST(a_box_at_the_edge_is_sought_on_the_plane_alone),
        CELL_TEST(the_shift_of_a_stretch_is_found),
        CELL_TEST(a_letter_is_followed_to_every_side),
        CELL_TEST(good_print_is_like_the_rendering_however_dark_it_is),
        CELL_TEST(another_letter_differs),
        CELL_TEST(lost_print_is_damage),
        CELL_TEST(a_spot_without_ink_and_one_with_too_much_are_damage),
        CELL_TEST(a_spot_counts_sooner_where_all_else_lies_well),
        CELL_TEST(large_letters_may_be_darker_than_most),
        CELL_TEST(on_dark_paper_less_is_as_much),
        CELL_TEST(noise_is_not_another_letter_and_does_not_hide_one),
        CELL_TEST(a_spot_counts_however_alike_the_rest_is),
        CELL_TEST(a_comma_is_judged_with_its_neighbours),
        CELL_TEST(ink_where_nothing_is_wanted_is_damage),
        CELL_TEST(a_box_is_cut_to_the_planes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
