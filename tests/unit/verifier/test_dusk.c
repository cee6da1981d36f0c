/* SPDX-License-Identifier: Apache-2.0 */
/* Proves which letters can be judged on things nearly as dark as ink. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/fixture.h"
#include "verifier/dusk.h"
#include "verifier/vision.h"

#define WIDTH 180
#define HEIGHT 120
#define PX_PER_UM 0.014F
#define WIDE_PX 31 /* of what the first look takes for print */
#define LENS_PX 1.0F
#define FILM 230
#define TABLET 52
#define INK 30
#define USUAL 0.8F
#define LETTERS 2

/* The first letter lies on the tablet alone, the second one where it ends. */
static const struct plane_box boxes[LETTERS] = { { 46, 40, 24, 26 }, { 86, 40, 24, 26 } };
static const struct plane_box tablet = { 30, 20, 68, 80 };
static const struct cell_usual usual = { USUAL, 0, 0 };

/* Letters as wanted, what was seen, and the look at it. */
struct scene {
    struct picture wanted;
    struct registration registration;
    struct laying laying;
    struct dusk dusk;
    struct cell cells[LETTERS];
};

static void fill(struct picture *picture, struct plane_box where, uint8_t grey)
{
    for (int y = where.y; y < where.y + where.height; y++)
        memset(picture->pixels + (ptrdiff_t)y * picture->stride + where.x, grey,
               (size_t)where.width);
}

static struct picture blank(uint8_t grey)
{
    struct picture picture;
    assert_true(picture_make(arena, WIDTH, HEIGHT, &picture, NULL));
    fill(&picture, (struct plane_box){ 0, 0, WIDTH, HEIGHT }, grey);
    return picture;
}

/* An E, or with two bars an F, in its box. */
static void letter(struct picture *picture, size_t box, int bars, uint8_t grey)
{
    int left = boxes[box].x + 4;
    int top = boxes[box].y + 2;
    fill(picture, (struct plane_box){ left, top, 4, 22 }, grey);
    for (int bar = 0; bar < bars; bar++)
        fill(picture, (struct plane_box){ left, top + 9 * bar, 16, 4 }, grey);
}

/* Two Es were wanted; what lies there is in `there`. A lens softens both. */
static void look(struct scene *scene, const struct picture *there)
{
    struct laying *laying = &scene->laying;
    struct cell_planes *planes = &laying->planes;
    struct picture drawn = blank(255);
    for (size_t i = 0; i < LETTERS; i++)
        letter(&drawn, i, 3, 0);
    assert_true(vision_blur(there, LENS_PX, arena, &scene->registration.seen, NULL));
    assert_true(vision_blur(&drawn, LENS_PX, arena, &scene->wanted, NULL));
    laying->registration = &scene->registration;
    laying->px_per_um = PX_PER_UM;
    laying->wanted_soft = scene->wanted;
    laying->film = FILM;
    laying->black = INK;
    laying->usual = usual;
    assert_true(vision_paper(&scene->registration.seen, WIDE_PX, arena, &laying->seen_paper, NULL));
    assert_true(
        plane_make(&scene->registration.seen, &laying->seen_paper, arena, &planes->seen, NULL));
    assert_true(plane_sum_up(&planes->seen, arena, NULL));
    assert_true(plane_make(&scene->wanted, NULL, arena, &planes->wanted, NULL));
    planes->paper = &laying->seen_paper;
    planes->px_per_um = PX_PER_UM;
    for (size_t i = 0; i < LETTERS; i++) {
        scene->cells[i] = (struct cell){ .box = boxes[i], .depth = 1 };
        cell_measure(planes, &scene->cells[i]);
    }
    laying->cells = scene->cells;
    laying->count = LETTERS;
    scene->dusk = (struct dusk){ .laying = laying };
}

static enum verdict_reason judged(struct scene *scene, size_t i)
{
    struct cell_fault fault = cell_judge(&scene->cells[i], &usual);
    assert_int_not_equal(fault.reason, REASON_NONE);
    assert_true(dusk_judge(&scene->dusk, &scene->cells[i], &usual, arena, &fault, NULL));
    return fault.reason;
}

