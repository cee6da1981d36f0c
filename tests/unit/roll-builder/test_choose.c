/* SPDX-License-Identifier: Apache-2.0 */
/* Proves which agreement counts: along links, never by a guess. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "roll-builder/choose.h"
#include "tests/unit/roll-builder/made.h"

#define ORDERS 4

/* Chooses among `count` orders in a window of 14 days from MADE_FROM on. */
static struct chosen *choose(struct made *made, struct order *orders, size_t count,
                             struct rw_diag *diag)
{
    const struct order *list[ORDERS];
    const struct window window = { .from = MADE_FROM, .days = 14 };
    struct chosen *chosen = NULL;
    struct rw_error err = { 0 };
    for (size_t i = 0; i < count; i++)
        list[i] = &orders[i];
    rw_diag_init(diag, made->arena);
    assert_true(choose_orders(list, count, &window, made->zone, diag, &chosen, &err));
    return chosen;
}

static bool has_finding(const struct rw_diag *diag, const char *id, const char *reason,
                        enum rw_severity severity)
{
    for (size_t i = 0; i < diag->count; i++) {
        const struct rw_finding *finding = &diag->findings[i];
        if (strcmp(finding->id, id) == 0 && strcmp(finding->reason, reason) == 0 &&
            finding->severity == severity)
            return true;
    }
    return false;
}

static void ends_at(struct made *made, struct order *order, int32_t day, int32_t hour,
                    int32_t minute)
{
    order->period_end =
        (struct dosing_point){ DOSING_MINUTE, made_at(made, day, hour, minute), 59 };
}

static void starts_at(struct made *made, struct order *order, int32_t day)
{
    order->period_start = (struct dosing_point){ DOSING_MINUTE, made_at(made, day, 0, 0), 0 };
}

static void a_toedieningsafspraak_stands_over_the_agreement_it_names(void **state)
{
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "ma"), made_order(ORDER_TA, "ta") };
    orders[1].links[orders[1].link_count++] = "s|ma";
    const struct chosen *chosen = choose(*state, orders, 2, &diag);
    assert_true(chosen[0].replaced);
    assert_ptr_equal(chosen[0].by, &orders[1]);
    assert_false(chosen[1].replaced);
    assert_int_equal(diag.count, 0);
}

static void without_a_link_both_stand_even_in_one_treatment(void **state)
{
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "ma"), made_order(ORDER_TA, "ta") };
    const struct chosen *chosen = choose(*state, orders, 2, &diag);
    assert_false(chosen[0].replaced || chosen[1].replaced);
}

static void a_wisselend_doseerschema_stands_over_both(void **state)
{
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "ma"), made_order(ORDER_TA, "ta"),
                              made_order(ORDER_WDS, "wds") };
    orders[1].links[orders[1].link_count++] = "s|ma";
    orders[2].links[orders[2].link_count++] = "MedicationRequest/ma";
    const struct chosen *chosen = choose(*state, orders, 3, &diag);
    assert_true(chosen[0].replaced && chosen[1].replaced);
    assert_ptr_equal(chosen[1].by, &orders[2]);
    assert_false(chosen[2].replaced);
}

static void parallel_agreements_on_one_base_all_stand(void **state)
{
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "ma"), made_order(ORDER_TA, "ta1"),
                              made_order(ORDER_TA, "ta2") };
    orders[1].links[orders[1].link_count++] = "s|ma";
    orders[2].links[orders[2].link_count++] = "s|ma";
    const struct chosen *chosen = choose(*state, orders, 3, &diag);
    assert_true(chosen[0].replaced);
    assert_false(chosen[1].replaced || chosen[2].replaced);
}

static void an_agreement_yields_to_the_one_that_names_it(void **state)
{
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "old"), made_order(ORDER_MA, "new") };
    orders[1].prior = "s|old";
    starts_at(*state, &orders[1], MADE_FROM - 3);
    const struct chosen *chosen = choose(*state, orders, 2, &diag);
    assert_true(chosen[0].replaced);
    assert_false(chosen[1].replaced || chosen[0].has_until);
}

