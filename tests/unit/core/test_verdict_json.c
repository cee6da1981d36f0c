/* SPDX-License-Identifier: Apache-2.0 */
/* Writes reports byte for byte and reads single verdicts back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/text.h"
#include "core/json/verdict_json.h"
#include "tests/support/fixture.h"

static struct verdict_bag bags[2];
static struct verdict_stranger stranger = { .frame = "f3.png",
                                            .text = "(91)x",
                                            .reason = REASON_OTHER_ROLL };

static struct verdict_report make(void)
{
    bags[0] = (struct verdict_bag){ .n = 1,
                                    .serial = "482913570001",
                                    .verdict = VERDICT_FAIL,
                                    .frame = "f1.png",
                                    .quad = { { { 1.25F, 2 }, { 3, 4 }, { 5, 6 }, { 7, 8 } } },
                                    .has_grade = true,
                                    .grade = { 4, 4, 3, 2, 1, 0, -1, 4, 3, 2, 1, 0, true, false },
                                    .print_judged = true,
                                    .print_score_milli = 950,
                                    .defect_count = 1,
                                    .reason_count = 1,
                                    .reasons = { REASON_PRINT_DAMAGED } };
    bags[0].defects[0] = (struct verdict_defect){ "total", REASON_PRINT_DAMAGED, 1, 2, 3, 4 };
    bags[1] = (struct verdict_bag){ .n = 2,
                                    .serial = "482913570002",
                                    .verdict = VERDICT_MISSING,
                                    .reason_count = 1,
                                    .reasons = { REASON_NOT_SEEN } };
    return (struct verdict_report){ .roll = "482913570",
                                    .fingerprint = "sha256:0",
                                    .judged_code = true,
                                    .judged_print = true,
                                    .verdict = VERDICT_FAIL,
                                    .bags = bags,
                                    .bag_count = 2,
                                    .strangers = &stranger,
                                    .stranger_count = 1,
                                    .frames = 3,
                                    .elapsed_ms = 1250 };
}

static void a_film_that_broke_off_is_told(void **state)
{
    struct verdict_report report = make();
    struct rw_error err = { 0 };
    const char *bytes;
    size_t length;
    (void)state;
    report.broke_off = "after picture 3 of 5";
    assert_true(verdict_json_write_report(&report, arena, &bytes, &length, &err));
    assert_non_null(strstr(bytes, "\"fail\",\"broke_off\":\"after picture 3 of 5\",\"bags\""));
}

static void a_report_is_written_as_the_contract_says(void **state)
{
    struct verdict_report report = make();
    struct rw_error err = { 0 };
    const char *bytes;
    size_t length;
    (void)state;
    assert_true(verdict_json_write_report(&report, arena, &bytes, &length, &err));
    assert_string_equal(
        bytes,
        "{\"format\":\"rolwacht/report/1\",\"roll\":\"482913570\",\"fingerprint\":\"sha256:0\","
        "\"judged\":[\"code\",\"print\"],\"verdict\":\"fail\",\"bags\":[{\"n\":1,"
        "\"serial\":\"482913570001\",\"verdict\":\"fail\",\"frame\":\"f1.png\","
        "\"quad\":[[1.2,2.0],[3.0,4.0],[5.0,6.0],[7.0,8.0]],\"grade\":{\"overall\":\"A\","
        "\"decode\":\"A\",\"contrast\":\"B\",\"modulation\":\"C\",\"fixed_pattern\":\"D\","
        "\"axial\":\"F\",\"grid\":\"-\",\"error_correction\":\"A\",\"reflectance_margin\":\"B\","
        "\"dpm\":{\"overall\":\"C\",\"cell_contrast\":\"D\",\"cell_modulation\":\"F\"},"
        "\"method\":\"iso-15415\",\"calibrated\":true},\"print\":{\"score_milli\":950,"
        "\"defects\":[{\"field\":\"total\",\"reason\":\"print-damaged\",\"x_um\":1,\"y_um\":2,"
        "\"width_um\":3,\"height_um\":4}]},\"pieces\":null,\"reasons\":[\"print-damaged\"]},"
        "{\"n\":2,\"serial\":\"482913570002\",\"verdict\":\"missing\",\"frame\":null,\"quad\":null,"
        "\"grade\":null,\"print\":null,\"pieces\":null,\"reasons\":[\"not-seen\"]}],"
        "\"strangers\":[{\"frame\":\"f3.png\",\"text\":\"(91)x\",\"reason\":\"other-roll\"}],"
        "\"frames\":3,\"seconds\":1.25}\n");
    assert_int_equal(strlen(bytes), length);
}

static void one_bag_is_read_as_it_was_written(void **state)
{
    struct verdict_report report = make();
    struct verdict_posted posted;
    struct rw_error err = { 0 };
    const char *bytes;
    size_t length;
    (void)state;
    assert_true(verdict_json_write_bag(&report, 0, arena, &bytes, &length, &err));
    assert_true(verdict_json_read_bag(bytes, length, arena, &posted, &err));
    assert_int_equal(posted.bag.n, 1);
    assert_string_equal(posted.bag.serial, "482913570001");
    assert_int_equal(posted.bag.verdict, VERDICT_FAIL);
    assert_string_equal(posted.bag.frame, "f1.png");
    assert_int_equal(posted.bag.reason_count, 1);
    assert_int_equal(posted.bag.reasons[0], REASON_PRINT_DAMAGED);
    assert_string_equal(posted.fingerprint, "sha256:0");
    assert_true(posted.judged_code && posted.judged_print);
    assert_false(posted.judged_order || posted.judged_pieces);
}

static void what_proves_nothing_is_no_pass(void **state)
{
    static const char *const cases[][2] = {
        { "\"judged\":[],\"verdict\":\"pass\",\"reasons\":[]", "/verdict" },
        { "\"judged\":[\"print\"],\"verdict\":\"pass\",\"reasons\":[]", "/verdict" },
        { "\"judged\":[\"code\"],\"verdict\":\"pass\",\"reasons\":[\"gap\"]", "/verdict" },
        { "\"judged\":[\"code\"],\"verdict\":\"undecided\",\"reasons\":[]", "/verdict" },
        { "\"judged\":[\"code\"],\"verdict\":\"fine\",\"reasons\":[]", "/verdict" },
        { "\"judged\":[\"code\",\"code\"],\"verdict\":\"fail\",\"reasons\":[]", "/judged/1" },
        { "\"judged\":[\"taste\"],\"verdict\":\"fail\",\"reasons\":[]", "/judged/0" },
        { "\"judged\":[7],\"verdict\":\"fail\",\"reasons\":[]", "/judged/0" },
        { "\"judged\":[\"code\"],\"verdict\":\"fail\",\"reasons\":[\"ugly\"]", "/reasons/0" },
        { "\"judged\":[\"code\"],\"verdict\":\"fail\",\"reasons\":[1,2,3,4,5,6,7,8,9]",
          "/reasons" },
        { "\"judged\":[\"code\"],\"verdict\":\"fail\"", "/reasons" },
    };
    struct verdict_posted posted;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rw_error err = { 0 };
        const char *text = rw_arena_format(
            arena, &err, "{\"fingerprint\":\"x\",\"n\":1,\"serial\":\"482913570001\",%s}",
            cases[i][0]);
        assert_false(verdict_json_read_bag(text, strlen(text), arena, &posted, &err));
        assert_int_equal(err.code, RW_INVALID);
        assert_string_equal(err.at, cases[i][1]);
    }
}

static void a_pass_is_read(void **state)
{
    static const char text[] = "{\"fingerprint\":\"x\",\"n\":1,\"serial\":\"482913570001\","
                               "\"judged\":[\"code\",\"order\",\"print\",\"pieces\"],"
                               "\"verdict\":\"pass\",\"reasons\":[]}";
    struct verdict_posted posted;
    (void)state;
    assert_true(verdict_json_read_bag(text, strlen(text), arena, &posted, NULL));
    assert_int_equal(posted.bag.verdict, VERDICT_PASS);
    assert_true(posted.judged_pieces && posted.judged_order);
    assert_null(posted.bag.frame);
}

static void every_memory_ceiling_ends_cleanly(void **state)
{
    struct verdict_report report = make();
    bool done = false;
    (void)state;
    for (size_t ceiling = 0; !done; ceiling += 64) {
        struct rw_arena *small = rw_arena_open(ceiling);
        struct rw_error err = { 0 };
        struct verdict_posted posted;
        const char *bytes;
        size_t length;
        done = verdict_json_write_report(&report, small, &bytes, &length, &err) &&
               verdict_json_write_bag(&report, 1, small, &bytes, &length, &err) &&
               verdict_json_read_bag(bytes, length, small, &posted, &err);
        assert_int_equal(err.code, done ? RW_OK : RW_NO_MEMORY);
        rw_arena_close(small);
    }
}

static void a_verdict_of_too_many_bytes_is_refused(void **state)
{
    static char large[70000];
    struct rw_error err = { 0 };
    struct verdict_posted posted;
    (void)state;
    assert_false(verdict_json_read_bag(large, sizeof large, arena, &posted, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_is_written_as_the_contract_says),
        cmocka_unit_test(a_film_that_broke_off_is_told),
        cmocka_unit_test(one_bag_is_read_as_it_was_written),
        cmocka_unit_test(what_proves_nothing_is_no_pass),
        cmocka_unit_test(a_pass_is_read),
        cmocka_unit_test(every_memory_ceiling_ends_cleanly),
        cmocka_unit_test(a_verdict_of_too_many_bytes_is_refused),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
