/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that a label of another size than its roll is told. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "verifier/size.h"

#define SIZES 8

static const int32_t label_um[2] = { 70000, 60000 };

/* A camera turned by 0.3, this many pixels a millimetre both ways. */
static struct size seen(float across, float along)
{
    const float h[9] = { 0.9553F * across / 1000,
                         -0.2955F * along / 1000,
                         40,
                         0.2955F * across / 1000,
                         0.9553F * along / 1000,
                         70,
                         0,
                         0,
                         1 };
    return size_of(h, label_um);
}

/* Labels of 15 pixels a millimetre that differ by `spread`, the fourth of its own size. */
static size_t compare(float spread, float across, float along, struct size_part *ret_fourth)
{
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct size sizes[SIZES];
    struct size_part parts[SIZES];
    size_t others = 0;
    for (int i = 0; i < SIZES; i++) {
        float part = 15 * (1 + spread * (float)(i % 4 - 1));
        sizes[i] = i == 3 ? seen(across, along) : seen(part, part);
    }
    assert_true(size_compare(sizes, SIZES, arena, parts, NULL));
    for (int i = 0; i < SIZES; i++)
        others += i != 3 && parts[i].differs;
    *ret_fourth = parts[3];
    rw_arena_close(arena);
    return others;
}

static void a_size_is_that_of_the_map_in_the_middle(void **state)
{
    (void)state;
    struct size size = seen(15, 12);
    assert_true(size.is_known && fabsf(size.aspect - 1.25F) < 0.001F &&
                fabsf(size.scale - sqrtf(180) / 1000) < 0.00001F);
    /* Twice as far away at the far edge: in the middle the steps are those of the middle. */
    const float tilted[9] = { 0.02F, 0, 0, 0, 0.02F, 0, 1.0F / 70000, 0, 1 };
    size = size_of(tilted, (const int32_t[2]){ 70000, 0 });
    assert_true(fabsf(size.aspect - 1 / 1.5F) < 0.001F);
    const float nothing[9] = { 0 };
    assert_false(size_of(nothing, label_um).is_known);
}

static void a_label_of_another_size_is_told(void **state)
{
    (void)state;
    static const float wrong[][2] = {
        { 0.92F, 0.92F }, { 1.08F, 1.08F }, { 0.92F, 1 }, { 1, 1.08F }, { 0.88F, 0.88F },
    };
    struct size_part fourth;
    for (size_t i = 0; i < RW_COUNT(wrong); i++) {
        assert_int_equal(compare(0.003F, 15 * wrong[i][0], 15 * wrong[i][1], &fourth), 0);
        assert_true(fourth.differs);
        assert_true(fabsf(fourth.across - wrong[i][0]) < 0.005F);
        assert_true(fabsf(fourth.along - wrong[i][1]) < 0.005F);
    }
    assert_int_equal(compare(0.003F, 15, 15, &fourth), 0);
    assert_false(fourth.differs);
}

/* It may be the camera that moved; one drawn out is told all the same. */
static void sizes_that_spread_say_nothing_about_one(void **state)
{
    (void)state;
    struct size_part fourth;
    static const float spreads[] = { 0.02F, 0.06F };
    for (size_t i = 0; i < RW_COUNT(spreads); i++) {
        assert_int_equal(compare(spreads[i], 15 * 0.66F, 15 * 0.66F, &fourth), 0);
        assert_false(fourth.differs);
    }
    assert_int_equal(compare(0.06F, 15 * 1.12F, 15, &fourth), 0);
    assert_true(fourth.differs);
    assert_true(fourth.across > 1.05F && fourth.along < 0.95F); /* drawn out, of no known size */
    /* A camera that is moved is tilted too: here by 17 degrees more than for most. */
    assert_int_equal(compare(0.02F, 15 * 1.047F, 15, &fourth), 0);
    assert_false(fourth.differs);
}

static void few_labels_say_nothing_about_each_other(void **state)
{
    (void)state;
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    const struct size sizes[] = { seen(15, 15), seen(15, 15), seen(15, 13), { 0 }, seen(17, 17) };
    struct size_part parts[RW_COUNT(sizes)];
    assert_true(size_compare(sizes, RW_COUNT(sizes), arena, parts, NULL));
    for (size_t i = 0; i < RW_COUNT(sizes); i++)
        assert_int_equal(parts[i].differs, i == 2);
    rw_arena_close(arena);
}

static void an_arena_without_room_is_told(void **state)
{
    (void)state;
    struct rw_arena *arena = rw_arena_open(0);
    struct rw_error err = { 0 };
    const struct size size = seen(15, 15);
    struct size_part part;
    assert_false(size_compare(&size, 1, arena, &part, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
    rw_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_size_is_that_of_the_map_in_the_middle),
        cmocka_unit_test(a_label_of_another_size_is_told),
        cmocka_unit_test(sizes_that_spread_say_nothing_about_one),
        cmocka_unit_test(few_labels_say_nothing_about_each_other),
        cmocka_unit_test(an_arena_without_room_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
