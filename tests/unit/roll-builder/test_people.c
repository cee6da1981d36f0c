/* SPDX-License-Identifier: Apache-2.0 */
/* Proves what a pharmacy records beside orders: own times, signatures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "roll-builder/overrides.h"
#include "roll-builder/people.h"
#include "tests/unit/roll-builder/planned.h"

#define MINUTE_OF(roll, n) ((roll)->bags[n].at.wall.minute)

static struct people *read_people(struct made *made, const char *rows, struct rw_error *err)
{
    struct people *people = NULL;
    struct daytimes site;
    daytimes_init(&site);
    const char *text = rw_arena_format(
        made->arena, err, "{\"format\":\"rolwacht/clients/1\",\"clients\":[%s]}", rows);
    assert_non_null(text);
    return people_read(text, strlen(text), &site, made->arena, &people, err) ? people : NULL;
}

static void own_times_are_those_of_the_site_where_nothing_is_said(void **state)
{
    struct rw_error err = { 0 };
    const struct people *people = read_people(*state,
                                              "{\"client\":\"c2\"},{\"client\":\"c1\",\"moments\":"
                                              "{\"night\":\"23:00\"},\"weekdays\":{\"wednesday\":"
                                              "{\"morning\":\"08:30\"}}}",
                                              &err);
    assert_non_null(people);
    const struct person person = people_find(people, "c1");
    assert_int_equal(person.daytimes->minute[0][DAYTIMES_MORNING], 480);
    assert_int_equal(person.daytimes->minute[2][DAYTIMES_MORNING], 510);
    assert_int_equal(person.daytimes->minute[2][DAYTIMES_NIGHT], 1380);
    assert_null(people_find(people, "c2").daytimes);
    assert_null(people_find(people, "c3").daytimes);
}

static void a_mistaken_row_is_pointed_at(void **state)
{
    static const struct {
        const char *row;
        const char *at;
    } rows[] = {
        { "{\"client\":\"c1\",\"moment\":{}}", "/clients/0/moment" },
        { "{\"suitable\":\"2026-09-01\"}", "/clients/0" },
        { "{\"client\":\"c1\",\"suitable\":\"1-9-2026\"}", "/clients/0/suitable" },
        { "{\"client\":\"c1\",\"weekdays\":{\"monday\":{\"noon\":\"7:00\"}}}",
          "/clients/0/weekdays/monday/noon" },
        { "{\"client\":\"c1\",\"moments\":{\"night\":\"12:00\"}}", "/clients/0/moments" },
        { "{\"client\":\"c1\"},{\"client\":\"c1\"}", "/clients" },
    };
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        struct rw_error err = { 0 };
        assert_null(read_people(*state, rows[i].row, &err));
        assert_string_equal(err.at, rows[i].at);
    }
}

static struct order *add_when(struct planned *planned, const char *when)
{
    struct order *order = planned_add(planned, "a", 1000, NULL, 0);
    order->dosings[0].when[0] = when;
    order->dosings[0].when_count = 1;
    return order;
}

/* The window begins on a Monday. */
static void a_moment_follows_its_weekday(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    planned.policy.daytimes.minute[2][DAYTIMES_MORNING] = 8 * 60 + 30;
    (void)add_when(&planned, "MORN");
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_int_equal(MINUTE_OF(roll, 2), 480);
    assert_int_equal(MINUTE_OF(roll, 3), 510);
    assert_int_equal(MINUTE_OF(roll, 4), 480);
    assert_int_equal(MINUTE_OF(roll, 10), 510);
    assert_string_equal(roll->bags[3].moment, "morning");
}

/* The policy may name clients, so that a service knows them too; a row of the records goes first.
 */
static void a_client_has_its_own_moments_by_the_policy(void **state)
{
    static const char text[] =
        "{\"format\":\"rolwacht/policy/1\",\"moments\":{\"night\":\"21:00\"},\"clients\":["
        "{\"client\":\"c2\",\"moments\":{\"morning\":\"10:00\"}},{\"client\":\"c1\","
        "\"weekdays\":{\"tuesday\":{\"morning\":\"09:00\"}}}]}";
    struct planned planned;
    struct rw_error err = { 0 };
    bool blocked;
    planned_begin(&planned, *state);
    assert_true(policy_read(text, strlen(text), planned.made->arena, &planned.policy, &err));
    assert_int_equal(policy_daytimes(&planned.policy, "c1")->minute[1][DAYTIMES_NIGHT], 21 * 60);
    assert_int_equal(policy_daytimes(&planned.policy, "c3")->minute[1][DAYTIMES_MORNING], 480);
    (void)add_when(&planned, "MORN");
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_int_equal(MINUTE_OF(roll, 1), 480);
    assert_int_equal(MINUTE_OF(roll, 2), 540);
    struct daytimes recorded;
    daytimes_init(&recorded);
    recorded.minute[1][DAYTIMES_MORNING] = 450;
    const struct person person = { .id = "c1", .daytimes = &recorded };
    planned.request.person = &person;
    assert_int_equal(MINUTE_OF(planned_roll(&planned, &blocked), 2), 450);
}

/* 08:20 joins 08:30 on Wednesdays alone: on other days the morning is too far away. */
static void a_time_joins_the_moment_of_its_day(void **state)
{
    const int32_t hour[] = { 8 };
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    planned.policy.merge_window_min = 15;
    planned.policy.daytimes.minute[2][DAYTIMES_MORNING] = 8 * 60 + 30;
    planned_add(&planned, "a", 1000, hour, 1)->dosings[0].times[0] = 8 * 60 + 20;
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_int_equal(MINUTE_OF(roll, 2), 500);
    assert_null(roll->bags[2].moment);
    assert_int_equal(MINUTE_OF(roll, 3), 510);
    assert_string_equal(roll->bags[3].moment, "morning");
}

