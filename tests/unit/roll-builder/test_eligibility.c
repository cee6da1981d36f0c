/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that a verdict is whole or is none, and which word wins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/zone.h"
#include "roll-builder/eligibility.h"
#include "roll-builder/intake/intake.h"
#include "roll-builder/reasons.h"

#define MONDAY 20780 /* 2026-11-23 */
#define DOSE                                                                        \
    "\"doseAndRate\":[{\"doseQuantity\":{\"value\":1,\"unit\":\"stuk\",\"system\":" \
    "\"http://unitsofmeasure.org\",\"code\":\"1\"}}]"
#define REQUEST "{\"resourceType\":\"MedicationRequest\",\"id\":\"o\",\"intent\":\"order\","

static const char phases[] = REQUEST
    "\"status\":\"active\",\"extension\":[{\"url\":\"http://nictiz.nl/fhir/"
    "StructureDefinition/ext-TimeInterval.Period\",\"valuePeriod\":{\"start\":\"2026-11-23\"}}],"
    "\"dosageInstruction\":[{\"sequence\":1,\"timing\":{\"repeat\":{\"frequency\":2,\"period\":1,"
    "\"periodUnit\":\"d\",\"boundsDuration\":{\"value\":2,\"system\":"
    "\"http://unitsofmeasure.org\",\"code\":\"d\"}}}," DOSE "},{\"sequence\":2,\"timing\":{"
    "\"repeat\":{\"when\":[\"MORN\"]}}," DOSE "}]}";

static const char many_faults[] = REQUEST
    "\"status\":\"stopped\",\"doNotPerform\":true,\"priority\":\" x\",\"modifierExtension\":[{"
    "\"url\":\"http://example.org/x\",\"valueBoolean\":true}],\"dosageInstruction\":[{\"timing\":{"
    "\"repeat\":{\"when\":[\"HS\"]}},\"doseAndRate\":[{\"doseQuantity\":{\"value\":0.3}}]}]}";

static struct rw_zone *zone;

static int open_zone(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    return rw_zone_open("Europe/Amsterdam", &zone, &err) ? 0 : -1;
}

static int close_zone(void **state)
{
    (void)state;
    rw_zone_close(zone);
    return 0;
}

/* Reads and judges the one order of a text within the arena's ceiling. */
static bool judge(const char *text, struct rw_arena *arena, struct eligibility *verdict,
                  struct rw_error *err)
{
    struct order_list list = { 0 };
    struct policy policy;
    const struct window window = { .from = MONDAY, .days = 7 };
    policy_init(&policy);
    policy.zone = zone;
    return intake_read("t", text, strlen(text), zone, arena, &list, err) &&
           eligibility_judge(&list.orders[0], &policy, &window, arena, verdict, err);
}

static void without_memory_there_is_no_verdict(void **state)
{
    (void)state;
    size_t ceiling = 0;
    bool done = false;
    for (; !done && ceiling < 512 * RW_ARENA_KIB; ceiling += 64) {
        struct rw_arena *arena = rw_arena_open(ceiling);
        struct eligibility verdict = { 0 };
        struct rw_error err = { 0 };
        done = judge(phases, arena, &verdict, &err);
        if (!done)
            assert_int_equal(err.code, RW_NO_MEMORY);
        else
            assert_int_equal(verdict.intake_count, 9);
        rw_arena_close(arena);
    }
    assert_true(done && ceiling > 1024);
}

static void without_memory_a_refusal_never_becomes_a_plan(void **state)
{
    (void)state;
    bool done = false;
    for (size_t ceiling = 0; ceiling < 64 * RW_ARENA_KIB; ceiling += 64) {
        struct rw_arena *arena = rw_arena_open(ceiling);
        struct eligibility verdict = { 0 };
        struct rw_error err = { 0 };
        done = judge(many_faults, arena, &verdict, &err);
        assert_false(done && verdict.planned);
        rw_arena_close(arena);
    }
    assert_true(done);
}

static void the_first_word_wins_and_the_others_are_findings(void **state)
{
    (void)state;
    static const char *const words[] = { "malformed-input", "unknown-modifier-extension",
                                         "status-stopped",  "do-not-perform",
                                         "unit-missing",    "fraction",
                                         "unmapped-moment" };
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct eligibility verdict = { 0 };
    struct rw_error err = { 0 };
    assert_true(judge(many_faults, arena, &verdict, &err));
    assert_string_equal(verdict.reason, "malformed-input");
    assert_string_equal(verdict.reason_pointer, "/priority");
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        bool found = false;
        for (size_t at = 0; at < verdict.findings.count; at++)
            found = found || strcmp(verdict.findings.findings[at].reason, words[i]) == 0;
        if (!found)
            fail_msg("%s is no finding", words[i]);
    }
    rw_arena_close(arena);
}

static void intakes_tell_what_put_them_there(void **state)
{
    (void)state;
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct eligibility verdict = { 0 };
    struct rw_error err = { 0 };
    assert_true(judge(phases, arena, &verdict, &err));
    assert_true(verdict.planned);
    assert_int_equal(verdict.destination, ORDER_TO_ROLL);
    assert_string_equal(verdict.intakes[1].moment, "evening");
    assert_string_equal(verdict.intakes[1].rule, "P1");
    assert_int_equal(verdict.intakes[1].dosing, 0);
    assert_string_equal(verdict.intakes[8].rule, "when");
    assert_int_equal(verdict.intakes[8].dosing, 1);
    rw_arena_close(arena);
}

static void words_have_their_place(void **state)
{
    (void)state;
    assert_true(reasons_rank("malformed-input") < reasons_rank("status-on-hold"));
    assert_true(reasons_rank("status-on-hold") < reasons_rank("as-needed"));
    assert_true(reasons_rank("multiple-doses") < reasons_rank("a-word-of-tomorrow"));
    assert_string_equal(reasons_id("status-draft"), "A14");
    assert_string_equal(reasons_id("a-word-of-tomorrow"), "D9");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_memory_there_is_no_verdict),
        cmocka_unit_test(without_memory_a_refusal_never_becomes_a_plan),
        cmocka_unit_test(the_first_word_wins_and_the_others_are_findings),
        cmocka_unit_test(intakes_tell_what_put_them_there),
        cmocka_unit_test(words_have_their_place),
    };
    return cmocka_run_group_tests(tests, open_zone, close_zone);
}
