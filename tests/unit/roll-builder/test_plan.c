/* SPDX-License-Identifier: Apache-2.0 */
/* Proves where orders go and what the bags of a roll hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/json/roll_json.h"
#include "tests/unit/roll-builder/planned.h"

static const int32_t at_8[] = { 8 };
static const int32_t at_8_and_18[] = { 8, 18 };

static void tablets_of_one_time_lie_in_one_bag(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, at_8_and_18, 2);
    (void)planned_add(&planned, "b", 2000, at_8, 1);
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_int_equal(roll->bag_count, 30);
    assert_int_equal(roll->bags[1].content_count, 2);
    assert_int_equal(roll->bags[2].content_count, 1);
    assert_int_equal(roll->bags[0].kind, BAG_HEADER);
    assert_int_equal(roll->bags[29].kind, BAG_TRAILER);
    assert_int_equal(roll->bags[29].n, 29);
    assert_int_equal(roll->bags[29].of, 28);
    assert_string_equal(roll->bags[1].serial, "240000171001");
    assert_string_equal(roll->bags[29].serial, "240000171029");
    assert_int_equal(roll->audit.ordered_milli, 28000 + 28000);
    assert_int_equal(roll->audit.packed_milli, 56000);
    assert_string_equal(roll->issued, "2026-11-23T00:00+01:00");
}

static void a_roll_reads_back_from_its_file(void **state)
{
    struct planned planned;
    bool blocked;
    const char *bytes;
    size_t length;
    struct roll *again = NULL;
    struct rw_error err = { 0 };
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, at_8_and_18, 2);
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_true(roll_json_write(roll, planned.made->arena, &bytes, &length, &err));
    assert_true(roll_json_read(bytes, length, planned.made->arena, &again, &err));
    assert_int_equal(again->bag_count, roll->bag_count);
}

static void too_much_for_one_bag_is_divided_and_counted(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    planned.policy.pieces_max = 4;
    (void)planned_add(&planned, "a", 3000, at_8, 1);
    (void)planned_add(&planned, "b", 3000, at_8, 1);
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_int_equal(roll->bag_count, 30);
    assert_int_equal(roll->bags[1].part, 1);
    assert_int_equal(roll->bags[1].parts, 2);
    assert_int_equal(roll->bags[2].part, 2);
    assert_int_equal(roll->bags[2].parts, 2);
    assert_int_equal(rw_stamp_utc_minute(roll->bags[1].at), rw_stamp_utc_minute(roll->bags[2].at));
}

static void an_exact_time_has_a_bag_of_its_own(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    planned.dosings[1].exact = false;
    (void)planned_add(&planned, "a", 1000, at_8, 1);
    (void)planned_add(&planned, "b", 1000, at_8, 1);
    planned.dosings[0].exact = true;
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_int_equal(roll->bag_count, 30);
    assert_false(roll->bags[1].exact);
    assert_string_equal(roll->bags[1].contents[0].product, "b");
    assert_true(roll->bags[2].exact);
    assert_null(roll->bags[2].moment);
    assert_string_equal(roll->bags[2].contents[0].product, "a");
}

static void a_product_that_must_lie_alone_does(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "alone", 1000, at_8, 1);
    (void)planned_add(&planned, "b", 1000, at_8, 1);
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_int_equal(roll->bag_count, 30);
    assert_int_equal(roll->bags[1].content_count, 1);
    assert_int_equal(roll->bags[2].content_count, 1);
    assert_string_equal(roll->bags[2].contents[0].product, "alone");
}

static void without_a_table_every_order_is_excluded(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    planned.request.products = NULL;
    (void)planned_add(&planned, "a", 1000, at_8, 1);
    planned_add(&planned, "b", 1000, at_8, 1)->gds = false;
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_true(blocked);
    assert_int_equal(roll->bag_count, 0);
    assert_int_equal(roll->excluded_count, 2);
    assert_true(planned_has(roll, "D31", "not-packable", RW_BLOCKS));
}

static void a_product_that_the_table_lacks_stops_the_roll(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, at_8, 1);
    (void)planned_add(&planned, "unheard-of", 1000, at_8, 1);
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_true(blocked);
    assert_int_equal(roll->excluded_count, 1);
    assert_string_equal(roll->excluded[0].reason, "not-packable");
}

static void what_is_not_solid_or_not_packable_is_loose_and_counted(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, at_8, 1);
    (void)planned_add(&planned, "drops", 5000, at_8, 1);
    (void)planned_add(&planned, "moist", 1000, at_8, 1);
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_int_equal(roll->loose_count, 2);
    assert_int_equal(roll->loose[0].milli, 70000);
    assert_int_equal(roll->audit.loose_milli, 84000);
    assert_true(planned_has(roll, "D6", "not-packable", RW_INFORMS));
    assert_true(planned_has(roll, "D31", "kept-out-of-bags", RW_INFORMS));
}

static void what_is_out_of_stock_is_never_left_out_in_silence(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "gone", 1000, at_8, 1);
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_true(blocked);
    assert_true(planned_has(roll, "D44", "out-of-stock", RW_BLOCKS));
}

static void a_loose_agreement_keeps_its_intakes_beside_the_roll(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, at_8, 1);
    planned_add(&planned, "b", 1000, at_8, 1)->gds = false;
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_int_equal(roll->loose_count, 1);
    assert_string_equal(roll->loose[0].reason, "loose-agreement");
    assert_int_equal(roll->loose[0].milli, 14000);
    planned.policy.pack_by_default = true;
    assert_int_equal(planned_roll(&planned, &blocked)->loose_count, 0);
}

static void a_wish_of_the_prescriber_keeps_it_out_of_the_roll(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, at_8, 1);
    struct order *wish = planned_add(&planned, "a", 1000, at_8, 1);
    wish->kind = ORDER_VV;
    wish->not_in_gds = true;
    wish->refused = "not-an-order";
    wish->treatment = planned.orders[0].treatment;
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_int_equal(roll->loose_count, 1);
    assert_string_equal(roll->loose[0].reason, "not-in-gds");
    assert_int_equal(roll->excluded_count, 0); /* the wish itself stands in no list */
}

