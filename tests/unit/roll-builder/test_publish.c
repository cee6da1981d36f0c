/* SPDX-License-Identifier: Apache-2.0 */
/* Proves what a dispenser is told: windows, codes, and no name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/json/schedule_json.h"
#include "core/model/tag.h"
#include "roll-builder/publish.h"
#include "tests/unit/roll-builder/made.h"

static struct publish_facts make_facts(const struct made *made)
{
    return (struct publish_facts){ .dispenser = "d1",
                                   .version = 7,
                                   .client = "pseudonym-1",
                                   .released = "2026-11-20T14:00:00.000Z",
                                   .alarm_after_min = 45,
                                   .early = true,
                                   .roll_key = made->roll_key,
                                   .zone = made->zone };
}

static struct schedule *publish(struct made *made, const struct roll *roll,
                                const struct publish_facts *facts)
{
    struct schedule *schedule = NULL;
    struct rw_error err = { 0 };
    assert_true(publish_schedule(roll, facts, made->arena, &schedule, &err));
    return schedule;
}

static int64_t between(struct rw_stamp earlier, struct rw_stamp later)
{
    return rw_stamp_utc_minute(later) - rw_stamp_utc_minute(earlier);
}

static void every_dose_is_told_with_its_own_tag(void **state)
{
    struct made *made = *state;
    const struct roll *roll = made_roll(made, 6);
    const struct publish_facts facts = make_facts(made);
    const struct schedule *schedule = publish(made, roll, &facts);
    assert_int_equal(schedule->bag_count, 6);
    assert_int_equal(schedule->first, 1);
    assert_int_equal(schedule->last, 6);
    for (size_t i = 0; i < 6; i++) {
        struct tag tag;
        struct rw_error err = { 0 };
        assert_true(tag_parse(roll->bags[i + 1].code, &tag, &err));
        assert_string_equal(schedule->bags[i].tag, tag.digits);
        assert_string_equal(schedule->bags[i].serial, roll->bags[i + 1].serial);
        assert_int_equal(schedule->bags[i].pieces, 1);
    }
}

static void a_bag_opens_before_its_moment_and_closes_after_the_alarm(void **state)
{
    struct made *made = *state;
    struct publish_facts facts = make_facts(made);
    const struct schedule *schedule = publish(made, made_roll(made, 6), &facts);
    const struct schedule_bag *bag = &schedule->bags[2];
    assert_int_equal(between(bag->opens, bag->at), PUBLISH_OPENS_MIN);
    assert_int_equal(between(bag->at, bag->closes), PUBLISH_CLOSES_MIN);
    facts.alarm_after_min = 150;
    schedule = publish(made, made_roll(made, 6), &facts);
    assert_int_equal(between(schedule->bags[2].at, schedule->bags[2].closes), 150);
}

static void windows_of_two_moments_never_overlap(void **state)
{
    struct made *made = *state;
    const struct publish_facts facts = make_facts(made);
    for (int32_t gap = 1; gap <= 240; gap++) {
        struct roll *roll = made_roll(made, 2);
        roll->bags[2].at = rw_zone_at(made->zone, rw_stamp_utc_minute(roll->bags[1].at) + gap);
        roll->bags[2].exact = gap % 2 == 0;
        const struct schedule *schedule = publish(made, roll, &facts);
        const struct schedule_bag *bags = schedule->bags;
        assert_true(between(bags[0].closes, bags[1].opens) >= 0);
        for (size_t i = 0; i < 2; i++) {
            assert_true(between(bags[i].opens, bags[i].at) >= 0);
            assert_true(between(bags[i].at, bags[i].closes) >= 0);
        }
    }
}

static void the_parts_of_one_moment_share_their_window(void **state)
{
    struct made *made = *state;
    struct roll *roll = made_roll(made, 3);
    const struct publish_facts facts = make_facts(made);
    roll->bags[2].at = roll->bags[1].at;
    const struct schedule *schedule = publish(made, roll, &facts);
    assert_int_equal(between(schedule->bags[0].opens, schedule->bags[1].opens), 0);
    assert_int_equal(between(schedule->bags[0].closes, schedule->bags[1].closes), 0);
}

static void an_exact_time_is_never_taken_early(void **state)
{
    struct made *made = *state;
    struct roll *roll = made_roll(made, 3);
    const struct publish_facts facts = make_facts(made);
    roll->bags[2].exact = true;
    const struct schedule *schedule = publish(made, roll, &facts);
    assert_true(schedule->bags[0].early);
    assert_false(schedule->bags[1].early);
    assert_int_equal(between(schedule->bags[1].opens, schedule->bags[1].at),
                     PUBLISH_EXACT_OPENS_MIN);
}

/* Bags of 08:00 and 20:00; the horizon is five hours. */
static void the_clients_own_hand_is_early_within_the_horizon(void **state)
{
    struct made *made = *state;
    struct publish_facts facts = make_facts(made);
    const struct schedule *schedule = publish(made, made_roll(made, 4), &facts);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(schedule->bags[i].early_min, 0);
    facts.early_max_min = 300;
    schedule = publish(made, made_roll(made, 4), &facts);
    assert_int_equal(schedule->bags[0].early_min, 0); /* what was taken before it is not known */
    assert_int_equal(schedule->bags[1].early_min, 300);
    facts.first = 2; /* what goes before is of another roll, whose times may differ */
    schedule = publish(made, made_roll(made, 4), &facts);
    assert_int_equal(schedule->bags[0].early_min, 0);
    assert_int_equal(schedule->bags[1].early_min, 300);
    facts.first = 0;
    facts.early_max_min = PUBLISH_OPENS_MIN;
    schedule = publish(made, made_roll(made, 4), &facts);
    assert_int_equal(schedule->bags[1].early_min, 0); /* it opens then anyway */
}

