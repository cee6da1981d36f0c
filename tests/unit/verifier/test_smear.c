/* SPDX-License-Identifier: Apache-2.0 */
/* Proves which ink beside letters is a smear. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verifier/smear.h"

#define CELLS 8
#define STEP 20
#define WIDTH 24
#define CONTRAST 0.9F
#define USUAL 0.12F
#define LITTLE 0.15F
#define MUCH 0.40F

/* One line of text in which the cells from one on, so many, have too much ink. */
struct scene {
    struct laying laying;
    struct laying_stretch stretch;
    struct cell cells[CELLS];
};

static void write(struct scene *scene, size_t first, size_t count, float extra)
{
    *scene = (struct scene){ .laying = { .usual = { CONTRAST, 0, USUAL }, .count = CELLS } };
    for (size_t i = 0; i < CELLS; i++)
        scene->cells[i] = (struct cell){ .box = { (int)i * STEP, 50, WIDTH, 40 },
                                         .has_ink = true,
                                         .contrast = CONTRAST,
                                         .extra = LITTLE,
                                         .depth = 1 };
    for (size_t i = first; i < first + count; i++)
        scene->cells[i].extra = extra;
    scene->stretch.count = CELLS;
    scene->laying.cells = scene->cells;
    scene->laying.stretches = &scene->stretch;
    scene->laying.stretch_count = 1;
}

static void ink_over_three_letters_in_a_row_is_a_smear(void **state)
{
    (void)state;
    struct scene scene;
    struct plane_box box = { 0 };
    write(&scene, 4, 3, MUCH);
    assert_true(smear_of(&scene.laying, 0, &box) > 1);
    assert_int_equal(box.x, 4 * STEP);
    assert_int_equal(box.width, 2 * STEP + WIDTH);
    write(&scene, 5, 3, MUCH); /* up to the end of the line */
    assert_true(smear_of(&scene.laying, 0, &box) > 1);
    assert_int_equal(box.x, 5 * STEP);
}

static void ink_beside_two_letters_is_none(void **state)
{
    (void)state;
    struct scene scene;
    struct plane_box box = { 0 };
    write(&scene, 4, 2, MUCH);
    assert_true(smear_of(&scene.laying, 0, &box) < 1);
    write(&scene, 3, 4, MUCH);
    scene.cells[5].extra = LITTLE;
    assert_true(smear_of(&scene.laying, 0, &box) < 1);
    scene.cells[5].extra = MUCH;
    scene.cells[5].has_ink = false;
    scene.cells[4].has_ink = false;
    assert_true(smear_of(&scene.laying, 0, &box) < 1);
}

static void what_most_letters_have_too_much_is_none(void **state)
{
    (void)state;
    struct scene scene;
    struct plane_box box = { 0 };
    write(&scene, 2, 4, MUCH);
    scene.laying.usual.spot = MUCH / 2;
    assert_true(smear_of(&scene.laying, 0, &box) < 1);
}

static void pale_ink_is_weighed_against_the_ink_of_the_label(void **state)
{
    (void)state;
    struct scene scene;
    struct plane_box box = { 0 };
    write(&scene, 2, 4, MUCH * CONTRAST / 2);
    assert_true(smear_of(&scene.laying, 0, &box) < 1);
    for (size_t i = 0; i < CELLS; i++)
        scene.cells[i].contrast = CONTRAST / 2;
    scene.laying.usual = (struct cell_usual){ CONTRAST / 2, 0, USUAL / 2 };
    assert_true(smear_of(&scene.laying, 0, &box) > 1);
}

static void a_line_shorter_than_a_smear_has_none(void **state)
{
    (void)state;
    struct scene scene;
    struct plane_box box = { 0 };
    write(&scene, 0, CELLS, MUCH);
    scene.stretch.count = 2;
    assert_true(smear_of(&scene.laying, 0, &box) <= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ink_over_three_letters_in_a_row_is_a_smear),
        cmocka_unit_test(ink_beside_two_letters_is_none),
        cmocka_unit_test(what_most_letters_have_too_much_is_none),
        cmocka_unit_test(pale_ink_is_weighed_against_the_ink_of_the_label),
        cmocka_unit_test(a_line_shorter_than_a_smear_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