static void what_is_taken_when_needed_is_loose_without_an_amount(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, at_8, 1);
    (void)planned_add(&planned, "b", 1000, at_8, 1);
    planned.dosings[1].as_needed = true;
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_int_equal(planned_milli(roll, "b"), 0);
    assert_int_equal(roll->loose_count, 1);
    assert_string_equal(roll->loose[0].reason, "as-needed");
    assert_int_equal(roll->loose[0].milli, -1);
}

static void a_dose_that_is_not_certain_stops_the_roll(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, at_8, 1);
    planned.dosings[0].dose.is_range = true;
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_true(blocked);
    assert_true(planned_has(roll, "D15", "dose-range", RW_BLOCKS));
    planned.orders[0].gds = false; /* loose: a person reads it from its own label */
    (void)planned_add(&planned, "b", 1000, at_8, 1);
    roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_string_equal(roll->loose[0].reason, "dose-range");
}

static void a_quarter_is_packed_only_where_the_table_splits_so_far(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "quarter", 250, at_8, 1);
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_int_equal(planned_milli(roll, "quarter"), 14 * 250);
    assert_true(planned_has(roll, "D40", "finer-than-half", RW_OVERRIDABLE));
    (void)planned_add(&planned, "h", 250, at_8, 1); /* halves only */
    roll = planned_roll(&planned, &blocked);
    assert_true(blocked);
    assert_true(planned_has(roll, "D40", "fraction", RW_BLOCKS));
}

static void what_ended_before_the_window_stops_nothing(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, at_8, 1);
    (void)planned_add(&planned, "b", 1000, at_8, 1);
    planned.dosings[1].dose.is_range = true;
    planned.orders[1].period_end =
        (struct dosing_point){ DOSING_MINUTE, made_at(planned.made, MADE_FROM - 3, 23, 59), 59 };
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_int_equal(roll->excluded_count, 1);
}

static void what_a_stop_agreement_cuts_off_is_counted_as_excluded(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, at_8, 1);
    struct order *stop = planned_add(&planned, "a", 1000, at_8, 1);
    stop->kind = planned.orders[0].kind = ORDER_MA;
    stop->prior = planned.orders[0].full_id;
    stop->stop_type = "410546004";
    stop->period_end =
        (struct dosing_point){ DOSING_MINUTE, made_at(planned.made, MADE_FROM + 3, 23, 59), 59 };
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_int_equal(planned_milli(roll, "a"), 4000);
    assert_int_equal(roll->audit.ordered_milli, 14000);
    assert_int_equal(roll->audit.excluded_milli, 10000);
    assert_int_equal(roll->excluded_count, 2);
    assert_string_equal(roll->excluded[0].reason, "stop-agreement");
}

