/* SPDX-License-Identifier: Apache-2.0 */
/* Proves which ink outside of the label's text is print. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "verifier/stray.h"

#define PX_PER_MM 10
#define WIDTH (70 * PX_PER_MM)
#define HEIGHT (60 * PX_PER_MM)
#define FILM 220
#define INK 40
#define TABLET 140

/* One line of text, 20 mm long and 3 mm high. */
static struct print_field fields[] = {
    { "content-1", "METOPROLOL", 10000, 20000, 20000, 3000 },
    { "symbol", "", 55000, 45000, 9000, 9000 },
};
static const struct print print = {
    .fields = fields, .field_count = 2, .width_um = 70000, .height_um = 60000, .symbol = 1
};
static const struct plane_box known[] = { { 97, 197, 206, 36 } };

struct scene {
    struct rw_arena *arena;
    struct picture seen;
    struct picture paper;
    struct picture wanted;
    struct stray_mark marks[STRAY_MARKS_MAX];
    size_t count;
};

static struct scene scene;

static void fill(struct picture *picture, struct plane_box box, uint8_t grey)
{
    for (int y = box.y; y < box.y + box.height; y++)
        memset(picture->pixels + (ptrdiff_t)y * picture->stride + box.x, grey, (size_t)box.width);
}

/* Film with the planned line on it. */
static int lay_film(void **state)
{
    (void)state;
    rw_arena_reset(scene.arena);
    struct picture *pictures[] = { &scene.seen, &scene.paper, &scene.wanted };
    for (size_t i = 0; i < RW_COUNT(pictures); i++) {
        if (!picture_make(scene.arena, WIDTH, HEIGHT, pictures[i], NULL))
            return 1;
        fill(pictures[i], (struct plane_box){ 0, 0, WIDTH, HEIGHT }, i == 2 ? 255 : FILM);
    }
    fill(&scene.seen, (struct plane_box){ 100, 200, 200, 30 }, INK);
    fill(&scene.wanted, (struct plane_box){ 100, 200, 200, 30 }, 0);
    return 0;
}

static struct stray_view view_of_scene(void)
{
    return (struct stray_view){ .seen = &scene.seen,
                                .paper = &scene.paper,
                                .wanted = &scene.wanted,
                                .print = &print,
                                .known = known,
                                .known_count = RW_COUNT(known),
                                .px_per_um = PX_PER_MM / 1000.0F,
                                .full = FILM - INK,
                                .black = INK };
}

static size_t look(void)
{
    const struct stray_view view = view_of_scene();
    assert_true(stray_find(&view, scene.arena, scene.marks, &scene.count, NULL));
    return scene.count;
}

/* … in a bag in which nothing lies. */
static size_t look_for_blots(void)
{
    struct stray_view view = view_of_scene();
    view.paper = NULL;
    view.known_count = 0;
    assert_true(stray_find_blots(&view, scene.arena, scene.marks, &scene.count, NULL));
    return scene.count;
}

/* … and in a bag with tablets. */
static size_t look_for_blots_over_tablets(void)
{
    const struct stray_view view = view_of_scene();
    assert_true(stray_find_blots(&view, scene.arena, scene.marks, &scene.count, NULL));
    return scene.count;
}

/* A letter of 2.2 mm, about as a zero is. */
static void letter(int x, int y)
{
    fill(&scene.seen, (struct plane_box){ x, y, 14, 22 }, INK);
    fill(&scene.seen, (struct plane_box){ x + 4, y + 4, 6, 14 }, FILM);
}

static void the_planned_line_is_none(void **state)
{
    (void)state;
    assert_int_equal(look(), 0);
}

static void a_digit_behind_a_line_is_told_with_its_field(void **state)
{
    (void)state;
    letter(307, 204);
    assert_int_equal(look(), 1);
    assert_string_equal(scene.marks[0].field, "content-1");
    assert_int_equal(scene.marks[0].box.y, 204);
    (void)lay_film(NULL);
    letter(60, 204); /* before it: 10 for 0 */
    assert_int_equal(look(), 1);
}

static void a_line_more_is_told_and_a_mark_alone_is_not(void **state)
{
    (void)state;
    letter(200, 320);
    assert_int_equal(look(), 0);
    for (int i = 0; i < 6; i++)
        letter(200 + 18 * i, 320);
    assert_true(look() > 0);
    assert_string_equal(scene.marks[0].field, "");
    assert_int_equal(scene.marks[0].box.width, 5 * 18 + 14);
}

static void what_is_small_pale_or_at_the_edge_is_none(void **state)
{
    (void)state;
    fill(&scene.seen, (struct plane_box){ 307, 220, 4, 4 }, INK);        /* a speck */
    fill(&scene.seen, (struct plane_box){ 320, 204, 6, 22 }, FILM - 40); /* a crease */
    fill(&scene.seen, (struct plane_box){ 0, 204, 12, 22 }, INK);        /* beneath the edge */
    fill(&scene.seen, (struct plane_box){ 420, 204, 14, 22 }, INK);      /* too far away */
    assert_int_equal(look(), 0);
}

