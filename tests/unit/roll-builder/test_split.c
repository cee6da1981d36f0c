/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that one moment is divided over few bags and nothing is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "roll-builder/split.h"
#include "tests/unit/roll-builder/made.h"

#define CONTENTS 40

struct moment_made {
    struct moment moment;
    struct bag_content contents[CONTENTS];
};

static struct moment_made make_moment(const struct made *made, const int64_t *milli, size_t count)
{
    static const char *const names[] = { "/a", "/b", "/c", "/d", "/e", "/f", "/g", "/h", "/i" };
    struct moment_made one = { .moment = { .at = made_at(made, MADE_FROM, 8, 0),
                                           .word = "morning",
                                           .use_by = "2026-12-31" } };
    for (size_t i = 0; i < count; i++)
        one.contents[i] = made_content(names[i % 9], names[i % 9], milli[i]);
    one.moment.content_count = count;
    return one;
}

static struct split divide(struct made *made, struct moment_made *one, int32_t pieces,
                           int32_t products, const struct fits *fits)
{
    const struct split_limits limits = { pieces, products, 0, fits, NULL };
    struct split split = { 0 };
    struct rw_error err = { 0 };
    one->moment.contents = one->contents;
    assert_true(split_moment(&one->moment, &limits, made->arena, &split, &err));
    return split;
}

static int64_t sum_of(const struct split *split, const char *order)
{
    int64_t sum = 0;
    for (size_t i = 0; i < split->count; i++) {
        for (size_t j = 0; j < split->bags[i].content_count; j++) {
            if (strcmp(split->bags[i].contents[j].order, order) == 0)
                sum += split->bags[i].contents[j].milli;
        }
    }
    return sum;
}

static void what_fits_in_one_bag_stays_together(void **state)
{
    const int64_t milli[] = { 1000, 2000, 500 };
    struct moment_made one = make_moment(*state, milli, 3);
    const struct split split = divide(*state, &one, 4, 3, NULL);
    assert_int_equal(split.count, 1);
    assert_int_equal(split.bags[0].content_count, 3);
    assert_string_equal(split.bags[0].moment, "morning");
    assert_string_equal(split.bags[0].contents[0].order, "/a");
    assert_string_equal(split.bags[0].contents[2].order, "/c");
}

static void a_half_takes_the_room_of_a_piece(void **state)
{
    const int64_t milli[] = { 1500, 1500 }; /* two pieces each */
    struct moment_made one = make_moment(*state, milli, 2);
    assert_int_equal(divide(*state, &one, 4, 9, NULL).count, 1);
    assert_int_equal(divide(*state, &one, 3, 9, NULL).count, 2);
}

static void too_many_products_are_divided_over_as_few_bags_as_hold_them(void **state)
{
    const int64_t milli[] = { 1000, 1000, 1000, 1000, 1000, 1000, 1000 };
    struct moment_made one = make_moment(*state, milli, 7);
    const struct split split = divide(*state, &one, 99, 3, NULL);
    assert_int_equal(split.count, 3);
    for (size_t i = 0; i < split.count; i++)
        assert_true(split.bags[i].content_count <= 3);
}

static void the_largest_go_first_so_that_no_bag_is_wasted(void **state)
{
    /* In the order given, first fit would need three bags: 2+2, 3, 3. */
    const int64_t milli[] = { 2000, 2000, 3000, 3000 };
    struct moment_made one = make_moment(*state, milli, 4);
    assert_int_equal(divide(*state, &one, 5, 9, NULL).count, 2);
}

static void a_line_with_more_pieces_than_a_bag_holds_is_divided(void **state)
{
    const int64_t milli[] = { 9500, 1000 };
    struct moment_made one = make_moment(*state, milli, 2);
    const struct split split = divide(*state, &one, 4, 9, NULL);
    assert_int_equal(split.count, 3);
    assert_int_equal(sum_of(&split, "/a"), 9500);
    assert_int_equal(sum_of(&split, "/b"), 1000);
    for (size_t i = 0; i < split.count; i++)
        assert_true(bag_pieces(&split.bags[i]) <= 4);
}

static void every_bag_keeps_the_order_of_the_moment(void **state)
{
    const int64_t milli[] = { 1000, 3000, 1000, 3000 };
    struct moment_made one = make_moment(*state, milli, 4);
    const struct split split = divide(*state, &one, 4, 9, NULL);
    for (size_t i = 0; i < split.count; i++) {
        for (size_t j = 1; j < split.bags[i].content_count; j++)
            assert_true(
                strcmp(split.bags[i].contents[j - 1].order, split.bags[i].contents[j].order) < 0);
    }
}

