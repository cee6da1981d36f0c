/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a roll back from the FHIR that it was written as. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/json/json_read.h"
#include "roll-builder/fhir_out.h"
#include "roll-builder/intake/intake.h"
#include "tests/unit/roll-builder/made.h"

static const char *write(struct made *made, const struct roll *roll,
                         const struct fhir_out_facts *facts, size_t *ret_length)
{
    struct rw_error err = { 0 };
    const char *bytes = NULL;
    assert_true(fhir_out_write(roll, facts, made->arena, &bytes, ret_length, &err));
    return bytes;
}

static struct roll *named_roll(const struct made *made, size_t count)
{
    struct roll *roll = made_roll(made, count);
    roll->client = (struct client){ "c-1", "Anna de Vries", "1941-03-14" };
    roll->pharmacy = (struct roll_pharmacy){ "ap-1", "De Linde", "0800-1234567" };
    roll->fingerprint = "sha256:0";
    roll->from = MADE_FROM;
    roll->days = (int32_t)count / 2;
    for (size_t i = 0; i < roll->bag_count; i++) {
        for (size_t k = 0; k < roll->bags[i].content_count; k++)
            roll->bags[i].contents[k].lot = "L1";
    }
    return roll;
}

static void our_own_reader_reads_it_back(void **state)
{
    struct made *made = *state;
    struct roll *roll = named_roll(made, 6);
    const struct fhir_out_facts facts = { .state = ROLL_RUNNING,
                                          .prepared_utc = "2026-11-20T14:00:00.000Z",
                                          .handed_over_utc = "2026-11-22T14:00:00.000Z" };
    struct order_list list = { 0 };
    struct rw_error err = { 0 };
    size_t length = 0;
    roll->bags[1].contents[0].milli = 500; /* one moment differs: it is told by itself */
    const char *bytes = write(made, roll, &facts, &length);
    assert_true(intake_read("roll", bytes, length, made->zone, made->arena, &list, &err));
    assert_int_equal(list.count, 1);
    const struct order *order = &list.orders[0];
    assert_int_equal(order->kind, ORDER_MVE);
    assert_true(order->gds);
    assert_string_equal(order->client.id, "c-1");
    assert_string_equal(order->client.born, "1941-03-14");
    assert_int_equal(order->supplied_milli, 5500);
    assert_string_equal(order->status, "completed");
    assert_int_equal(order->dosing_count, 3); /* 08:00 half, 08:00, and 20:00 each day */
    int64_t sum = 0;
    for (size_t i = 0; i < order->dosing_count; i++)
        sum += order->dosings[i].dose.milli;
    assert_int_equal(sum, 2500);
    assert_int_equal(order->findings.count, 1); /* what was handed over is no order */
    assert_string_equal(order->findings.findings[0].reason, "not-an-order");
}

static const struct json *resource_at(const struct json *root, int32_t at)
{
    const struct json *entry = json_member(root, "entry")->first;
    for (int32_t i = 0; i < at && entry; i++)
        entry = entry->next;
    return entry ? json_member(entry, "resource") : NULL;
}

static const char *text_of(const struct json *node, const char *name)
{
    const struct json *member = json_member(node, name);
    return member ? member->text : NULL;
}

static void a_bag_taken_out_is_told_only_when_asked_for(void **state)
{
    struct made *made = *state;
    const struct roll *roll = named_roll(made, 4);
    struct fhir_out_bag bags[2] = { { roll->bags[1].serial, true, "2026-11-23T07:05:00.000Z" },
                                    { roll->bags[2].serial, false, NULL } };
    struct fhir_out_facts facts = { .state = ROLL_VERIFIED };
    const struct json *root = NULL;
    struct rw_error err = { 0 };
    size_t length = 0;
    const char *bytes = write(made, roll, &facts, &length);
    assert_null(strstr(bytes, "MedicationAdministration"));
    assert_non_null(strstr(bytes, "\"preparation\""));
    assert_null(strstr(bytes, "whenHandedOver"));
    assert_non_null(strstr(bytes, "\"lotNumber\":\"L1\""));
    facts.bags = bags;
    facts.bag_count = 2;
    bytes = write(made, roll, &facts, &length);
    assert_true(json_parse(made->arena, bytes, length, &root, &err));
    assert_int_equal(json_member(root, "entry")->count, 5);
    assert_string_equal(text_of(resource_at(root, 3), "status"), "completed");
    assert_string_equal(text_of(resource_at(root, 3), "effectiveDateTime"),
                        "2026-11-23T07:05:00.000Z");
    assert_string_equal(text_of(resource_at(root, 4), "status"), "not-done");
    assert_string_equal(text_of(resource_at(root, 4), "effectiveDateTime"),
                        "2026-11-23T20:00:00+01:00");
    assert_non_null(strstr(bytes, "niemand gezien"));
}

static void the_status_follows_the_life_of_the_roll(void **state)
{
    static const struct {
        enum roll_state state;
        const char *handed_over;
        const char *status;
    } rows[] = { { ROLL_PLANNED, NULL, "\"preparation\"" },
                 { ROLL_RELEASED, NULL, "\"in-progress\"" },
                 { ROLL_FINISHED, "2026-11-22T14:00:00.000Z", "\"completed\"" },
                 { ROLL_REJECTED, NULL, "\"cancelled\"" },
                 { ROLL_WITHDRAWN, NULL, "\"cancelled\"" },
                 { ROLL_SUPERSEDED, "2026-11-22T14:00:00.000Z", "\"stopped\"" } };
    struct made *made = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct fhir_out_facts facts = { .state = rows[i].state,
                                              .handed_over_utc = rows[i].handed_over };
        size_t length = 0;
        assert_non_null(strstr(write(made, named_roll(made, 2), &facts, &length), rows[i].status));
    }
}

static void no_memory_ends_cleanly(void **state)
{
    struct made *made = *state;
    const struct roll *roll = named_roll(made, 6);
    const struct fhir_out_facts facts = { .state = ROLL_RUNNING };
    bool done = false;
    for (size_t ceiling = 0; ceiling < 512 * RW_ARENA_KIB && !done; ceiling += 1024) {
        struct rw_arena *small = rw_arena_open(ceiling);
        struct rw_error err = { 0 };
        const char *bytes = NULL;
        size_t length = 0;
        done = small && fhir_out_write(roll, &facts, small, &bytes, &length, &err);
        assert_true(done || !small || err.code == RW_NO_MEMORY);
        rw_arena_close(small);
    }
    assert_true(done);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(our_own_reader_reads_it_back, made_begin, made_end),
        cmocka_unit_test_setup_teardown(a_bag_taken_out_is_told_only_when_asked_for, made_begin,
                                        made_end),
        cmocka_unit_test_setup_teardown(the_status_follows_the_life_of_the_roll, made_begin,
                                        made_end),
        cmocka_unit_test_setup_teardown(no_memory_ends_cleanly, made_begin, made_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
