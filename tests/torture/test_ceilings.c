/* SPDX-License-Identifier: Apache-2.0 */
/* At its ceiling a list is whole; one above it is an error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "core/base/text.h"
#include "core/json/roll_json.h"
#include "core/model/quantity.h"
#include "roll-builder/overrides.h"
#include "roll-builder/people.h"
#include "roll-builder/policy.h"
#include "roll-builder/products.h"
#include "tests/torture/settings.h"
#include "tests/unit/roll-builder/made.h"

/* As many copies of one row as asked for; the caller frees them. */
static void *copies(const void *row, size_t size, size_t count)
{
    char *list = calloc(count, size);
    assert_non_null(list);
    for (size_t i = 0; i < count; i++)
        memcpy(list + i * size, row, size);
    return list;
}

/* Writes the roll and reads it again; `at` NULL: it is read. */
static void assert_read(const struct made *made, const struct roll *roll, const char *at)
{
    struct rw_error err = { 0 };
    struct roll *again = NULL;
    const char *bytes;
    size_t length;
    assert_true(roll_json_write(roll, made->arena, &bytes, &length, &err));
    const bool done = roll_json_read(bytes, length, made->arena, &again, &err);
    if (done != (at == NULL))
        fail_msg("%s: %s", err.at, err.text);
    assert_int_equal(done, at == NULL);
    assert_int_equal(done, again != NULL);
    assert_string_equal(err.at, at == NULL ? "" : at);
}

static void contents_of_a_bag(const struct made *made)
{
    struct roll *roll = made_roll(made, 1);
    struct bag *bag = &roll->bags[1];
    struct bag_content *contents = copies(bag->contents, sizeof *contents, BAG_CONTENTS_MAX + 1);
    bag->contents = contents;
    for (size_t over = 0; over < 2; over++) {
        bag->content_count = BAG_CONTENTS_MAX + over;
        roll->audit.ordered_milli = roll->audit.packed_milli = 1000 * (int64_t)bag->content_count;
        assert_read(made, roll, over ? "/bags/1/contents" : NULL);
    }
    free(contents);
}

static void lines_beside_the_roll(const struct made *made)
{
    const struct roll_outside row = { .order = "/b", .reason = "as-needed", .milli = -1 };
    struct roll_outside *rows = copies(&row, sizeof row, ROLL_OUTSIDE_MAX + 1);
    struct roll *roll = made_roll(made, 1);
    for (size_t over = 0; over < 2; over++) {
        roll->loose = rows;
        roll->loose_count = ROLL_OUTSIDE_MAX + over;
        assert_read(made, roll, over ? "/loose" : NULL);
    }
    roll->excluded = rows;
    roll->excluded_count = ROLL_OUTSIDE_MAX + 1;
    roll->loose_count = 0;
    assert_read(made, roll, "/excluded");
    free(rows);
}

static void overrides_and_findings(const struct made *made)
{
    const struct roll_override row = { "D41", "opiate", "", "A. Visser", "care home" };
    struct roll_override *rows = copies(&row, sizeof row, RW_DIAG_FINDINGS_MAX + 1);
    struct roll *roll = made_roll(made, 1);
    for (size_t i = 0; i < RW_DIAG_FINDINGS_MAX; i++)
        rw_diag_add(&roll->findings, "D41", "opiate", RW_OVERRIDABLE, "", "x");
    roll->overrides = rows;
    for (size_t over = 0; over < 2; over++) {
        roll->override_count = RW_DIAG_FINDINGS_MAX + over;
        assert_read(made, roll, over ? "/overrides" : NULL);
    }
    struct rw_finding *more =
        copies(&roll->findings.findings[0], sizeof *more, RW_DIAG_FINDINGS_MAX + 1);
    roll->findings.findings = more;
    roll->findings.count++;
    roll->override_count = 0;
    assert_read(made, roll, "/findings");
    free(rows);
    free(more);
}

