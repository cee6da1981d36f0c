/* SPDX-License-Identifier: Apache-2.0 */
/* Proves what a look without wide things takes back, and what not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/fixture.h"
#include "verifier/rims.h"
#include "verifier/vision.h"

#define WIDTH 140
#define HEIGHT 90
#define PX_PER_UM 0.014F
#define WIDE_PX 31 /* of what the first look takes for print */
#define LENS_PX 1.2F
#define FILM 230
#define RIM 105
#define INK 60
#define USUAL 0.8F
#define COARSE_PX_PER_UM 0.011F
#define PATCH_PX 14 /* there wider than a stroke, shorter than a tablet */
#define PATCH_STEP 27
#define PATCHES_FROM 140 /* rows of pixels above the first patch, with the letter */
#define PATCHES_A_ROW 33
#define PATCH_ROWS 32 /* in all more than VISION_SPOTS_MAX */

static const struct plane_box box = { 46, 30, 24, 26 };
static const struct plane_box rim = { 58, 0, 20, HEIGHT }; /* 1.4 mm, half of the letter on it */
static const struct cell_usual usual = { USUAL, 0, 0 };

/* A letter as wanted, what was seen, and both looks at it. */
struct scene {
    struct picture wanted;
    struct picture there;
    struct registration registration;
    struct laying laying;
    struct rims rims;
    struct cell cell;
};

static void fill(struct picture *picture, struct plane_box where, uint8_t grey)
{
    for (int y = where.y; y < where.y + where.height; y++)
        memset(picture->pixels + (ptrdiff_t)y * picture->stride + where.x, grey,
               (size_t)where.width);
}

static struct picture blank(int width, int height, uint8_t grey)
{
    struct picture picture;
    assert_true(picture_make(arena, width, height, &picture, NULL));
    fill(&picture, (struct plane_box){ 0, 0, width, height }, grey);
    return picture;
}

/* A label without print, and film on which nothing lies. */
static struct scene empty_of(int width, int height, float px_per_um)
{
    return (struct scene){ .wanted = blank(width, height, 255),
                           .there = blank(width, height, FILM),
                           .laying = { .px_per_um = px_per_um } };
}

static struct scene empty(void)
{
    return empty_of(WIDTH, HEIGHT, PX_PER_UM);
}

/* An E, or with `is_f` an F, of strokes so thick. */
static void letter(struct picture *picture, int thick, bool is_f, uint8_t grey)
{
    fill(picture, (struct plane_box){ 50, 32, thick, 22 }, grey);
    for (int bar = 0; bar < (is_f ? 2 : 3); bar++)
        fill(picture, (struct plane_box){ 50, 32 + 9 * bar, 16, thick < 4 ? thick : 4 }, grey);
}

/* A lens softens what is wanted and what is there. */
static void look(struct scene *scene)
{
    struct picture paper;
    struct picture soft;
    assert_true(vision_blur(&scene->there, LENS_PX, arena, &scene->registration.seen, NULL));
    assert_true(vision_blur(&scene->wanted, LENS_PX, arena, &soft, NULL));
    scene->wanted = soft;
    const struct picture *seen = &scene->registration.seen;
    scene->laying.registration = &scene->registration;
    scene->laying.usual = usual;
    scene->laying.wanted_soft = scene->wanted;
    assert_true(vision_paper(seen, WIDE_PX, arena, &paper, NULL));
    scene->laying.seen_paper = paper;
    struct cell_planes *planes = &scene->laying.planes;
    assert_true(plane_make(seen, &scene->laying.seen_paper, arena, &planes->seen, NULL));
    assert_true(plane_sum_up(&planes->seen, arena, NULL));
    assert_true(plane_make(&scene->wanted, NULL, arena, &planes->wanted, NULL));
    planes->paper = &scene->laying.seen_paper;
    planes->px_per_um = scene->laying.px_per_um;
    scene->rims = (struct rims){ .laying = &scene->laying };
    scene->cell = (struct cell){ .box = box, .depth = 1 };
    cell_measure(planes, &scene->cell);
    scene->laying.cells = &scene->cell;
    scene->laying.count = 1;
}

/* A letter is wanted; it, or the other one, lies on something dark. */
static void look_at_letter(struct scene *scene, char wanted, struct plane_box dark, char printed,
                           uint8_t ink)
{
    letter(&scene->wanted, 4, wanted == 'F', 0);
    fill(&scene->there, dark, RIM);
    letter(&scene->there, 4, printed == 'F', ink);
    look(scene);
}

static struct cell_fault judged_again(struct scene *scene)
{
    struct cell_fault fault = cell_judge(&scene->cell, &usual);
    assert_int_not_equal(fault.reason, REASON_NONE);
    assert_true(rims_judge(&scene->rims, &scene->cell, &usual, arena, &fault, NULL));
    return fault;
}

