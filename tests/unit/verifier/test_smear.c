/* SPDX-License-Identifier: Apache-2.0 */
/* Proves which ink beside letters is a smear. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verifier/smear.h"

#define CELLS 8
#define BORDER 4 /* of the two stretches: the first cell of the second one */
#define PX_PER_UM 0.012F
#define STEP 20
#define SPACE 12 /* a millimetre */
#define WIDTH 24
#define CONTRAST 0.9F
#define USUAL 0.12F
#define LITTLE 0.15F
#define MUCH 0.40F
#define PALE 0.30F  /* a third of full ink here */
#define PALER 0.25F /* and 0.28 of it */
#define ALIKE 0.98F

/* One line of text, in two stretches, in which the cells from one on, so many, have too much ink.
 */
struct scene {
    struct laying laying;
    struct laying_stretch stretches[2];
    struct cell cells[CELLS];
};

static void write(struct scene *scene, size_t first, size_t count, float extra)
{
    *scene = (struct scene){
        .laying = { .px_per_um = PX_PER_UM, .usual = { CONTRAST, 0, USUAL }, .count = CELLS },
        .stretches = { { .first = 0, .count = BORDER },
                       { .first = BORDER, .count = CELLS - BORDER } },
    };
    for (size_t i = 0; i < CELLS; i++)
        scene->cells[i] = (struct cell){ .box = { (int)i * STEP, 50, WIDTH, 40 },
                                         .has_ink = true,
                                         .likeness = ALIKE,
                                         .contrast = CONTRAST,
                                         .extra = LITTLE,
                                         .depth = 1 };
    for (size_t i = first; i < first + count; i++)
        scene->cells[i].extra = extra;
    scene->laying.cells = scene->cells;
    scene->laying.stretches = scene->stretches;
    scene->laying.stretch_count = 2;
}

/* The farthest from good of all places of the label. */
static float look(const struct scene *scene, struct plane_box *ret_box)
{
    float most = 0;
    for (size_t i = 0; i < scene->laying.count; i++) {
        struct plane_box box = { 0 };
        float size = smear_of(&scene->laying, i, &box);
        if (size <= most)
            continue;
        most = size;
        *ret_box = box;
    }
    return most;
}

static void ink_over_three_letters_in_a_row_is_a_smear(void **state)
{
    (void)state;
    struct scene scene;
    struct plane_box box = { 0 };
    write(&scene, 4, 3, MUCH);
    assert_true(look(&scene, &box) > 1);
    assert_int_equal(box.x, 4 * STEP);
    assert_int_equal(box.width, 2 * STEP + WIDTH);
    write(&scene, 5, 3, MUCH); /* up to the end of the line */
    assert_true(look(&scene, &box) > 1);
    assert_int_equal(box.x, 5 * STEP);
}

static void ink_beside_two_letters_is_none(void **state)
{
    (void)state;
    struct scene scene;
    struct plane_box box = { 0 };
    write(&scene, 4, 2, MUCH);
    assert_true(look(&scene, &box) < 1);
    write(&scene, 3, 4, MUCH);
    scene.cells[5].extra = LITTLE;
    assert_true(look(&scene, &box) < 1);
    scene.cells[5].extra = MUCH;
    scene.cells[5].has_ink = false;
    scene.cells[4].has_ink = false;
    assert_true(look(&scene, &box) < 1);
}

static void paler_ink_is_one_over_four_letters(void **state)
{
    (void)state;
    struct scene scene;
    struct plane_box box = { 0 };
    write(&scene, 2, 3, PALE);
    assert_true(look(&scene, &box) < 1);
    write(&scene, 2, 4, PALE);
    assert_true(look(&scene, &box) > 1);
    assert_int_equal(box.x, 2 * STEP);
    assert_int_equal(box.width, 3 * STEP + WIDTH);
}

/* Measured: five letters or more of 0.25 to 0.36, 0.76 to 0.91 alike, where the others of the label
 * had up to 0.30 where film bent, and were 0.94 alike or more. */
