/* SPDX-License-Identifier: Apache-2.0 */
/* Reads an order file and writes down what its lines mean. */
#include "tests/unit/roll-builder/judged.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/date.h"
#include "core/base/text.h"
#include "roll-builder/eligibility.h"
#include "roll-builder/intake/intake.h"

void judged_read(struct judged *judged, const char *bytes, size_t length)
{
    *judged = (struct judged){ .arena = rw_arena_open(64 * RW_ARENA_MIB) };
    assert_non_null(judged->arena);
    assert_true(rw_zone_open("Europe/Amsterdam", &judged->zone, &judged->err));
    judged->done = intake_read("orders", bytes, length, judged->zone, judged->arena, &judged->list,
                               &judged->err);
    assert_int_equal(judged->done, judged->err.code == RW_OK);
}

void judged_close(struct judged *judged)
{
    rw_zone_close(judged->zone);
    rw_arena_close(judged->arena);
}

static void judge(struct judged *judged, size_t index, int days, struct eligibility *ret_verdict)
{
    struct policy policy;
    struct window window = { .days = days };
    assert_true(judged->done);
    assert_true(index < judged->list.count);
    policy_init(&policy);
    policy.zone = judged->zone;
    assert_true(rw_date_parse("2026-11-23", &window.from));
    assert_true(eligibility_judge(&judged->list.orders[index], &policy, &window, judged->arena,
                                  ret_verdict, &judged->err));
}

static const char *id_of(const struct eligibility *verdict)
{
    for (size_t i = 0; i < verdict->findings.count; i++) {
        const struct rw_finding *finding = &verdict->findings.findings[i];
        if (finding->severity == RW_BLOCKS && strcmp(finding->reason, verdict->reason) == 0 &&
            strcmp(finding->pointer, verdict->reason_pointer) == 0)
            return finding->id;
    }
    return "?";
}

static void write_intakes(const struct eligibility *verdict, struct rw_text *text)
{
    int32_t day = -1;
    for (size_t i = 0; i < verdict->intake_count; i++) {
        const struct intake *intake = &verdict->intakes[i];
        struct rw_civil date = rw_date_civil(intake->at.wall.day);
        if (day != intake->at.wall.day)
            rw_text_format(text, "%s%d ", day < 0 ? "" : "; ", (int)date.day);
        else
            rw_text_add(text, ", ");
        day = intake->at.wall.day;
        rw_text_format(text, "%02d:%02d %d", (int)(intake->at.wall.minute / 60),
                       (int)(intake->at.wall.minute % 60), (int)intake->milli);
    }
    if (verdict->intake_count == 0)
        rw_text_add(text, "nothing");
}

void judged_line(struct judged *judged, size_t index, int days, char ret_text[JUDGED_TEXT_MAX])
{
    struct eligibility verdict;
    struct rw_text text;
    const char *written;
    judge(judged, index, days, &verdict);
    rw_text_init(&text, judged->arena, JUDGED_TEXT_MAX);
    if (verdict.planned)
        write_intakes(&verdict, &text);
    else
        rw_text_format(&text, "! %s %s %s", id_of(&verdict), verdict.reason,
                       verdict.reason_pointer);
    assert_true(rw_text_finish(&text, &written, &judged->err));
    assert_true(rw_text_copy(ret_text, JUDGED_TEXT_MAX, written));
}

size_t judged_count(struct judged *judged, size_t index, int days)
{
    struct eligibility verdict;
    judge(judged, index, days, &verdict);
    assert_true(verdict.planned);
    return verdict.intake_count;
}

bool judged_has(struct judged *judged, size_t index, const char *id, const char *reason)
{
    struct eligibility verdict;
    judge(judged, index, 1, &verdict);
    for (size_t i = 0; i < verdict.findings.count; i++) {
        const struct rw_finding *finding = &verdict.findings.findings[i];
        if (strcmp(finding->id, id) == 0 && strcmp(finding->reason, reason) == 0)
            return true;
    }
    return false;
}

void judged_rows(const char *start, const char *end, const struct judged_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct judged judged;
        char plan[JUDGED_FILE_MAX];
        char meaning[JUDGED_TEXT_MAX];
        int length = snprintf(plan, sizeof plan, "%s%s%s", start, rows[i].piece, end);
        assert_true(length > 0 && (size_t)length < sizeof plan);
        judged_read(&judged, plan, (size_t)length);
        assert_int_equal(judged.list.count, 1);
        judged_line(&judged, 0, 2, meaning);
        if (strcmp(meaning, rows[i].expected) != 0)
            print_message("%s\n", rows[i].piece);
        assert_string_equal(meaning, rows[i].expected);
        judged_close(&judged);
    }
}