static void what_changes_within_the_window_holds_until_the_change(void **state)
{
    struct made *made = *state;
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "old"), made_order(ORDER_MA, "new") };
    orders[1].prior = "s|old";
    starts_at(made, &orders[1], MADE_FROM + 4);
    const struct chosen *chosen = choose(made, orders, 2, &diag);
    assert_false(chosen[0].replaced);
    assert_true(chosen[0].has_until);
    assert_string_equal(chosen[0].until_reason, "replaced");
    assert_int_equal(chosen[0].until_utc_minute,
                     rw_stamp_utc_minute(made_at(made, MADE_FROM + 4, 0, 0)) - 1);
}

static void a_change_after_the_window_changes_nothing_in_it(void **state)
{
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "old"), made_order(ORDER_MA, "new") };
    orders[1].prior = "s|old";
    starts_at(*state, &orders[1], MADE_FROM + 14);
    const struct chosen *chosen = choose(*state, orders, 2, &diag);
    assert_false(chosen[0].replaced || chosen[0].has_until);
}

static void what_was_made_from_a_replaced_agreement_goes_with_it(void **state)
{
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "old"), made_order(ORDER_MA, "new"),
                              made_order(ORDER_TA, "ta") };
    orders[1].prior = "s|old";
    orders[2].links[orders[2].link_count++] = "s|old";
    const struct chosen *chosen = choose(*state, orders, 3, &diag);
    assert_true(chosen[0].replaced && chosen[2].replaced);
    assert_false(chosen[1].replaced); /* else both doses would lie in the bag */
    assert_true(has_finding(&diag, "A18", "derived-ended", RW_OVERRIDABLE));
}

static void a_stop_agreement_ends_what_it_names_at_its_own_end(void **state)
{
    struct made *made = *state;
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "ma"), made_order(ORDER_MA, "stop") };
    orders[1].prior = "s|ma";
    orders[1].stop_type = "410546004";
    ends_at(made, &orders[1], MADE_FROM + 2, 23, 59);
    const struct chosen *chosen = choose(made, orders, 2, &diag);
    assert_false(chosen[0].replaced || chosen[1].replaced);
    assert_string_equal(chosen[0].until_reason, "stop-agreement");
    assert_int_equal(chosen[0].until_utc_minute,
                     rw_stamp_utc_minute(made_at(made, MADE_FROM + 2, 23, 59)));
}

static void a_stop_on_a_day_holds_to_the_end_of_that_day_in_autumn_too(void **state)
{
    struct made *made = *state;
    struct rw_diag diag;
    const int32_t autumn = 20751; /* 2026-10-25 has 25 hours */
    struct order orders[] = { made_order(ORDER_MA, "ma"), made_order(ORDER_MA, "stop") };
    orders[1].prior = "s|ma";
    orders[1].stop_type = "410546004";
    orders[1].period_end = (struct dosing_point){ DOSING_DATE, made_at(made, autumn, 0, 0), 0 };
    const struct chosen *chosen = choose(made, orders, 2, &diag);
    assert_int_equal(chosen[0].until_utc_minute,
                     rw_stamp_utc_minute(made_at(made, autumn, 23, 59)));
}

static void a_cancelled_agreement_never_held(void **state)
{
    struct made *made = *state;
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "ma"), made_order(ORDER_MA, "cancel") };
    orders[1].prior = "s|ma";
    orders[1].stop_type = "89925002";
    const struct chosen *chosen = choose(made, orders, 2, &diag);
    assert_string_equal(chosen[0].until_reason, "cancelled-agreement");
    assert_true(chosen[0].until_utc_minute < rw_stamp_utc_minute(made_at(made, MADE_FROM, 0, 0)));
}

static void what_was_cancelled_leaves_the_agreement_before_it_in_force(void **state)
{
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "old"), made_order(ORDER_MA, "new"),
                              made_order(ORDER_MA, "cancel") };
    orders[1].prior = "s|old";
    orders[2].prior = "s|new";
    orders[2].stop_type = "89925002";
    const struct chosen *chosen = choose(*state, orders, 3, &diag);
    assert_false(chosen[0].replaced || chosen[0].has_until);
    assert_string_equal(chosen[1].until_reason, "cancelled-agreement");
}