static bool is_small_doubt(const struct cell_fault *fault)
{
    return fault->in_doubt && fault->size > 1 && fault->size < 1.3F;
}

static void a_letter_on_the_rim_of_a_tablet_is_good(void **state)
{
    (void)state;
    struct scene scene = empty();
    look_at_letter(&scene, 'E', rim, 'E', INK);
    assert_int_equal(judged_again(&scene).reason, REASON_NONE);
    assert_false(scene.rims.is_patchy);
}

/* As wide as a rim, but shorter than any tablet: ink that was dragged there. */
static void a_letter_in_a_patch_smaller_than_a_tablet_is_doubtful(void **state)
{
    (void)state;
    struct scene scene = empty();
    look_at_letter(&scene, 'E', (struct plane_box){ rim.x, 26, rim.width, 34 }, 'E', INK);
    struct cell_fault fault = judged_again(&scene);
    assert_int_equal(fault.reason, REASON_PRINT_DAMAGED);
    assert_true(is_small_doubt(&fault));
}

/* More dark patches lie on the film than are kept, all of them far from the letter. */
static void where_not_all_patches_were_found_one_may_lie_anywhere(void **state)
{
    (void)state;
    struct scene scene = empty_of(PATCHES_A_ROW * PATCH_STEP,
                                  PATCHES_FROM + PATCH_ROWS * PATCH_STEP, COARSE_PX_PER_UM);
    struct plane_box patch = { 0, PATCHES_FROM, PATCH_PX, PATCH_PX };
    for (int row = 0; row < PATCH_ROWS; row++, patch.y += PATCH_STEP)
        for (int i = 0; i < PATCHES_A_ROW; i++) {
            patch.x = i * PATCH_STEP;
            fill(&scene.there, patch, RIM);
        }
    look_at_letter(&scene, 'E', rim, 'E', INK);
    struct cell_fault fault = judged_again(&scene);
    assert_int_equal(fault.reason, REASON_PRINT_DAMAGED);
    assert_true(is_small_doubt(&fault));
}

static void another_letter_on_the_rim_is_told(void **state)
{
    (void)state;
    struct scene more = empty();
    look_at_letter(&more, 'F', rim, 'E', INK);
    assert_int_not_equal(judged_again(&more).reason, REASON_NONE);
    struct scene less = empty();
    look_at_letter(&less, 'E', rim, 'F', INK);
    struct cell_fault fault = judged_again(&less);
    assert_int_not_equal(fault.reason, REASON_NONE);
    assert_true(fault.in_doubt && fault.size > 1);
}

static void no_print_on_a_rim_is_not_print(void **state)
{
    (void)state;
    struct scene scene = empty();
    letter(&scene.wanted, 4, false, 0);
    fill(&scene.there, rim, RIM);
    look(&scene);
    assert_int_not_equal(judged_again(&scene).reason, REASON_NONE);
}

/* Of a thick stroke nothing is left to be seen: a hole in it is told by the first look alone. */
static void thick_strokes_keep_what_the_first_look_says(void **state)
{
    (void)state;
    struct scene scene = empty();
    letter(&scene.wanted, 18, false, 0);
    letter(&scene.there, 18, false, INK);
    fill(&scene.there, (struct plane_box){ 54, 40, 8, 8 }, FILM);
    look(&scene);
    struct cell_fault first = cell_judge(&scene.cell, &usual);
    struct cell_fault second = judged_again(&scene);
    assert_int_equal(second.reason, first.reason);
    assert_true(second.size >= first.size);
}

/* Where strokes stand close together all is dark, and yet no tablet lies there: e for c, in bold.
 */
static void close_strokes_on_even_film_are_no_rim(void **state)
{
    (void)state;
    struct scene scene = empty();
    struct picture *both[] = { &scene.wanted, &scene.there };
    for (int i = 0; i < 2; i++) {
        uint8_t grey = i == 0 ? 0 : INK;
        fill(both[i], (struct plane_box){ 48, 32, 6, 22 }, grey);
        fill(both[i], (struct plane_box){ 48, 32, 20, 6 }, grey);
        fill(both[i], (struct plane_box){ 48, 48, 20, 6 }, grey);
        fill(both[i], (struct plane_box){ 64, 32, 6, 10 }, grey);
    }
    fill(&scene.there, (struct plane_box){ 54, 41, 10, 4 }, INK);
    look(&scene);
    struct cell_fault first = cell_judge(&scene.cell, &usual);
    struct cell_fault second = judged_again(&scene);
    assert_true(second.size > 0.9F * first.size && !second.in_doubt);
}

/* What lies evenly behind all of a letter is seen by the film around it. */
static void another_letter_within_a_dark_tablet_is_doubtful(void **state)
{
    (void)state;
    struct scene scene = empty();
    look_at_letter(&scene, 'F', (struct plane_box){ 30, 10, 60, 70 }, 'E', INK - 20);
    struct cell_fault fault = judged_again(&scene);
    assert_int_not_equal(fault.reason, REASON_NONE);
    assert_true(is_small_doubt(&fault));
}