/* A roll of one dose; each row sets one number of it to its largest value, or one more. */
static void numbers_of_a_roll(const struct made *made)
{
    enum { VERSION, DAYS, CONTENT, SUM, TIME, TIME_DAYS, TIMES };
    static const struct {
        int what;
        int64_t max; /* as docs/LIMITS.md says */
        const char *at;
    } rows[] = {
        { VERSION, 1000000, "/version" },
        { DAYS, 366, "/period/days" },
        { CONTENT, QUANTITY_MILLI_MAX, "/bags/1/contents/0/milli" },
        { SUM, ROLL_JSON_SUM_MAX, "/loose/0/milli" },
        { TIME, QUANTITY_MILLI_MAX, "/loose/0/times/0/milli" },
        { TIME_DAYS, 366, "/loose/0/times/0/days" },
        { TIMES, ROLL_TIMES_MAX, "/loose/0/times" },
    };
    for (size_t i = 0; i < 2 * RW_COUNT(rows); i++) {
        const int what = rows[i / 2].what;
        const int64_t value = rows[i / 2].max + (int64_t)(i % 2);
        struct roll_time times[ROLL_TIMES_MAX + 1];
        for (size_t j = 0; j < RW_COUNT(times); j++)
            times[j] = (struct roll_time){ (int32_t)j, what == TIME ? value : 1000,
                                           what == TIME_DAYS ? (int32_t)value : 1, 1 };
        struct roll_outside loose = { .order = "/b", .reason = "loose-agreement" };
        struct roll *roll = made_roll(made, 1);
        loose.milli = what == SUM ? value - 1000 : 0;
        if (what == SUM && i % 2 != 0)
            loose.milli = value;
        loose.times = (struct roll_times){ times, what == TIMES ? (size_t)value : 1 };
        roll->loose = &loose;
        roll->loose_count = 1;
        roll->version = what == VERSION ? (int32_t)value : 1;
        roll->days = what == DAYS ? (int32_t)value : 1;
        if (what == CONTENT)
            roll->bags[1].contents[0].milli = value;
        roll->audit.packed_milli = roll->bags[1].contents[0].milli;
        roll->audit.loose_milli = loose.milli;
        roll->audit.ordered_milli = roll->audit.packed_milli + loose.milli;
        assert_read(made, roll, i % 2 == 0 ? NULL : rows[i / 2].at);
    }
}

/* A roll as another program may write it; ours ends at these ceilings before it is written. */
static void a_roll_is_read_up_to_its_ceilings(void **state)
{
    const struct made *made = *state;
    struct roll *again = NULL;
    struct rw_error err = { 0 };
    contents_of_a_bag(made);
    lines_beside_the_roll(made);
    overrides_and_findings(made);
    numbers_of_a_roll(made);
    struct roll *roll = made_roll(made, ROLL_BAGS_MAX);
    roll->days = 366; /* the longest period */
    assert_read(made, roll, NULL);
    assert_false(roll_json_read("{}", ROLL_JSON_BYTES_MAX + 1, made->arena, &again, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
}

/* A document of so many rows. */
static const char *many(struct rw_arena *arena, const char *before, const char *row, size_t count,
                        size_t *ret_length)
{
    struct rw_text text;
    rw_text_init(&text, arena, 32 * RW_ARENA_MIB);
    rw_text_add(&text, before);
    for (size_t i = 0; i < count; i++) {
        rw_text_add(&text, i > 0 ? "," : "");
        rw_text_add(&text, row);
    }
    rw_text_add(&text, "]}");
    *ret_length = text.length;
    assert_int_equal(text.failure, RW_OK);
    return text.bytes;
}

/* One row more than a file of settings may have is the first fault that is told. */
static void settings_end_at_their_ceilings(void **state)
{
    static const struct {
        bool (*read)(const char *bytes, size_t length, struct rw_arena *arena,
                     struct rw_error *err);
        const char *before;
        const char *row;
        size_t max;
        const char *at;
    } files[] = {
        { settings_read_people, "{\"format\":\"rolwacht/clients/1\",\"clients\":[", "7", PEOPLE_MAX,
          "/clients" },
        { settings_read_overrides, "{\"format\":\"rolwacht/overrides/1\",\"overrides\":[", "7",
          OVERRIDES_MAX, "/overrides" },
        { settings_read_products, "{\"format\":\"rolwacht/products/1\",\"products\":[", "7",
          PRODUCTS_MAX, "/products" },
        { settings_read_policy, "{\"format\":\"rolwacht/policy/1\",\"clients\":[", "7",
          POLICY_CLIENTS_MAX, "/clients" },
    };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(files); i++) {
        struct rw_arena *arena = rw_arena_open(256 * RW_ARENA_MIB);
        struct rw_error within = { 0 };
        struct rw_error beyond = { 0 };
        size_t length;
        const char *bytes = many(arena, files[i].before, files[i].row, files[i].max, &length);
        assert_false(files[i].read(bytes, length, arena, &within)); /* 7 is no row */
        assert_string_not_equal(within.at, files[i].at);
        bytes = many(arena, files[i].before, files[i].row, files[i].max + 1, &length);
        assert_false(files[i].read(bytes, length, arena, &beyond));
        assert_string_equal(beyond.at, files[i].at);
        rw_arena_close(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_roll_is_read_up_to_its_ceilings),
        cmocka_unit_test(settings_end_at_their_ceilings),
    };
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