static void a_letter_on_a_black_tablet_is_good(void **state)
{
    (void)state;
    struct scene scene = { 0 };
    struct picture seen = blank(FILM);
    fill(&seen, tablet, TABLET);
    for (size_t i = 0; i < LETTERS; i++)
        letter(&seen, i, 3, INK);
    look(&scene, &seen);
    for (size_t i = 0; i < LETTERS; i++)
        assert_int_equal(judged(&scene, i), REASON_NONE);
}

static void ink_that_is_blacker_there_than_on_film_is_good(void **state)
{
    (void)state;
    struct scene scene = { 0 };
    struct picture seen = blank(FILM);
    fill(&seen, tablet, TABLET);
    letter(&seen, 0, 3, INK - 10);
    letter(&seen, 1, 3, INK - 10);
    look(&scene, &seen);
    for (size_t i = 0; i < LETTERS; i++)
        assert_int_equal(judged(&scene, i), REASON_NONE);
}

static void another_letter_on_it_keeps_its_fault(void **state)
{
    (void)state;
    for (size_t i = 0; i < LETTERS; i++) {
        struct scene scene = { 0 };
        struct picture seen = blank(FILM);
        fill(&seen, tablet, TABLET);
        for (size_t k = 0; k < LETTERS; k++)
            letter(&seen, k, k == i ? 2 : 3, INK); /* F for E */
        look(&scene, &seen);
        assert_int_not_equal(judged(&scene, i), REASON_NONE);
    }
}

static void no_letter_on_it_keeps_its_fault(void **state)
{
    (void)state;
    struct scene scene = { 0 };
    struct picture seen = blank(FILM);
    fill(&seen, tablet, TABLET);
    look(&scene, &seen);
    for (size_t i = 0; i < LETTERS; i++)
        assert_int_not_equal(judged(&scene, i), REASON_NONE);
}

/* Ink that nobody wants counts there for as much as on film. */
static void more_ink_on_it_keeps_its_fault(void **state)
{
    (void)state;
    struct scene scene = { 0 };
    struct picture seen = blank(FILM);
    fill(&seen, tablet, TABLET);
    letter(&seen, 0, 3, INK);
    letter(&seen, 1, 3, INK);
    fill(&seen, (struct plane_box){ boxes[0].x + 16, boxes[0].y + 2, 4, 22 }, INK); /* B for E */
    look(&scene, &seen);
    assert_int_not_equal(judged(&scene, 0), REASON_NONE);
}

static void a_letter_on_film_is_not_looked_at(void **state)
{
    (void)state;
    struct scene scene = { 0 };
    struct picture seen = blank(FILM);
    letter(&seen, 0, 2, INK);
    letter(&seen, 1, 2, INK);
    look(&scene, &seen);
    assert_int_not_equal(judged(&scene, 0), REASON_NONE);
    assert_false(scene.dusk.is_made);
}

static void what_is_black_is_told_from_what_is_grey(void **state)
{
    (void)state;
    const struct plane_box beside = { 100, 40, 40, 26 };
    const struct plane_box away = { 140, 40, 30, 26 };
    struct scene scene = { 0 };
    struct picture seen = blank(FILM);
    fill(&seen, tablet, TABLET);
    look(&scene, &seen);
    assert_true(dusk_lies_at(&scene.laying, &beside));
    assert_false(dusk_lies_at(&scene.laying, &away));
    fill(&seen, tablet, 130);
    look(&scene, &seen);
    assert_false(dusk_lies_at(&scene.laying, &beside));
}

int main(void)
{
#define DUSK_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        DUSK_TEST(a_letter_on_a_black_tablet_is_good),
        DUSK_TEST(ink_that_is_blacker_there_than_on_film_is_good),
        DUSK_TEST(another_letter_on_it_keeps_its_fault),
        DUSK_TEST(no_letter_on_it_keeps_its_fault),
        DUSK_TEST(more_ink_on_it_keeps_its_fault),
        DUSK_TEST(a_letter_on_film_is_not_looked_at),
        DUSK_TEST(what_is_black_is_told_from_what_is_grey),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