static void what_was_cancelled_stands_over_nothing(void **state)
{
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "ma"), made_order(ORDER_TA, "ta"),
                              made_order(ORDER_TA, "cancel") };
    orders[1].links[orders[1].link_count++] = "s|ma";
    orders[2].prior = "s|ta";
    orders[2].links[orders[2].link_count++] = "s|ma";
    orders[2].stop_type = "89925002";
    const struct chosen *chosen = choose(*state, orders, 3, &diag);
    assert_false(chosen[0].replaced || chosen[0].has_until);
    assert_true(chosen[1].has_until);
}

static void a_stop_without_a_name_ends_the_only_one_of_its_treatment(void **state)
{
    struct made *made = *state;
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_TA, "ta"), made_order(ORDER_TA, "stop"),
                              made_order(ORDER_TA, "far") };
    orders[2].treatment = "t|2";
    orders[1].stop_type = "410546004";
    orders[1].registered = "2026-11-01T09:00:00Z";
    ends_at(made, &orders[1], MADE_FROM + 2, 23, 59);
    const struct chosen *chosen = choose(made, orders, 3, &diag);
    assert_true(chosen[0].has_until);
    assert_false(chosen[2].has_until);
}

static void a_stop_that_could_mean_several_stops_the_roll(void **state)
{
    struct made *made = *state;
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_TA, "ta1"), made_order(ORDER_TA, "ta2"),
                              made_order(ORDER_TA, "stop") };
    orders[2].stop_type = "410546004";
    orders[2].registered = "2026-11-01T09:00:00Z";
    ends_at(made, &orders[2], MADE_FROM + 2, 23, 59);
    const struct chosen *chosen = choose(made, orders, 3, &diag);
    assert_false(chosen[0].has_until || chosen[1].has_until);
    assert_true(has_finding(&diag, "A2", "stop-agreement", RW_BLOCKS));
    starts_at(made, &orders[0], MADE_FROM - 9); /* the same start tells them apart */
    starts_at(made, &orders[1], MADE_FROM - 5);
    starts_at(made, &orders[2], MADE_FROM - 5);
    chosen = choose(made, orders, 3, &diag);
    assert_false(chosen[0].has_until);
    assert_true(chosen[1].has_until);
    assert_false(rw_diag_has(&diag, RW_BLOCKS));
}

static void a_stop_of_what_is_not_here_is_told(void **state)
{
    struct made *made = *state;
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "stop"), made_order(ORDER_MA, "far") };
    orders[0].prior = "s|absent";
    orders[0].stop_type = "410546004";
    orders[1].treatment = "t|2";
    ends_at(made, &orders[0], MADE_FROM + 2, 23, 59);
    const struct chosen *chosen = choose(made, orders, 2, &diag);
    assert_false(chosen[1].has_until);
    assert_true(has_finding(&diag, "A2", "stop-target-absent", RW_INFORMS));
}

static void a_stop_without_an_end_stops_the_roll(void **state)
{
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "ma"), made_order(ORDER_MA, "stop") };
    orders[1].prior = "s|ma";
    orders[1].stop_type = "410546004";
    (void)choose(*state, orders, 2, &diag);
    assert_true(rw_diag_has(&diag, RW_BLOCKS));
}

static void the_stop_of_an_agreement_ends_what_was_made_from_it(void **state)
{
    struct made *made = *state;
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "ma"), made_order(ORDER_MA, "stop"),
                              made_order(ORDER_TA, "ta") };
    orders[1].prior = "s|ma";
    orders[1].stop_type = "410546004";
    ends_at(made, &orders[1], MADE_FROM + 2, 23, 59);
    orders[2].links[orders[2].link_count++] = "s|ma";
    const struct chosen *chosen = choose(made, orders, 3, &diag);
    assert_true(chosen[2].has_until);
    assert_int_equal(chosen[2].until_utc_minute, chosen[0].until_utc_minute);
}

static void the_newest_registration_decides_between_versions(void **state)
{
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_TA, "ta"), made_order(ORDER_TA, "ta") };
    orders[0].registered = "2026-11-02T09:00:00+01:00";
    orders[1].registered = "2026-11-02T08:30:00Z"; /* half an hour later */
    const struct chosen *chosen = choose(*state, orders, 2, &diag);
    assert_true(chosen[0].replaced);
    assert_false(chosen[1].replaced);
}