/* Wide ink where none should be is on the paper with the rims, and no thing behind for that. */
static void a_wide_stroke_too_many_is_no_tablet(void **state)
{
    (void)state;
    struct scene scene = empty();
    const struct plane_box stroke = { 48, 30, 16, 24 };
    fill(&scene.wanted, stroke, 0);
    fill(&scene.there, stroke, INK);
    fill(&scene.there, (struct plane_box){ 48, 40, 22, 16 }, INK);
    look(&scene);
    assert_false(judged_again(&scene).in_doubt);
}

static struct cell_fault judged_mark(struct scene *scene, const struct plane_box *mark)
{
    struct cell_fault fault = { REASON_TEXT_DIFFERS, 2, false };
    assert_true(rims_judge_mark(&scene->rims, mark, 255 - INK, arena, &fault, NULL));
    return fault;
}

static bool is_print(struct scene *scene, const struct plane_box *mark)
{
    return judged_mark(scene, mark).reason != REASON_NONE;
}

static void a_mark_on_a_tablet_is_doubtful_and_one_on_film_is_not(void **state)
{
    (void)state;
    struct scene scene = empty();
    const struct plane_box on_film = { 8, 30, 5, 30 };
    const struct plane_box on_tablet = { 100, 30, 5, 30 };
    fill(&scene.there, (struct plane_box){ 80, 10, 50, 70 }, RIM);
    fill(&scene.there, on_film, INK);
    fill(&scene.there, on_tablet, 0);
    look(&scene);
    struct cell_fault there = judged_mark(&scene, &on_tablet);
    assert_true(there.in_doubt && there.reason == REASON_TEXT_DIFFERS && there.size < 1.3F);
    struct cell_fault here = judged_mark(&scene, &on_film);
    assert_true(!here.in_doubt && here.reason == REASON_TEXT_DIFFERS && here.size >= 2);
}

static void strokes_and_what_is_black_are_print_and_rims_are_not(void **state)
{
    (void)state;
    struct scene scene = empty();
    const struct plane_box stroke = { 10, 20, 6, 40 };
    const struct plane_box blot = { 90, 20, 24, 24 };
    fill(&scene.there, stroke, INK);
    fill(&scene.there, rim, RIM);
    fill(&scene.there, blot, INK);
    look(&scene);
    assert_true(is_print(&scene, &stroke));
    assert_true(is_print(&scene, &blot));
    const struct plane_box part = { rim.x, 20, rim.width, 40 };
    assert_false(is_print(&scene, &part));
}

static void without_room_there_is_no_second_look(void **state)
{
    (void)state;
    struct scene scene = empty();
    bool done = false;
    look(&scene);
    for (size_t room = WIDTH * HEIGHT; !done; room += WIDTH * HEIGHT / 2) {
        struct rw_arena *small = rw_arena_open(room);
        struct cell_fault fault = { REASON_PRINT_DAMAGED, 2, false };
        struct rw_error err = { 0 };
        assert_non_null(small);
        scene.rims = (struct rims){ .laying = &scene.laying };
        done = rims_judge(&scene.rims, &scene.cell, &usual, small, &fault, &err);
        if (!done) {
            assert_int_equal(err.code, RW_NO_MEMORY);
            assert_int_equal(fault.reason, REASON_PRINT_DAMAGED);
            err = (struct rw_error){ 0 };
            scene.rims = (struct rims){ .laying = &scene.laying };
            assert_false(rims_judge_mark(&scene.rims, &rim, 100, small, &fault, &err));
            assert_int_equal(err.code, RW_NO_MEMORY);
            assert_int_equal(fault.reason, REASON_PRINT_DAMAGED);
        }
        rw_arena_close(small);
    }
}

int main(void)
{
#define RIMS_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        RIMS_TEST(a_letter_on_the_rim_of_a_tablet_is_good),
        RIMS_TEST(a_letter_in_a_patch_smaller_than_a_tablet_is_doubtful),
        RIMS_TEST(where_not_all_patches_were_found_one_may_lie_anywhere),
        RIMS_TEST(another_letter_on_the_rim_is_told),
        RIMS_TEST(no_print_on_a_rim_is_not_print),
        RIMS_TEST(thick_strokes_keep_what_the_first_look_says),
        RIMS_TEST(close_strokes_on_even_film_are_no_rim),
        RIMS_TEST(another_letter_within_a_dark_tablet_is_doubtful),
        RIMS_TEST(a_wide_stroke_too_many_is_no_tablet),
        RIMS_TEST(a_mark_on_a_tablet_is_doubtful_and_one_on_film_is_not),
        RIMS_TEST(strokes_and_what_is_black_are_print_and_rims_are_not),
        RIMS_TEST(without_room_there_is_no_second_look),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
