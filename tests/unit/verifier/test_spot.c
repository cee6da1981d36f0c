/* SPDX-License-Identifier: Apache-2.0 */
/* Proves which spots of a letter count as damage. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/fixture.h"
#include "verifier/spot.h"

#define WIDTH 80
#define HEIGHT 70
#define INK 200
#define PX_PER_UM 0.014F /* as sharp as prints are compared */

static const struct plane_box box = { 20, 12, 44, 44 };

/* A wanted and a seen label with a thick bar upright in the box; the paper is as good as white. */
struct scene {
    struct rw_arena *arena;
    struct picture wanted;
    struct picture seen;
    struct picture paper;
    float edge_px;
};

static struct picture grey(uint8_t level)
{
    struct picture picture;
    assert_true(picture_make(arena, WIDTH, HEIGHT, &picture, NULL));
    memset(picture.pixels, level, (size_t)picture.stride * HEIGHT);
    return picture;
}

static void ink(struct picture *picture, struct plane_box where, uint8_t level)
{
    for (int y = where.y; y < where.y + where.height; y++)
        memset(picture->pixels + y * picture->stride + where.x, level, (size_t)where.width);
}

static struct scene begin(void **state)
{
    struct scene scene = { .arena = *state };
    scene.wanted = grey(255);
    scene.seen = grey(255);
    scene.paper = grey(255);
    ink(&scene.wanted, (struct plane_box){ 34, 16, 12, 36 }, 255 - INK);
    return scene;
}

static void find(const struct scene *scene, float px_per_um, float *ret_missing, float *ret_extra)
{
    struct plane wanted;
    struct plane seen;
    assert_true(plane_make(&scene->wanted, NULL, scene->arena, &wanted, NULL));
    assert_true(plane_make(&scene->seen, &scene->paper, scene->arena, &seen, NULL));
    const struct spot_view view = { .wanted = &wanted,
                                    .seen = &seen,
                                    .paper = &scene->paper,
                                    .px_per_um = px_per_um,
                                    .edge_px = scene->edge_px,
                                    .box = &box,
                                    .contrast = 1,
                                    .full = INK,
                                    .little = 0.3F * INK };
    spot_find(&view, ret_missing, ret_extra);
}

/* The bar leans: its upper end lies a pixel to the left, its lower end one to the right. As a whole
 * it lies well, and neither of its ends does. */
static void an_edge_that_film_carried_aside_is_no_spot(void **state)
{
    (void)state;
    struct scene scene = begin(state);
    float missing = 0;
    float extra = 0;
    ink(&scene.seen, (struct plane_box){ 33, 16, 12, 12 }, 255 - INK);
    ink(&scene.seen, (struct plane_box){ 34, 28, 12, 12 }, 255 - INK);
    ink(&scene.seen, (struct plane_box){ 35, 40, 12, 12 }, 255 - INK);
    find(&scene, 0, &missing, &extra); /* where film may carry nothing */
    assert_true(missing > 0.3F * INK && extra > 0.3F * INK);
    find(&scene, PX_PER_UM, &missing, &extra);
    assert_true(missing < 0.3F * INK && extra < 0.3F * INK);
}

static void an_edge_that_is_farther_off_than_film_bends_stays_a_spot(void **state)
{
    (void)state;
    struct scene scene = begin(state);
    float missing = 0;
    float extra = 0;
    ink(&scene.seen, (struct plane_box){ 31, 16, 12, 18 }, 255 - INK);
    ink(&scene.seen, (struct plane_box){ 37, 34, 12, 18 }, 255 - INK);
    find(&scene, PX_PER_UM, &missing, &extra);
    assert_true(missing > 0.42F * INK && extra > 0.46F * INK);
}

static void a_hole_and_a_blot_are_not_carried_away(void **state)
{
    (void)state;
    struct scene scene = begin(state);
    float missing = 0;
    float extra = 0;
    ink(&scene.seen, (struct plane_box){ 34, 16, 12, 36 }, 255 - INK);
    ink(&scene.seen, (struct plane_box){ 38, 30, 3, 3 }, 255);
    ink(&scene.seen, (struct plane_box){ 54, 30, 3, 3 }, 255 - INK);
    find(&scene, PX_PER_UM, &missing, &extra);
    assert_true(missing > 0.99F * INK && extra > 0.99F * INK);
}

/* A tablet ends behind the letter: what is darker beside it is the film, half as dark as ink. */
static void darker_paper_beside_a_letter_is_no_ink_and_hides_none(void **state)
{
    (void)state;
    struct scene scene = begin(state);
    float missing = 0;
    float extra = 0;
    ink(&scene.paper, (struct plane_box){ 58, 0, 22, HEIGHT }, 255 - INK / 2);
    ink(&scene.seen, (struct plane_box){ 52, 0, 28, HEIGHT }, 255 - INK / 2);
    ink(&scene.seen, (struct plane_box){ 34, 16, 12, 36 }, 255 - INK);
    find(&scene, PX_PER_UM, &missing, &extra);
    assert_true(extra < 0.3F * INK);
    ink(&scene.seen, (struct plane_box){ 53, 30, 3, 3 }, 255 - INK);
    find(&scene, PX_PER_UM, &missing, &extra);
    assert_true(extra > 0.9F * INK);
}

/* Whatever rounds to dots makes a bar wider or thinner, on either side; it makes no hole. */
static void an_edge_that_dots_put_aside_is_no_spot_and_a_hole_and_a_blot_are(void **state)
{
    (void)state;
    struct scene scene = begin(state);
    float missing = 0;
    float extra = 0;
    ink(&scene.seen, (struct plane_box){ 33, 16, 14, 18 }, 255 - INK);
    ink(&scene.seen, (struct plane_box){ 35, 34, 10, 18 }, 255 - INK);
    find(&scene, PX_PER_UM, &missing, &extra);
    assert_true(missing > 0.3F * INK && extra > 0.3F * INK);
    scene.edge_px = 1;
    find(&scene, PX_PER_UM, &missing, &extra);
    assert_true(missing < 0.3F * INK && extra < 0.3F * INK);
    ink(&scene.seen, (struct plane_box){ 38, 24, 3, 3 }, 255);
    ink(&scene.seen, (struct plane_box){ 54, 30, 3, 3 }, 255 - INK);
    find(&scene, PX_PER_UM, &missing, &extra);
    assert_true(missing > 0.99F * INK && extra > 0.99F * INK);
}

int main(void)
{
#define SPOT_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        SPOT_TEST(an_edge_that_film_carried_aside_is_no_spot),
        SPOT_TEST(an_edge_that_is_farther_off_than_film_bends_stays_a_spot),
        SPOT_TEST(a_hole_and_a_blot_are_not_carried_away),
        SPOT_TEST(an_edge_that_dots_put_aside_is_no_spot_and_a_hole_and_a_blot_are),
        SPOT_TEST(darker_paper_beside_a_letter_is_no_ink_and_hides_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
