/* SPDX-License-Identifier: Apache-2.0 */
/* Proves where pieces of text are found that film or a lens moved. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "verifier/laying.h"

#define PX_PER_MM 12
#define WIDTH (70 * PX_PER_MM)
#define HEIGHT (40 * PX_PER_MM)
#define FILM 225
#define INK 45
#define WHITE 255
#define LETTER_PX 22
#define STROKE_PX 5

/* Fields of one line, each of one stretch of six millimetres. */
#define FIELDS 5
static const char *const names[FIELDS] = { "first", "second", "third", "fourth", "fifth" };

struct scene {
    struct rw_arena *arena;
    struct print_field fields[FIELDS];
    struct print print;
    struct registration registration;
    struct laying laying;
};
static struct scene scene;

static void fill(struct picture *picture, int left, int top, int width, int height, uint8_t grey)
{
    for (int y = top; y < top + height; y++)
        memset(picture->pixels + (ptrdiff_t)y * picture->stride + left, grey, (size_t)width);
}

/* A letter that no other one is like: four of eight strokes, by its number. */
static void draw_letter(struct picture *picture, int x, int y, unsigned letter, uint8_t grey)
{
    for (int i = 0; i < 4; i++) {
        if ((letter >> i & 1U) != 0)
            fill(picture, x + STROKE_PX * i, y, STROKE_PX, LETTER_PX, grey);
        if ((letter >> (4 + i) & 1U) != 0)
            fill(picture, x, y + (LETTER_PX - STROKE_PX) * i / 3, LETTER_PX, STROKE_PX - 2, grey);
    }
}

static void draw_field(struct picture *picture, size_t field, int shift, bool is_other,
                       uint8_t grey)
{
    const struct print_field *where = &scene.fields[field];
    int x = where->x_um * PX_PER_MM / 1000 + shift;
    int y = where->y_um * PX_PER_MM / 1000 + shift / 2;
    for (unsigned i = 0; i < 3; i++)
        draw_letter(picture, x + 2 + (int)i * (LETTER_PX + 2), y + 2,
                    37U * (unsigned)(field + 1) + 83U * i + (is_other ? 58U : 0) + 16U, grey);
}

/* Each field so many pixels aside, and one of them, below FIELDS, with other letters. */
static void see(const int shifts[FIELDS], size_t other)
{
    rw_arena_reset(scene.arena);
    scene.registration = (struct registration){ .px_per_mm = PX_PER_MM };
    struct picture *seen = &scene.registration.seen;
    struct picture *expected = &scene.registration.expected;
    assert_true(picture_make(scene.arena, WIDTH, HEIGHT, seen, NULL));
    assert_true(picture_make(scene.arena, WIDTH, HEIGHT, expected, NULL));
    fill(seen, 0, 0, WIDTH, HEIGHT, FILM);
    fill(expected, 0, 0, WIDTH, HEIGHT, WHITE);
    for (size_t i = 0; i < FIELDS; i++) {
        scene.fields[i] =
            (struct print_field){ names[i], "ABC", 5000 + 10000 * (int32_t)i, 10000, 6300, 2200 };
        draw_field(seen, i, shifts[i], i == other, INK);
        draw_field(expected, i, 0, false, 0);
    }
    scene.print = (struct print){
        .fields = scene.fields, .field_count = FIELDS, .width_um = 70000, .height_um = 40000
    };
    assert_true(laying_make(&scene.registration, &scene.print, scene.arena, &scene.laying, NULL));
    assert_int_equal(scene.laying.stretch_count, FIELDS);
}

static float likeness_of(size_t field)
{
    return scene.laying.cells[scene.laying.stretches[field].first].likeness;
}

/* The last one lies 1.2 mm aside. */
static void print_is_found_as_far_as_its_neighbours_lead(void **state)
{
    (void)state;
    const int shifts[FIELDS] = { 0, 3, 6, 10, 14 };
    see(shifts, FIELDS);
    for (size_t i = 0; i < FIELDS; i++) {
        assert_int_equal(scene.laying.stretches[i].shift.x, shifts[i]);
        assert_int_equal(scene.laying.stretches[i].shift.y, shifts[i] / 2);
        assert_true(likeness_of(i) > 0.95F);
    }
}

static void other_letters_are_not_found_by_following(void **state)
{
    (void)state;
    const int shifts[FIELDS] = { 0, 3, 6, 10, 14 };
    see(shifts, 3);
    assert_true(likeness_of(3) < 0.8F);
    assert_int_equal(scene.laying.stretches[2].shift.x, 6);
}

static void print_that_slipped_alone_is_not_followed(void **state)
{
    (void)state;
    const int shifts[FIELDS] = { 0, 0, 0, 0, 16 };
    see(shifts, FIELDS);
    assert_true(likeness_of(3) > 0.95F);
    assert_true(likeness_of(4) < 0.8F);
}

static int open_scene(void **state)
{
    (void)state;
    scene.arena = rw_arena_open(64 * RW_ARENA_MIB);
    return scene.arena == NULL;
}

static int close_scene(void **state)
{
    (void)state;
    rw_arena_close(scene.arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(print_is_found_as_far_as_its_neighbours_lead),
        cmocka_unit_test(other_letters_are_not_found_by_following),
        cmocka_unit_test(print_that_slipped_alone_is_not_followed),
    };
    return cmocka_run_group_tests(tests, open_scene, close_scene);
}
