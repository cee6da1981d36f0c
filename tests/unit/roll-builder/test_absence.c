/* SPDX-License-Identifier: Apache-2.0 */
/* Proves which bags go along on a day away and which a pause withholds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "roll-builder/absence.h"
#include "tests/unit/roll-builder/made.h"

#define DOSES 6 /* 08:00 and 20:00 of three days */

static struct absence_request ask_for(const struct made *made, struct roll *roll,
                                      enum absence_kind kind)
{
    return (struct absence_request){ .roll = roll,
                                     .kind = kind,
                                     .from = made_at(made, MADE_FROM + 1, 8, 0),
                                     .to = made_at(made, MADE_FROM + 2, 8, 0) };
}

static struct absence find(struct made *made, const struct absence_request *request)
{
    struct absence absence;
    struct rw_error err = { 0 };
    if (!absence_find(request, made->arena, &absence, &err))
        fail_msg("%s: %s", err.at, err.text);
    return absence;
}

static void the_first_minute_belongs_to_it_and_the_last_does_not(void **state)
{
    const struct absence_request request = ask_for(*state, made_roll(*state, DOSES), ABSENCE_AWAY);
    const struct absence absence = find(*state, &request);
    assert_int_equal(absence.count, 2);
    assert_int_equal(absence.bags[0].bag->n, 3);
    assert_int_equal(absence.bags[1].bag->n, 4);
    assert_int_equal(absence.ask_count, 0);
    assert_int_equal(absence.pieces, 2);
    assert_int_equal(absence.resume->n, 5);
    assert_false(absence.beyond || absence.changes);
}

/* What may not be moved freely is a pharmacist's decision (C.7 of the dispensers' needs). */
static void what_may_not_be_moved_is_asked_for(void **state)
{
    static const uint16_t why[] = { 0 };
    struct roll_reason reason = { .order = "/a", .dosage = "/a/0", .rule = "hours", .milli = 1000 };
    struct roll *roll = made_roll(*state, DOSES);
    struct absence_request request = ask_for(*state, roll, ABSENCE_AWAY);
    roll->bags[3].exact = true;
    roll->reasons = &reason;
    roll->reason_count = 1;
    roll->bags[4].contents[0].why = why;
    roll->bags[4].contents[0].why_count = 1;
    struct absence absence = find(*state, &request);
    assert_string_equal(absence.bags[0].ask, "exact");
    assert_string_equal(absence.bags[1].ask, "interval");
    assert_int_equal(absence.ask_count, 2);
    reason.rule = "when";
    request.early_max_min = 12 * 60 - 1;
    absence = find(*state, &request);
    assert_string_equal(absence.bags[1].ask, "too-early");
    request.early_max_min = 12 * 60;
    absence = find(*state, &request);
    assert_null(absence.bags[1].ask);
}

static void a_bag_that_a_change_revokes_is_asked_for(void **state)
{
    struct roll *roll = made_roll(*state, DOSES);
    struct roll *next = made_roll(*state, DOSES);
    struct absence_request request = ask_for(*state, roll, ABSENCE_AWAY);
    request.next = next;
    assert_int_equal(find(*state, &request).ask_count, 0);
    next->bags[4].contents[0].milli = 2000; /* from the fourth bag on */
    struct absence absence = find(*state, &request);
    assert_null(absence.bags[0].ask);
    assert_string_equal(absence.bags[1].ask, "changes");
    assert_true(absence.changes);
}

static void bags_of_one_moment_share_their_question(void **state)
{
    struct roll *roll = made_roll(*state, DOSES);
    const struct absence_request request = ask_for(*state, roll, ABSENCE_AWAY);
    roll->bags[4].at = roll->bags[3].at;
    roll->bags[4].exact = true;
    const struct absence absence = find(*state, &request);
    assert_int_equal(absence.count, 2);
    assert_string_equal(absence.bags[0].ask, "exact");
    assert_string_equal(absence.bags[1].ask, "exact");
    roll->bags[3].exact = true; /* the question of the first counts for the second as well */
    roll->bags[4].exact = false;
    const struct absence other = find(*state, &request);
    assert_string_equal(other.bags[1].ask, "exact");
    assert_int_equal(other.ask_count, 2);
}

static void a_pause_withholds_without_a_question(void **state)
{
    struct roll *roll = made_roll(*state, DOSES);
    struct absence_request request = ask_for(*state, roll, ABSENCE_PAUSE);
    roll->bags[3].exact = true;
    struct absence absence = find(*state, &request);
    assert_int_equal(absence.count, 2);
    assert_int_equal(absence.ask_count, 0);
    assert_int_equal(absence.resume->n, 5);
    request.to = made_at(*state, MADE_FROM + 40, 0, 0);
    absence = find(*state, &request);
    assert_int_equal(absence.count, 4);
    assert_null(absence.resume);
    assert_true(absence.beyond);
}

static void an_absence_must_last(void **state)
{
    struct absence absence;
    struct rw_error err = { 0 };
    struct roll *roll = made_roll(*state, DOSES);
    struct absence_request request = ask_for(*state, roll, ABSENCE_AWAY);
    request.to = request.from;
    assert_false(absence_find(&request, ((struct made *)*state)->arena, &absence, &err));
    assert_int_equal(err.code, RW_INVALID);
    struct rw_error bare = { 0 };
    request.to = made_at(*state, MADE_FROM + 2, 8, 0);
    roll->bag_count = 1; /* neither header nor trailer: no roll of ours */
    assert_false(absence_find(&request, ((struct made *)*state)->arena, &absence, &bare));
    assert_int_equal(bare.code, RW_INVALID);
    assert_string_equal(bare.at, "/bags");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_minute_belongs_to_it_and_the_last_does_not),
        cmocka_unit_test(what_may_not_be_moved_is_asked_for),
        cmocka_unit_test(a_bag_that_a_change_revokes_is_asked_for),
        cmocka_unit_test(bags_of_one_moment_share_their_question),
        cmocka_unit_test(a_pause_withholds_without_a_question),
        cmocka_unit_test(an_absence_must_last),
    };
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