/* A film with room for so many products. */
static bool ask_room(void *self, const struct roll *roll, const struct bag *bag, bool *ret_fits,
                     struct rw_error *err)
{
    (void)roll;
    (void)err;
    *ret_fits = bag->content_count <= *(const size_t *)self;
    return true;
}

static void the_text_limits_a_bag_too(void **state)
{
    size_t room = 2;
    const struct fits fits = { &room, ask_room };
    const int64_t milli[] = { 1000, 1000, 1000, 1000, 1000 };
    struct moment_made one = make_moment(*state, milli, 5);
    assert_int_equal(divide(*state, &one, 99, 9, &fits).count, 3);
}

static void a_product_whose_text_fits_no_bag_is_named(void **state)
{
    size_t room = 0;
    const struct fits fits = { &room, ask_room };
    const int64_t milli[] = { 1000 };
    struct moment_made one = make_moment(*state, milli, 1);
    const struct split split = divide(*state, &one, 99, 9, &fits);
    assert_int_equal(split.count, 0);
    assert_non_null(split.misfit);
    assert_string_equal(split.misfit->order, "/a");
}

static bool ask_in_vain(void *self, const struct roll *roll, const struct bag *bag, bool *ret_fits,
                        struct rw_error *err)
{
    (void)self;
    (void)roll;
    (void)bag;
    (void)ret_fits;
    return rw_error_set(err, RW_NO_MEMORY, "", "no memory");
}

static void a_port_that_fails_stops_the_division(void **state)
{
    struct made *made = *state;
    const struct fits fits = { NULL, ask_in_vain };
    const int64_t milli[] = { 1000 };
    struct moment_made one = make_moment(made, milli, 1);
    const struct split_limits limits = { 9, 9, 0, &fits, NULL };
    struct split split;
    struct rw_error err = { 0 };
    one.moment.contents = one.contents;
    assert_false(split_moment(&one.moment, &limits, made->arena, &split, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
}

static void a_moment_of_more_bags_than_anybody_takes_is_refused(void **state)
{
    struct made *made = *state;
    const int64_t milli[] = { 300000 };
    struct moment_made one = make_moment(made, milli, 1);
    const struct split_limits limits = { 1, 9, 0, NULL, NULL };
    struct split split;
    struct rw_error err = { 0 };
    one.moment.contents = one.contents;
    assert_false(split_moment(&one.moment, &limits, made->arena, &split, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
}

/* Three large tablets in a bag with room for two and a half, beside small ones without a size. */
static void the_room_of_a_bag_limits_it_too(void **state)
{
    struct made *made = *state;
    const int64_t milli[] = { 3000, 1000 };
    struct moment_made one = make_moment(made, milli, 2);
    const struct split_limits limits = { 9, 9, 2500, NULL, NULL };
    struct split split;
    struct rw_error err = { 0 };
    one.contents[0].volume_ul = 1000;
    one.moment.contents = one.contents;
    assert_true(split_moment(&one.moment, &limits, made->arena, &split, &err));
    assert_int_equal(split.count, 2);
    assert_int_equal(split.bags[0].contents[0].milli, 2000);
    assert_int_equal(split.bags[0].contents[1].milli, 1000);
    assert_int_equal(split.bags[1].contents[0].milli, 1000);
    one.contents[0].volume_ul = 2501;
    assert_true(split_moment(&one.moment, &limits, made->arena, &split, &err));
    assert_ptr_equal(split.misfit, &one.contents[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_in_one_bag_stays_together),
        cmocka_unit_test(a_half_takes_the_room_of_a_piece),
        cmocka_unit_test(too_many_products_are_divided_over_as_few_bags_as_hold_them),
        cmocka_unit_test(the_largest_go_first_so_that_no_bag_is_wasted),
        cmocka_unit_test(a_line_with_more_pieces_than_a_bag_holds_is_divided),
        cmocka_unit_test(every_bag_keeps_the_order_of_the_moment),
        cmocka_unit_test(the_text_limits_a_bag_too),
        cmocka_unit_test(a_product_whose_text_fits_no_bag_is_named),
        cmocka_unit_test(the_room_of_a_bag_limits_it_too),
        cmocka_unit_test(a_port_that_fails_stops_the_division),
        cmocka_unit_test(a_moment_of_more_bags_than_anybody_takes_is_refused),
    };
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