static void a_client_is_one_person_with_a_name_and_a_birth_date(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, at_8, 1);
    (void)planned_add(&planned, "b", 1000, at_8, 1);
    planned.orders[1].client.name = "Anna de Zwart";
    assert_true(planned_has(planned_roll(&planned, &blocked), "D1", "unknown-client", RW_BLOCKS));
    planned.orders[1].client = planned.orders[0].client;
    planned.orders[0].client.born = planned.orders[1].client.born = "1941-03";
    assert_true(planned_has(planned_roll(&planned, &blocked), "D1", "unknown-client", RW_BLOCKS));
    planned.orders[0].client.born = planned.orders[1].client.born = "1941-03-14";
    (void)planned_roll(&planned, &blocked);
    assert_false(blocked);
    planned.request.nameless_lines = true;
    (void)planned_roll(&planned, &blocked);
    assert_true(blocked);
}

static void findings_never_tell_who_the_client_is(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, at_8, 1);
    planned.orders[0].client.born = "14-03-1941";
    const struct roll *roll = planned_roll(&planned, &blocked);
    for (size_t i = 0; i < roll->findings.count; i++) {
        assert_null(strstr(roll->findings.findings[i].text, "Anna"));
        assert_null(strstr(roll->findings.findings[i].text, "1941"));
    }
}

static void bags_follow_elapsed_time_on_the_night_of_25_hours(void **state)
{
    struct planned planned;
    bool blocked;
    static const int32_t nights[] = { 1, 2, 3 };
    planned_begin(&planned, *state);
    planned.window = (struct window){ .from = 20750, .days = 3 }; /* 2026-10-24 */
    (void)planned_add(&planned, "a", 1000, nights, 3);
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_int_equal(roll->bag_count, 11);
    /* 01:00+02, 02:00+02, 03:00+01: the second 02:00 passes without a bag (D24). */
    assert_int_equal(rw_stamp_utc_minute(roll->bags[5].at) - rw_stamp_utc_minute(roll->bags[4].at),
                     60);
    assert_int_equal(rw_stamp_utc_minute(roll->bags[6].at) - rw_stamp_utc_minute(roll->bags[5].at),
                     120);
}

static void a_client_without_doses_has_a_roll_that_says_so(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "drops", 1000, at_8, 1);
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_int_equal(roll->bag_count, 2);
    assert_true(planned_has(roll, "D2", "no-doses", RW_OVERRIDABLE));
}

static void labels_name_the_file_where_there_are_several(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, at_8, 1);
    assert_string_equal(planned_roll(&planned, &blocked)->bags[1].contents[0].order, "/o0");
    planned.request.many_sources = true;
    assert_string_equal(planned_roll(&planned, &blocked)->bags[1].contents[0].order, "a.json#/o0");
}

static void a_roll_number_is_nine_digits_of_its_seed(void **state)
{
    uint8_t seed[RW_SHA256_BYTES] = { 0 };
    char number[ROLL_NUMBER_MAX];
    (void)state;
    seed[7] = 42;
    plan_number(seed, number);
    assert_string_equal(number, "000000042");
    seed[0] = 255;
    plan_number(seed, number);
    assert_true(roll_is_number(number));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tablets_of_one_time_lie_in_one_bag),
        cmocka_unit_test(a_roll_reads_back_from_its_file),
        cmocka_unit_test(too_much_for_one_bag_is_divided_and_counted),
        cmocka_unit_test(an_exact_time_has_a_bag_of_its_own),
        cmocka_unit_test(a_product_that_must_lie_alone_does),
        cmocka_unit_test(without_a_table_every_order_is_excluded),
        cmocka_unit_test(a_product_that_the_table_lacks_stops_the_roll),
        cmocka_unit_test(what_is_not_solid_or_not_packable_is_loose_and_counted),
        cmocka_unit_test(what_is_out_of_stock_is_never_left_out_in_silence),
        cmocka_unit_test(a_loose_agreement_keeps_its_intakes_beside_the_roll),
        cmocka_unit_test(a_wish_of_the_prescriber_keeps_it_out_of_the_roll),
        cmocka_unit_test(what_is_taken_when_needed_is_loose_without_an_amount),
        cmocka_unit_test(a_dose_that_is_not_certain_stops_the_roll),
        cmocka_unit_test(a_quarter_is_packed_only_where_the_table_splits_so_far),
        cmocka_unit_test(what_ended_before_the_window_stops_nothing),
        cmocka_unit_test(what_a_stop_agreement_cuts_off_is_counted_as_excluded),
        cmocka_unit_test(a_client_is_one_person_with_a_name_and_a_birth_date),
        cmocka_unit_test(findings_never_tell_who_the_client_is),
        cmocka_unit_test(bags_follow_elapsed_time_on_the_night_of_25_hours),
        cmocka_unit_test(a_client_without_doses_has_a_roll_that_says_so),
        cmocka_unit_test(labels_name_the_file_where_there_are_several),
        cmocka_unit_test(a_roll_number_is_nine_digits_of_its_seed),
    };
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
