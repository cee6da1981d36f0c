/* SPDX-License-Identifier: Apache-2.0 */
/* Collects findings up to the ceiling and loses none silently. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/diag.h"

static void findings_stay_in_order(void **state)
{
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct rw_diag diag;
    char reason[] = "dose-range";
    (void)state;
    rw_diag_init(&diag, arena);
    assert_false(rw_diag_has(&diag, RW_INFORMS));
    rw_diag_add(&diag, "D15", reason, RW_OVERRIDABLE, "/a", "dose \"%d\" is a range", 3);
    rw_diag_add(&diag, "D16", "rate", RW_INFORMS, NULL, "a rate");
    reason[0] = 'X';
    assert_int_equal(diag.count, 2);
    assert_string_equal(diag.findings[0].reason, "dose-range");
    assert_string_equal(diag.findings[0].text, "dose \"3\" is a range");
    assert_string_equal(diag.findings[0].pointer, "/a");
    assert_string_equal(diag.findings[1].pointer, "");
    assert_true(rw_diag_has(&diag, RW_OVERRIDABLE));
    assert_false(rw_diag_has(&diag, RW_BLOCKS));
    rw_arena_close(arena);
}

static void a_finding_beyond_the_ceiling_blocks(void **state)
{
    struct rw_arena *arena = rw_arena_open(4 * RW_ARENA_MIB);
    struct rw_diag diag;
    (void)state;
    rw_diag_init(&diag, arena);
    for (int i = 0; i <= RW_DIAG_FINDINGS_MAX; i++)
        rw_diag_add(&diag, "D1", "x", RW_INFORMS, "", "n %d", i);
    assert_int_equal(diag.count, RW_DIAG_FINDINGS_MAX);
    assert_int_equal(diag.lost, 1);
    assert_true(rw_diag_has(&diag, RW_BLOCKS));
    rw_arena_close(arena);
}

static void a_finding_without_memory_blocks(void **state)
{
    (void)state;
    for (size_t ceiling = 0; ceiling < 2048; ceiling += 16) {
        struct rw_arena *arena = rw_arena_open(ceiling);
        struct rw_diag diag;
        rw_diag_init(&diag, arena);
        rw_diag_add(&diag, "D1", "x", RW_INFORMS, "/p", "a text of some length");
        assert_int_equal(diag.count + diag.lost, 1);
        assert_int_equal(rw_diag_has(&diag, RW_BLOCKS), diag.lost == 1);
        rw_arena_close(arena);
    }
}

static void a_sentence_too_long_keeps_its_reason(void **state)
{
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct rw_diag diag;
    (void)state;
    rw_diag_init(&diag, arena);
    rw_diag_add(&diag, "D1", "no-dose", RW_BLOCKS, "", "%2000d", 1);
    assert_int_equal(diag.count, 1);
    assert_string_equal(diag.findings[0].text, "no-dose");
    rw_arena_close(arena);
}

/* Beyond the ceiling is an answer, want of memory is none: whoever lost one tells them apart. */
static void want_of_memory_is_told_from_the_ceiling(void **state)
{
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct rw_arena *none = rw_arena_open(0);
    struct rw_diag diag;
    (void)state;
    rw_diag_init(&diag, arena);
    for (size_t i = 0; i <= RW_DIAG_FINDINGS_MAX; i++)
        rw_diag_add(&diag, "D1", "no-dose", RW_INFORMS, "", "x");
    assert_int_equal(diag.lost, 1);
    assert_false(diag.starved);
    rw_diag_init(&diag, none);
    rw_diag_add(&diag, "D1", "no-dose", RW_INFORMS, "", "x");
    assert_int_equal(diag.lost, 1);
    assert_true(diag.starved);
    rw_arena_close(arena);
    rw_arena_close(none);
}

static void letters_name_severities(void **state)
{
    enum rw_severity severity;
    (void)state;
    for (int i = 0; i < RW_SEVERITY_COUNT; i++) {
        assert_true(rw_severity_from_letter(rw_severity_letter((enum rw_severity)i), &severity));
        assert_int_equal(severity, i);
    }
    assert_string_equal(rw_severity_letter(RW_BLOCKS), "B");
    assert_false(rw_severity_from_letter("X", &severity));
    assert_false(rw_severity_from_letter(NULL, &severity));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_stay_in_order),
        cmocka_unit_test(a_finding_beyond_the_ceiling_blocks),
        cmocka_unit_test(a_finding_without_memory_blocks),
        cmocka_unit_test(a_sentence_too_long_keeps_its_reason),
        cmocka_unit_test(want_of_memory_is_told_from_the_ceiling),
        cmocka_unit_test(letters_name_severities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