static void times_that_meet_on_one_weekday_are_refused(void **state)
{
    const int32_t hours[] = { 8, 9 };
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    planned.policy.merge_window_min = 30;
    struct order *order = planned_add(&planned, "a", 1000, hours, 2);
    order->dosings[0].weekdays = 1u << 2 | 1u << 3;
    planned.policy.daytimes.minute[0][DAYTIMES_MORNING] = 8 * 60 + 30; /* no day of the order */
    (void)planned_roll(&planned, &blocked);
    assert_false(blocked);
    planned.policy.daytimes.minute[2][DAYTIMES_MORNING] = 8 * 60 + 30;
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_true(blocked && planned_has(roll, "A11", "unmapped-moment", RW_BLOCKS));
}

static bool read_overrides(struct made *made, const char *rows, struct overrides *ret,
                           struct rw_error *err)
{
    const char *text = rw_arena_format(
        made->arena, err, "{\"format\":\"rolwacht/overrides/1\",\"overrides\":[%s]}", rows);
    assert_non_null(text);
    return overrides_read(text, strlen(text), made->arena, ret, err);
}

#define SIGNED "\"by\":\"A. Visser\",\"why\":\"seen\""

static void a_signature_is_kept_in_the_roll(void **state)
{
    const int32_t hours[] = { 8 };
    struct planned planned;
    struct overrides overrides;
    struct rw_error err = { 0 };
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "light", 1000, hours, 1);
    struct roll *roll = planned_roll(&planned, &blocked);
    assert_true(read_overrides(*state,
                               "{\"client\":\"c2\",\"id\":\"D35\"," SIGNED "},"
                               "{\"client\":\"c1\",\"id\":\"D35\",\"pointer\":\"/9\"," SIGNED "},"
                               "{\"client\":\"c1\",\"id\":\"D35\",\"reason\":\"light-sensitive\","
                               "\"by\":\"B. Bos\",\"why\":\"amber film\"}",
                               &overrides, &err));
    assert_true(overrides_apply(&overrides, roll, planned.made->arena, &err));
    assert_int_equal(roll->override_count, 1);
    assert_string_equal(roll->overrides[0].by, "B. Bos");
    assert_string_equal(roll->overrides[0].why, "amber film");
    assert_string_equal(roll->overrides[0].pointer, roll->bags[1].contents[0].order);
    assert_false(overrides_take(&overrides.list[1], roll));
    assert_true(overrides_take(&overrides.list[2], roll));
}

/* Whatever a file says, a blocking finding stays one. */
static void what_blocks_is_never_overridden(void **state)
{
    const int32_t hours[] = { 8 };
    struct planned planned;
    struct overrides overrides;
    struct rw_error err = { 0 };
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "gone", 1000, hours, 1);
    struct roll *roll = planned_roll(&planned, &blocked);
    assert_true(blocked);
    assert_true(
        read_overrides(*state, "{\"client\":\"c1\",\"id\":\"D44\"," SIGNED "}", &overrides, &err));
    assert_true(overrides_apply(&overrides, roll, planned.made->arena, &err));
    assert_int_equal(roll->override_count, 0);
}

static void an_override_names_a_person_and_a_reason(void **state)
{
    struct overrides overrides;
    struct rw_error err = { 0 };
    struct rw_error other = { 0 };
    assert_false(read_overrides(*state,
                                "{\"client\":\"c1\",\"id\":\"D35\",\"by\":\"\",\"why\":\"seen\"}",
                                &overrides, &err));
    assert_string_equal(err.at, "/overrides/0/by");
    assert_false(read_overrides(*state, "{\"client\":\"c1\",\"id\":\"D35\",\"by\":\"x\"}",
                                &overrides, &other));
    assert_non_null(strstr(other.text, "\"why\" is missing"));
}

static void records_that_are_no_list_are_refused(void **state)
{
    static const char *const texts[] = { "{\"format\":\"rolwacht/overrides/1\",\"overrides\":{}}",
                                         "{\"format\":\"rolwacht/overrides/1\"}" };
    struct made *made = *state;
    for (size_t i = 0; i < RW_COUNT(texts); i++) {
        struct overrides overrides;
        struct rw_error err = { 0 };
        assert_false(overrides_read(texts[i], strlen(texts[i]), made->arena, &overrides, &err));
        assert_string_equal(err.at, i == 0 ? "/overrides" : "");
    }
    static const char clients[] = "{\"format\":\"rolwacht/clients/1\",\"clients\":7}";
    struct people *people = NULL;
    struct daytimes site;
    struct rw_error err = { 0 };
    daytimes_init(&site);
    assert_false(people_read(clients, strlen(clients), &site, made->arena, &people, &err));
    assert_string_equal(err.at, "/clients");
    assert_null(people);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_times_are_those_of_the_site_where_nothing_is_said),
        cmocka_unit_test(a_mistaken_row_is_pointed_at),
        cmocka_unit_test(a_moment_follows_its_weekday),
        cmocka_unit_test(a_client_has_its_own_moments_by_the_policy),
        cmocka_unit_test(a_time_joins_the_moment_of_its_day),
        cmocka_unit_test(times_that_meet_on_one_weekday_are_refused),
        cmocka_unit_test(a_signature_is_kept_in_the_roll),
        cmocka_unit_test(what_blocks_is_never_overridden),
        cmocka_unit_test(an_override_names_a_person_and_a_reason),
        cmocka_unit_test(records_that_are_no_list_are_refused),
    };
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
