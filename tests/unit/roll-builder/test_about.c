/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that a finding names the medicine that it points at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "roll-builder/about.h"

#define ARENA_BYTES ((size_t)64 * 1024)

static void a_finding_names_the_medicine_of_its_order(void **state)
{
    static const struct {
        const char *pointer;
        const char *name;
    } rows[] = {
        { "/entry/1", "ONE" },
        { "/entry/1/dosageInstruction/0", "ONE" },
        { "/entry/1/contained/0/status", "INSIDE" },
        { "/entry/12/status", "TWELVE" },
        { "/entry/13", NULL },
        { "b.xml#/entry/1", "OTHER FILE" },
        { "", NULL },
    };
    const struct line lines[] = {
        { .label = "/entry/1/contained/0", .name = "INSIDE" },
        { .label = "/entry/1", .name = "ONE" },
        { .label = "/entry/12", .name = "TWELVE" },
        { .label = "b.xml#/entry/1", .name = "OTHER FILE" },
    };
    struct rw_arena *arena = rw_arena_open(ARENA_BYTES);
    struct rw_diag diag;
    (void)state;
    rw_diag_init(&diag, arena);
    for (size_t i = 0; i < RW_COUNT(rows); i++)
        rw_diag_add(&diag, "D6", "unit-missing", RW_BLOCKS, rows[i].pointer,
                    "the dose has no unit");
    assert_int_equal(diag.count, RW_COUNT(rows));
    about_findings(lines, RW_COUNT(lines), &diag);
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        const char *about = diag.findings[i].about;
        if ((about == NULL) != (rows[i].name == NULL) ||
            (about != NULL && strcmp(about, rows[i].name) != 0))
            fail_msg("%s: %s", rows[i].pointer, about != NULL ? about : "no name");
    }
    rw_arena_close(arena);
}

static void an_order_that_is_its_whole_file_names_its_parts(void **state)
{
    const struct line line = { .label = "", .name = "ALONE" };
    struct rw_arena *arena = rw_arena_open(ARENA_BYTES);
    struct rw_diag diag;
    (void)state;
    rw_diag_init(&diag, arena);
    rw_diag_add(&diag, "A14", "status-draft", RW_BLOCKS, "/status", "is not carried out");
    about_findings(&line, 1, &diag);
    assert_string_equal(diag.findings[0].about, "ALONE");
    rw_arena_close(arena);
}

static void words_name_an_order_by_its_whole_place(void **state)
{
    static const char label[] = "/entry/1";
    (void)state;
    static const char *const named[] = { "/entry/1 gives nothing", "is ordered by /entry/1 too",
                                         "this one and /entry/1, put", "is ordered by /entry/1",
                                         "/entry/12 and /entry/1" };
    static const char *const unnamed[] = { "/entry/12 gives nothing",
                                           "b.xml#/entry/1 gives nothing",
                                           "is ordered by /entry/1/contained/0", "" };
    for (size_t i = 0; i < RW_COUNT(named); i++) {
        const char *at = about_find(label, named[i]);
        if (at == NULL || strncmp(at, label, strlen(label)) != 0 || at[strlen(label)] == '2')
            fail_msg("%s", named[i]);
    }
    for (size_t i = 0; i < RW_COUNT(unnamed); i++) {
        if (about_find(label, unnamed[i]) != NULL)
            fail_msg("%s", unnamed[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_names_the_medicine_of_its_order),
        cmocka_unit_test(an_order_that_is_its_whole_file_names_its_parts),
        cmocka_unit_test(words_name_an_order_by_its_whole_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