static void ink_as_pale_as_bent_film_is_one_where_it_makes_letters_unlike(void **state)
{
    (void)state;
    struct scene scene;
    struct plane_box box = { 0 };
    write(&scene, 2, 5, PALER);
    assert_true(look(&scene, &box) < 1);
    for (size_t i = 2; i < 7; i++)
        scene.cells[i].likeness = 0.88F;
    assert_true(look(&scene, &box) > 1);
    assert_int_equal(box.x, 2 * STEP);
    scene.cells[4].likeness = ALIKE;
    assert_true(look(&scene, &box) < 1);
}

static void what_most_letters_have_too_much_is_none(void **state)
{
    (void)state;
    struct scene scene;
    struct plane_box box = { 0 };
    write(&scene, 2, 4, MUCH);
    scene.laying.usual.spot = MUCH / 1.5F;
    assert_true(look(&scene, &box) < 1);
}

static void pale_ink_is_weighed_against_the_ink_of_the_label(void **state)
{
    (void)state;
    struct scene scene;
    struct plane_box box = { 0 };
    write(&scene, 2, 4, MUCH * CONTRAST / 2);
    assert_true(look(&scene, &box) < 1);
    for (size_t i = 0; i < CELLS; i++)
        scene.cells[i].contrast = CONTRAST / 2;
    scene.laying.usual = (struct cell_usual){ CONTRAST / 2, 0, USUAL / 2 };
    assert_true(look(&scene, &box) > 1);
}

static void a_smear_may_lie_across_the_border_of_two_stretches(void **state)
{
    (void)state;
    struct scene scene;
    struct plane_box box = { 0 };
    write(&scene, BORDER - 2, 3, MUCH);
    assert_true(look(&scene, &box) > 1);
    assert_int_equal(box.x, (BORDER - 2) * STEP);
    write(&scene, BORDER - 1, 3, MUCH);
    assert_true(look(&scene, &box) > 1);
    assert_int_equal(box.x, (BORDER - 1) * STEP);
}

static void a_smear_goes_on_over_the_space_between_two_fields_of_a_line(void **state)
{
    (void)state;
    struct scene scene;
    struct plane_box box = { 0 };
    write(&scene, BORDER - 1, 3, MUCH);
    for (size_t i = BORDER; i < CELLS; i++) { /* smaller letters on the same foot */
        scene.cells[i].field = 1;
        scene.cells[i].box.x += SPACE;
        scene.cells[i].box.y += 15;
        scene.cells[i].box.height -= 15;
    }
    assert_true(look(&scene, &box) > 1);
    for (size_t i = BORDER; i < CELLS; i++)
        scene.cells[i].box.x += SPACE; /* another column */
    assert_true(look(&scene, &box) < 1);
}

static void letters_of_two_lines_are_no_row(void **state)
{
    (void)state;
    struct scene scene;
    struct plane_box box = { 0 };
    write(&scene, BORDER - 2, 4, MUCH);
    for (size_t i = BORDER; i < CELLS; i++)
        scene.cells[i].box.y += 30;
    assert_true(look(&scene, &box) < 1);
}

static void a_line_shorter_than_a_smear_has_none(void **state)
{
    (void)state;
    struct scene scene;
    struct plane_box box = { 0 };
    write(&scene, 0, CELLS, MUCH);
    scene.laying.count = 2;
    assert_true(look(&scene, &box) < 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ink_over_three_letters_in_a_row_is_a_smear),
        cmocka_unit_test(ink_beside_two_letters_is_none),
        cmocka_unit_test(paler_ink_is_one_over_four_letters),
        cmocka_unit_test(ink_as_pale_as_bent_film_is_one_where_it_makes_letters_unlike),
        cmocka_unit_test(what_most_letters_have_too_much_is_none),
        cmocka_unit_test(pale_ink_is_weighed_against_the_ink_of_the_label),
        cmocka_unit_test(a_smear_may_lie_across_the_border_of_two_stretches),
        cmocka_unit_test(a_smear_goes_on_over_the_space_between_two_fields_of_a_line),
        cmocka_unit_test(letters_of_two_lines_are_no_row),
        cmocka_unit_test(a_line_shorter_than_a_smear_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
