/* SPDX-License-Identifier: Apache-2.0 */
/* Proves what a link means, and which version of an agreement counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "roll-builder/choose.h"
#include "tests/unit/roll-builder/made.h"

#define ORDERS 4

static struct chosen *choose(struct made *made, const struct order *orders, size_t count,
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

/* A reference is read as it is written: by urn, within the file, or with any server before it. */
static void a_link_means_its_order_in_each_form(void **state)
{
    static const struct {
        const char *link;
        bool leads;
    } rows[] = {
        { "urn:uuid:ma", true },
        { "#ma", true },
        { "MedicationRequest/ma", true },
        { "https://server/fhir/MedicationRequest/ma", true },
        { "urn:uuid:mb", false },
        { "#mb", false },
        { "MedicationDispense/ma", false }, /* another kind of resource */
        { "XMedicationRequest/ma", false },
        { "request-ma", false }, /* ends alike, and is no reference to it */
        { "MedicationRequest/", false },
    };
    struct rw_diag diag;
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        struct order orders[] = { made_order(ORDER_MA, "ma"), made_order(ORDER_TA, "ta") };
        orders[1].links[orders[1].link_count++] = rows[i].link;
        const struct chosen *chosen = choose(*state, orders, 2, &diag);
        if (chosen[0].replaced != rows[i].leads)
            fail_msg("%s", rows[i].link);
        orders[0].id = "";
        orders[0].full_id = NULL; /* an order that nothing can name */
        assert_false(choose(*state, orders, 2, &diag)[0].replaced);
    }
}

/* A TA and a WDS that were both made from an agreement elsewhere: the schedule stands over it. */
static void two_that_name_the_same_absent_agreement_share_it(void **state)
{
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_TA, "ta"), made_order(ORDER_WDS, "wds") };
    orders[0].links[orders[0].link_count++] = "s|elsewhere";
    orders[1].links[orders[1].link_count++] = "s|elsewhere";
    struct chosen *chosen = choose(*state, orders, 2, &diag);
    assert_true(chosen[0].replaced);
    assert_ptr_equal(chosen[0].by, &orders[1]);
    orders[1].links[0] = "s|another";
    chosen = choose(*state, orders, 2, &diag);
    assert_false(chosen[0].replaced);
}

/* A stop of the pharmacy's agreement that names the prescriber's ends what it was made from. */
static void a_stop_ends_what_it_was_made_from(void **state)
{
    struct made *made = *state;
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "ma"), made_order(ORDER_TA, "stop") };
    orders[1].links[orders[1].link_count++] = "s|ma";
    orders[1].stop_type = "410546004";
    orders[1].period_end =
        (struct dosing_point){ DOSING_MINUTE, made_at(made, MADE_FROM + 3, 23, 59), 59 };
    const struct chosen *chosen = choose(made, orders, 2, &diag);
    assert_true(chosen[0].has_until);
    assert_int_equal(chosen[0].until_utc_minute,
                     rw_stamp_utc_minute(made_at(made, MADE_FROM + 3, 23, 59)));
}

/* Whatever the order of the files, the newer version ends the older one. */
static void the_newer_version_may_come_first(void **state)
{
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "new"), made_order(ORDER_MA, "old"),
                              made_order(ORDER_MA, "older") };
    orders[0].full_id = orders[1].full_id = orders[2].full_id = "s|one";
    orders[0].registered = "2026-11-10T09:00:00Z";
    orders[1].registered = "2026-11-01T09:00:00Z";
    orders[2].registered = "2026-10-20T09:00:00Z";
    const struct chosen *chosen = choose(*state, orders, 3, &diag);
    assert_false(chosen[0].replaced);
    assert_true(chosen[1].replaced && chosen[2].replaced);
    assert_ptr_equal(chosen[2].by, &orders[0]); /* the first cause stands */
    assert_int_equal(diag.count, 0);
}

/* A newer version of an agreement may be its stop: nothing else has to be named. */
static void a_version_that_stops_needs_no_link(void **state)
{
    struct made *made = *state;
    struct rw_diag diag;
    struct order orders[] = { made_order(ORDER_MA, "one"), made_order(ORDER_MA, "one") };
    orders[1].full_id = orders[0].full_id;
    orders[1].registered = "2026-11-10T09:00:00Z";
    orders[1].stop_type = "410546004";
    orders[1].period_end =
        (struct dosing_point){ DOSING_MINUTE, made_at(made, MADE_FROM + 1, 12, 0), 59 };
    const struct chosen *chosen = choose(made, orders, 2, &diag);
    assert_true(chosen[0].has_until);
    assert_int_equal(diag.count, 0); /* nothing is missing */
}

static void more_lines_than_one_client_has_are_refused(void **state)
{
    struct made *made = *state;
    static const struct order *list[CHOOSE_ORDERS_MAX + 1];
    const struct window window = { .from = MADE_FROM, .days = 14 };
    struct chosen *chosen = NULL;
    struct rw_error err = { 0 };
    struct rw_diag diag;
    rw_diag_init(&diag, made->arena);
    assert_false(
        choose_orders(list, CHOOSE_ORDERS_MAX + 1, &window, made->zone, &diag, &chosen, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    assert_null(chosen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_link_means_its_order_in_each_form),
        cmocka_unit_test(two_that_name_the_same_absent_agreement_share_it),
        cmocka_unit_test(a_stop_ends_what_it_was_made_from),
        cmocka_unit_test(the_newer_version_may_come_first),
        cmocka_unit_test(a_version_that_stops_needs_no_link),
        cmocka_unit_test(more_lines_than_one_client_has_are_refused),
    };
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