/* The edge of a dark tablet is narrow, but beside what is dark itself; ink is darker than that. */
static void edges_of_tablets_are_none_and_ink_beside_them_is_some(void **state)
{
    (void)state;
    fill(&scene.paper, (struct plane_box){ 320, 190, 60, 60 }, TABLET);
    fill(&scene.seen, (struct plane_box){ 316, 190, 64, 60 }, TABLET);
    assert_int_equal(look(), 0);
    fill(&scene.seen, (struct plane_box){ 307, 202, 6, 24 }, INK);
    assert_int_equal(look(), 1);
    (void)lay_film(NULL);
    fill(&scene.paper, (struct plane_box){ 317, 190, 60, 60 },
         250); /* a white one and its shadow */
    fill(&scene.seen, (struct plane_box){ 310, 190, 10, 60 }, FILM - 50);
    assert_int_equal(look(), 0);
}

static void without_room_there_is_no_answer(void **state)
{
    (void)state;
    struct rw_arena *small = rw_arena_open(0);
    const struct stray_view view = { .seen = &scene.seen,
                                     .paper = &scene.paper,
                                     .wanted = &scene.wanted,
                                     .print = &print,
                                     .px_per_um = PX_PER_MM / 1000.0F,
                                     .full = 100 };
    struct rw_error err = { 0 };
    assert_false(stray_find(&view, small, scene.marks, &scene.count, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
    err = (struct rw_error){ 0 };
    assert_false(stray_find_blots(&view, small, scene.marks, &scene.count, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
    rw_arena_close(small);
}

static int open_scene(void **state)
{
    (void)state;
    scene.arena = rw_arena_open(32 * RW_ARENA_MIB);
    return scene.arena == NULL;
}

static int close_scene(void **state)
{
    (void)state;
    rw_arena_close(scene.arena);
    return 0;
}

static void a_dark_thing_in_an_empty_bag_is_a_blot_wherever_it_lies(void **state)
{
    (void)state;
    static const struct plane_box blots[] = {
        { 300, 350, 12, 9 },  /* in the open */
        { 300, 350, 80, 80 }, /* as wide as a tablet */
        { 150, 215, 60, 30 }, /* over the lower part of the line */
        { 150, 180, 60, 12 }, /* close above it */
        { 0, 570, 300, 30 },  /* up to the edge of the bag */
    };
    for (size_t i = 0; i < RW_COUNT(blots); i++) {
        (void)lay_film(NULL);
        assert_int_equal(look_for_blots(), 0);
        fill(&scene.seen, blots[i], INK);
        assert_int_equal(look_for_blots(), 1);
        assert_string_equal(scene.marks[0].field, "");
    }
}

static void a_speck_a_shadow_a_band_of_film_and_the_seal_are_no_blots(void **state)
{
    (void)state;
    fill(&scene.seen, (struct plane_box){ 300, 350, 5, 5 }, INK);
    fill(&scene.seen, (struct plane_box){ 400, 350, 60, 40 }, FILM - (FILM - INK) / 2);
    fill(&scene.seen, (struct plane_box){ 0, 400, WIDTH, 150 }, TABLET);
    fill(&scene.seen, (struct plane_box){ 0, 590, WIDTH, 10 }, INK);
    fill(&scene.seen, (struct plane_box){ 98, 198, 204, 34 }, INK); /* soft edges of print */
    assert_int_equal(look_for_blots(), 0);
}

static void what_is_known_to_be_no_blot_is_none(void **state)
{
    (void)state;
    struct stray_view view = view_of_scene();
    const struct plane_box rule = { 290, 340, 40, 30 };
    view.known = &rule;
    view.known_count = 1;
    fill(&scene.seen, (struct plane_box){ 300, 350, 20, 10 }, INK);
    assert_true(stray_find_blots(&view, scene.arena, scene.marks, &scene.count, NULL));
    assert_int_equal(scene.count, 0);
}

/* Each lies beside a tablet and over it, which the paper shows. */
static void a_black_spot_between_tablets_is_a_blot(void **state)
{
    (void)state;
    fill(&scene.paper, (struct plane_box){ 300, 300, 80, 80 }, TABLET);
    fill(&scene.seen, (struct plane_box){ 300, 300, 80, 80 }, TABLET);
    assert_int_equal(look_for_blots_over_tablets(), 0);
    fill(&scene.seen, (struct plane_box){ 450, 350, 12, 9 }, INK);
    assert_int_equal(look_for_blots_over_tablets(), 1);
    assert_int_equal(scene.marks[0].box.x, 450);
    fill(&scene.seen, (struct plane_box){ 200, 229, 60, 12 }, INK); /* runs out of the line */
    assert_int_equal(look_for_blots_over_tablets(), 2);
}

static void what_tablets_have_is_no_blot(void **state)
{
    (void)state;
    fill(&scene.paper, (struct plane_box){ 300, 300, 80, 80 }, TABLET);
    fill(&scene.seen, (struct plane_box){ 300, 300, 80, 80 }, TABLET);
    fill(&scene.seen, (struct plane_box){ 296, 300, 4, 80 }, INK);         /* a gap, a rim */
    fill(&scene.seen, (struct plane_box){ 450, 350, 12, 9 }, FILM - 110);  /* a shadow */
    fill(&scene.seen, (struct plane_box){ 320, 350, 12, 9 }, TABLET - 99); /* its imprint */
    fill(&scene.seen, (struct plane_box){ 330, 330, 5, 5 }, INK);          /* a speck */
    assert_int_equal(look_for_blots_over_tablets(), 0);
}

/* A dark tablet: round, so lighter towards its middle, where it shines. */
static void lay_dark_tablet(int x, int y, int side, uint8_t grey)
{
    for (int i = 0; i < side / 2; i++) {
        const struct plane_box within = { x + i, y + i, side - 2 * i, side - 2 * i };
        fill(&scene.seen, within, (uint8_t)(grey + 2 * i));
        fill(&scene.paper, within, (uint8_t)(grey + 2 * i));
    }
}

/* It is as wide as what counts as paper, which shows it too. */
static void a_wide_spot_as_black_as_print_is_a_blot(void **state)
{
    (void)state;
    static const int sides[] = { 24, 40, 70 };
    for (size_t i = 0; i < RW_COUNT(sides); i++) {
        (void)lay_film(NULL);
        const struct plane_box box = { 400, 350, sides[i], sides[i] };
        fill(&scene.seen, box, INK + 12);
        fill(&scene.paper, box, INK + 12);
        assert_int_equal(look_for_blots_over_tablets(), 1);
        assert_int_equal(scene.marks[0].box.width, sides[i]);
    }
    (void)lay_film(NULL);
    fill(&scene.seen, (struct plane_box){ 200, 225, 30, 30 }, INK); /* runs out of the line */
    fill(&scene.paper, (struct plane_box){ 200, 225, 30, 30 }, INK);
    assert_int_equal(look_for_blots_over_tablets(), 1);
}

static void dark_tablets_and_shadows_are_no_wide_blots(void **state)
{
    (void)state;
    lay_dark_tablet(300, 300, 80, INK + 2); /* black, and lighter towards its middle */
    const struct plane_box shining[] = { { 200, 300, 80, 80 }, { 480, 280, 60, 60 } };
    for (size_t i = 0; i < RW_COUNT(shining); i++) {
        fill(&scene.seen, shining[i], INK);
        fill(&scene.paper, shining[i], INK);
    }
    fill(&scene.seen, (struct plane_box){ 230, 320, 25, 25 }, INK + 40);  /* a little … */
    fill(&scene.seen, (struct plane_box){ 500, 300, 12, 12 }, FILM - 40); /* … and much */
    fill(&scene.seen, (struct plane_box){ 420, 350, 60, 60 }, INK + 50);  /* brown, behind film */
    fill(&scene.paper, (struct plane_box){ 420, 350, 60, 60 }, INK + 50);
    fill(&scene.seen, (struct plane_box){ 300, 420, 60, 60 }, FILM - 90); /* a shadow */
    fill(&scene.paper, (struct plane_box){ 300, 420, 60, 60 }, FILM - 90);
    assert_int_equal(look_for_blots_over_tablets(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_planned_line_is_none, lay_film),
        cmocka_unit_test_setup(a_digit_behind_a_line_is_told_with_its_field, lay_film),
        cmocka_unit_test_setup(a_line_more_is_told_and_a_mark_alone_is_not, lay_film),
        cmocka_unit_test_setup(what_is_small_pale_or_at_the_edge_is_none, lay_film),
        cmocka_unit_test_setup(edges_of_tablets_are_none_and_ink_beside_them_is_some, lay_film),
        cmocka_unit_test_setup(a_dark_thing_in_an_empty_bag_is_a_blot_wherever_it_lies, lay_film),
        cmocka_unit_test_setup(a_speck_a_shadow_a_band_of_film_and_the_seal_are_no_blots, lay_film),
        cmocka_unit_test_setup(what_is_known_to_be_no_blot_is_none, lay_film),
        cmocka_unit_test_setup(a_black_spot_between_tablets_is_a_blot, lay_film),
        cmocka_unit_test_setup(what_tablets_have_is_no_blot, lay_film),
        cmocka_unit_test_setup(a_wide_spot_as_black_as_print_is_a_blot, lay_film),
        cmocka_unit_test_setup(dark_tablets_and_shadows_are_no_wide_blots, lay_film),
        cmocka_unit_test_setup(without_room_there_is_no_answer, lay_film),
    };
    return cmocka_run_group_tests(tests, open_scene, close_scene);
}