/* REQ-024: two moments in one hour by the client's own hand may be a double dose. */
static void the_clients_own_hand_keeps_two_moments_apart(void **state)
{
    struct made *made = *state;
    struct publish_facts facts = make_facts(made);
    facts.early_max_min = SCHEDULE_EARLY_MAX_MIN;
    for (int32_t gap = 1; gap <= 720; gap++) {
        struct roll *roll = made_roll(made, 2);
        roll->bags[2].at = rw_zone_at(made->zone, rw_stamp_utc_minute(roll->bags[1].at) + gap);
        const struct schedule *schedule = publish(made, roll, &facts);
        const struct schedule_bag *bags = schedule->bags;
        const int64_t soonest = rw_stamp_utc_minute(bags[1].at) - bags[1].early_min;
        if (bags[1].early_min == 0)
            continue;
        assert_in_range(gap, 241, 720);
        assert_true(soonest < rw_stamp_utc_minute(bags[1].opens));
        assert_true(soonest - rw_stamp_utc_minute(bags[0].closes) >= PUBLISH_APART_MIN);
        assert_true(2 * (soonest - rw_stamp_utc_minute(bags[0].at)) >= gap);
    }
}

static void a_fixed_time_or_distance_is_not_the_clients_to_move(void **state)
{
    struct made *made = *state;
    struct publish_facts facts = make_facts(made);
    struct product row = { .code = "A", .gap_min = 480 };
    const struct products products = { .rows = &row, .count = 1 };
    struct roll *roll = made_roll(made, 4);
    facts.early_max_min = 300;
    roll->bags[2].exact = true;
    roll->bags[3].at = roll->bags[2].at; /* another bag of the moment waits with it */
    const struct schedule *schedule = publish(made, roll, &facts);
    assert_int_equal(schedule->bags[1].early_min, 0);
    assert_int_equal(schedule->bags[2].early_min, 0);
    assert_int_equal(schedule->bags[3].early_min, 300);
    facts.products = &products;
    schedule = publish(made, made_roll(made, 4), &facts);
    assert_int_equal(schedule->bags[1].early_min, 0);
    row.gap_min = 0;
    roll = made_roll(made, 4);
    struct roll_reason reason = { .order = "/a", .rule = "hours" };
    const uint16_t why[] = { 0 };
    roll->reasons = &reason;
    roll->reason_count = 1;
    roll->bags[2].contents[0].why = why;
    roll->bags[2].contents[0].why_count = 1;
    schedule = publish(made, roll, &facts);
    assert_int_equal(schedule->bags[1].early_min, 0);
    assert_int_equal(schedule->bags[3].early_min, 300);
}

static void a_part_of_a_roll_begins_at_its_bag(void **state)
{
    struct made *made = *state;
    struct publish_facts facts = make_facts(made);
    facts.first = 4;
    const struct schedule *schedule = publish(made, made_roll(made, 6), &facts);
    assert_int_equal(schedule->bag_count, 3);
    assert_int_equal(schedule->first, 4);
    assert_int_equal(schedule->last, 6);
}

static void the_next_roll_is_due_when_this_one_ends(void **state)
{
    struct made *made = *state;
    const struct publish_facts facts = make_facts(made);
    const struct schedule *schedule = publish(made, made_roll(made, 6), &facts);
    assert_string_equal(schedule->next_roll_due, "2026-11-26T00:00+01:00");
    assert_string_equal(schedule->not_after, "2026-11-25T21:00:00.000Z");
}

static void what_lies_outside_is_recalled_once_a_day_without_a_name(void **state)
{
    struct made *made = *state;
    struct roll *roll = made_roll(made, 6);
    struct roll_outside loose[] = {
        { .order = "/b", .name = "GEHEIM", .text = "geheim", .reason = "x", .milli = -1 },
        { .order = "/c", .name = "GEHEIM", .text = "geheim", .reason = "x", .milli = 3000 }
    };
    const struct publish_facts facts = make_facts(made);
    roll->loose = loose;
    roll->loose_count = 1; /* only as needed: nothing to recall */
    assert_int_equal(publish(made, roll, &facts)->reminder_count, 0);
    roll->loose_count = 2;
    const struct schedule *schedule = publish(made, roll, &facts);
    assert_int_equal(schedule->reminder_count, 3);
    assert_null(strstr(schedule->reminders[0].text, "GEHEIM"));
    assert_null(strstr(schedule->reminders[0].text, "geheim"));
}