static void versions_that_do_not_say_which_is_newer_stop_the_roll(void **state)
{
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_TA, "ta"), made_order(ORDER_TA, "ta") };
    const struct chosen *chosen = choose(*state, orders, 2, &diag);
    assert_false(chosen[0].replaced || chosen[1].replaced);
    assert_true(has_finding(&diag, "A18", "version-conflict", RW_BLOCKS));
}

static void agreements_that_replace_each_other_stop_the_roll(void **state)
{
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "a"), made_order(ORDER_MA, "b") };
    orders[0].prior = "s|b";
    orders[1].prior = "s|a";
    (void)choose(*state, orders, 2, &diag);
    assert_true(has_finding(&diag, "A18", "version-conflict", RW_BLOCKS));
}

static void what_was_entered_in_error_says_nothing_about_others(void **state)
{
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "ma"), made_order(ORDER_TA, "ta") };
    orders[1].links[orders[1].link_count++] = "s|ma";
    orders[1].status = "entered-in-error";
    const struct chosen *chosen = choose(*state, orders, 2, &diag);
    assert_false(chosen[0].replaced);
}

static void the_wish_of_a_dispense_request_makes_its_treatment_loose(void **state)
{
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "ma"), made_order(ORDER_VV, "vv"),
                              made_order(ORDER_MA, "far") };
    orders[1].not_in_gds = true;
    orders[2].treatment = "t|2";
    const struct chosen *chosen = choose(*state, orders, 3, &diag);
    assert_true(chosen[0].not_in_gds);
    assert_false(chosen[2].not_in_gds);
    orders[1].status = "cancelled";
    chosen = choose(*state, orders, 3, &diag);
    assert_false(chosen[0].not_in_gds);
}

static void the_order_of_the_lines_does_not_matter(void **state)
{
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_TA, "ta"), made_order(ORDER_MA, "ma") };
    orders[0].links[orders[0].link_count++] = "s|ma";
    const struct chosen *chosen = choose(*state, orders, 2, &diag);
    assert_true(chosen[1].replaced);
    assert_false(chosen[0].replaced);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_toedieningsafspraak_stands_over_the_agreement_it_names),
        cmocka_unit_test(without_a_link_both_stand_even_in_one_treatment),
        cmocka_unit_test(a_wisselend_doseerschema_stands_over_both),
        cmocka_unit_test(parallel_agreements_on_one_base_all_stand),
        cmocka_unit_test(an_agreement_yields_to_the_one_that_names_it),
        cmocka_unit_test(what_changes_within_the_window_holds_until_the_change),
        cmocka_unit_test(a_change_after_the_window_changes_nothing_in_it),
        cmocka_unit_test(what_was_made_from_a_replaced_agreement_goes_with_it),
        cmocka_unit_test(a_stop_agreement_ends_what_it_names_at_its_own_end),
        cmocka_unit_test(a_stop_on_a_day_holds_to_the_end_of_that_day_in_autumn_too),
        cmocka_unit_test(a_cancelled_agreement_never_held),
        cmocka_unit_test(what_was_cancelled_leaves_the_agreement_before_it_in_force),
        cmocka_unit_test(what_was_cancelled_stands_over_nothing),
        cmocka_unit_test(a_stop_without_a_name_ends_the_only_one_of_its_treatment),
        cmocka_unit_test(a_stop_that_could_mean_several_stops_the_roll),
        cmocka_unit_test(a_stop_of_what_is_not_here_is_told),
        cmocka_unit_test(a_stop_without_an_end_stops_the_roll),
        cmocka_unit_test(the_stop_of_an_agreement_ends_what_was_made_from_it),
        cmocka_unit_test(the_newest_registration_decides_between_versions),
        cmocka_unit_test(versions_that_do_not_say_which_is_newer_stop_the_roll),
        cmocka_unit_test(agreements_that_replace_each_other_stop_the_roll),
        cmocka_unit_test(what_was_entered_in_error_says_nothing_about_others),
        cmocka_unit_test(the_wish_of_a_dispense_request_makes_its_treatment_loose),
        cmocka_unit_test(the_order_of_the_lines_does_not_matter),
    };
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
