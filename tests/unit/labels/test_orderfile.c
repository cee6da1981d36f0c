/* SPDX-License-Identifier: Apache-2.0 */
/* An order file names every piece of every bag, and no person. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/text.h"
#include "core/json/json_read.h"
#include "labels/orderfile.h"
#include "tests/support/fixture.h"
#include "tests/support/sample_roll.h"

static struct roll *make_roll(void)
{
    struct roll *roll = NULL;
    struct rw_error err = { 0 };
    struct sample_roll_request request = { .seed = 3, .days = 2, .dpi = 300 };
    assert_true(sample_roll_make(&request, arena, &roll, &err));
    return roll;
}

static size_t count_contents(const struct roll *roll)
{
    size_t count = 0;
    for (size_t i = 0; i < roll->bag_count; i++)
        count += roll->bags[i].content_count;
    return count;
}

static const char *write_csv(const struct roll *roll)
{
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    assert_true(orderfile_write_csv(roll, arena, &bytes, &length, &err));
    assert_int_equal(strlen(bytes), length);
    return bytes;
}

static void a_row_stands_for_each_product_of_each_bag(void **state)
{
    (void)state;
    struct roll *roll = make_roll();
    size_t rows = 0;
    for (const char *at = write_csv(roll); (at = strstr(at, "\r\n")) != NULL; at += 2)
        rows++;
    assert_int_equal(rows, 1 + count_contents(roll));
}

static void commas_and_quotes_in_a_field_are_kept(void **state)
{
    (void)state;
    struct roll *roll = make_roll();
    roll->bags[1].contents[0].strength = "1,25 g \"forte\"";
    assert_non_null(strstr(write_csv(roll), ",\"1,25 g \"\"forte\"\"\","));
}

static void the_json_holds_the_same_amounts(void **state)
{
    (void)state;
    struct roll *roll = make_roll();
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    const struct json *root = NULL;
    const struct json *bags = NULL;
    int64_t sum = 0;
    assert_true(orderfile_write_json(roll, arena, &bytes, &length, &err));
    assert_true(json_parse(arena, bytes, length, &root, &err));
    assert_true(json_format_is(root, "rolwacht/order/1", &err));
    assert_true(json_list(root, "bags", &bags, &err));
    assert_int_equal(bags->count, roll->bag_count);
    for (const struct json *bag = bags->first; bag != NULL; bag = bag->next) {
        const struct json *contents = json_member(bag, "contents");
        for (const struct json *content = contents->first; content != NULL;
             content = content->next) {
            int64_t milli = 0;
            assert_true(json_int(content, "milli", 1, INT32_MAX, &milli, &err));
            sum += milli;
        }
    }
    assert_int_equal(sum, roll->audit.packed_milli);
}

static void no_order_file_names_the_person(void **state)
{
    (void)state;
    struct roll *roll = make_roll();
    const char *json = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    assert_true(orderfile_write_json(roll, arena, &json, &length, &err));
    assert_null(strstr(json, roll->client.name));
    assert_null(strstr(json, roll->client.born));
    assert_null(strstr(write_csv(roll), roll->client.name));
    assert_null(strstr(write_csv(roll), roll->client.born));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_stands_for_each_product_of_each_bag),
        cmocka_unit_test(commas_and_quotes_in_a_field_are_kept),
        cmocka_unit_test(the_json_holds_the_same_amounts),
        cmocka_unit_test(no_order_file_names_the_person),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