static void no_name_leaves_the_pharmacy(void **state)
{
    struct made *made = *state;
    const struct publish_facts facts = make_facts(made);
    const struct schedule *schedule = publish(made, made_roll(made, 6), &facts);
    const char *bytes;
    size_t length;
    struct rw_error err = { 0 };
    struct schedule *again = NULL;
    assert_true(schedule_json_write(schedule, made->arena, &bytes, &length, &err));
    assert_null(strstr(bytes, "Anna"));
    assert_null(strstr(bytes, "1941"));
    assert_null(strstr(bytes, "5 mg"));
    assert_true(schedule_json_read(bytes, length, made->arena, &again, &err));
    assert_int_equal(again->bag_count, 6);
}

static void revoked_serials_are_carried_along(void **state)
{
    struct made *made = *state;
    struct publish_facts facts = make_facts(made);
    const char *const revoked[] = { "240000171002" };
    facts.revoked = revoked;
    facts.revoked_count = 1;
    const struct schedule *schedule = publish(made, made_roll(made, 6), &facts);
    assert_true(schedule_is_revoked(schedule, "240000171002"));
    assert_false(schedule_is_revoked(schedule, "240000171003"));
    facts.revoked_count = SCHEDULE_REVOKED_MAX + 1;
    struct schedule *none = NULL;
    struct rw_error err = { 0 };
    assert_false(publish_schedule(made_roll(made, 6), &facts, made->arena, &none, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
}

static void a_roll_without_doses_is_not_published(void **state)
{
    struct made *made = *state;
    const struct publish_facts facts = make_facts(made);
    struct schedule *schedule = NULL;
    struct rw_error err = { 0 };
    assert_false(publish_schedule(made_roll(made, 0), &facts, made->arena, &schedule, &err));
    assert_int_equal(err.code, RW_INVALID);
    assert_null(schedule);
}

static void more_bags_than_a_dispenser_takes_are_refused(void **state)
{
    struct made *made = *state;
    const struct publish_facts facts = make_facts(made);
    struct schedule *schedule = NULL;
    struct rw_error err = { 0 };
    assert_false(publish_schedule(made_roll(made, SCHEDULE_BAGS_MAX + 1), &facts, made->arena,
                                  &schedule, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
}

/* What a schedule may carry has an end; the administration list has them all. */
static void a_long_roll_recalls_what_lies_outside_as_often_as_it_may(void **state)
{
    struct made *made = *state;
    struct roll *roll = made_roll(made, SCHEDULE_REMINDERS_MAX + 6);
    struct roll_outside loose = { .order = "/b", .reason = "x", .milli = 3000 };
    const struct publish_facts facts = make_facts(made);
    for (size_t i = 1; i + 1 < roll->bag_count; i++) /* one bag a day */
        roll->bags[i].at = made_at(made, MADE_FROM + (int32_t)i - 1, 8, 0);
    roll->bags[roll->bag_count - 1].at = roll->bags[roll->bag_count - 2].at;
    roll->days = SCHEDULE_REMINDERS_MAX + 6;
    roll->loose = &loose;
    roll->loose_count = 1;
    const struct schedule *schedule = publish(made, roll, &facts);
    assert_int_equal(schedule->bag_count, SCHEDULE_REMINDERS_MAX + 6);
    assert_int_equal(schedule->reminder_count, SCHEDULE_REMINDERS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_dose_is_told_with_its_own_tag),
        cmocka_unit_test(a_bag_opens_before_its_moment_and_closes_after_the_alarm),
        cmocka_unit_test(windows_of_two_moments_never_overlap),
        cmocka_unit_test(the_parts_of_one_moment_share_their_window),
        cmocka_unit_test(an_exact_time_is_never_taken_early),
        cmocka_unit_test(the_clients_own_hand_is_early_within_the_horizon),
        cmocka_unit_test(the_clients_own_hand_keeps_two_moments_apart),
        cmocka_unit_test(a_fixed_time_or_distance_is_not_the_clients_to_move),
        cmocka_unit_test(a_part_of_a_roll_begins_at_its_bag),
        cmocka_unit_test(the_next_roll_is_due_when_this_one_ends),
        cmocka_unit_test(what_lies_outside_is_recalled_once_a_day_without_a_name),
        cmocka_unit_test(no_name_leaves_the_pharmacy),
        cmocka_unit_test(revoked_serials_are_carried_along),
        cmocka_unit_test(a_roll_without_doses_is_not_published),
        cmocka_unit_test(more_bags_than_a_dispenser_takes_are_refused),
        cmocka_unit_test(a_long_roll_recalls_what_lies_outside_as_often_as_it_may),
    };
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
