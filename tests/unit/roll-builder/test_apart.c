/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that look-alikes do not stand beside each other in a bag. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "tests/unit/roll-builder/planned.h"

#define LETTERS 6

/* Plans one tablet of each letter in the morning; letters of one look are look-alikes. */
static const struct bag *plan(struct planned *planned, struct made *made, const char *looks)
{
    static const char *const colours[] = { "wit", "geel", "roze" };
    static const char *const codes[LETTERS] = { "a", "b", "c", "d", "e", "f" };
    const int32_t hours[] = { 8 };
    bool blocked;
    planned_begin(planned, made);
    for (size_t i = 0; looks[i] != '\0'; i++) {
        (void)planned_add(planned, codes[i], 1000, hours, 1);
        planned->products->rows[i].look = colours[looks[i] - '1'];
    }
    const struct roll *roll = planned_roll(planned, &blocked);
    assert_false(blocked);
    assert_int_equal(roll->bag_count, 14 + 2);
    for (size_t i = 2; i + 1 < roll->bag_count; i++) { /* every day in the same order */
        for (size_t j = 0; j < roll->bags[i].content_count; j++)
            assert_string_equal(roll->bags[i].contents[j].product,
                                roll->bags[1].contents[j].product);
    }
    return &roll->bags[1];
}

static void another_product_stands_between(void **state)
{
    static const struct {
        const char *looks; /* of a, b, c … */
        const char *order;
    } rows[] = {
        { "112", "acb" },       /* a later one comes between */
        { "211", "cab" },       /* or the second goes to the front */
        { "1122", "acbd" },     /* both pairs */
        { "2113", "abdc" },     /* what is apart keeps its place */
        { "123123", "abcdef" }, /* nothing to do */
        { "11", "ab" },         /* nothing that could stand between */
        { "1112", "adbc" },     /* as far as it goes */
        { "111", "abc" },
    };
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        struct planned planned;
        const struct bag *bag = plan(&planned, *state, rows[i].looks);
        char order[LETTERS + 1] = "";
        for (size_t j = 0; j < bag->content_count; j++)
            order[j] = bag->contents[j].product[0];
        assert_string_equal(order, rows[i].order);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_product_stands_between),
    };
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
