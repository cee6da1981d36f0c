/* SPDX-License-Identifier: Apache-2.0 */
/* Checks lines and bags against the limits of the product table. */
#include "roll-builder/limits.h"

#include <string.h>

#include "core/base/date.h"
#include "core/base/text.h"
#include "roll-builder/links.h"

#define MILLI_PER_PIECE 1000
#define WEEK_DAYS 7

static bool counts(const struct line *line)
{
    return line->destination != ORDER_EXCLUDED && !line->chosen->replaced;
}

static bool share_moment(const struct line *one, const struct line *two)
{
    size_t i = 0;
    size_t j = 0;
    while (i < one->kept && j < two->kept) {
        const int64_t left = rw_stamp_utc_minute(one->judged.intakes[i].at);
        const int64_t right = rw_stamp_utc_minute(two->judged.intakes[j].at);
        if (left == right)
            return true;
        if (left < right)
            i++;
        else
            j++;
    }
    return false;
}

static void say_gap(const struct line *line, int64_t gap, int32_t gap_min, struct rw_diag *diag)
{
    rw_diag_add(diag, "D25", "gap-too-short", RW_OVERRIDABLE, line->label,
                "two intakes are %lld min apart, fewer than the %d of the table", (long long)gap,
                gap_min);
}

/* Two orders of one substance: the least gap between an intake of one and of the other. One moment
 * for both is D8 or A18. */
static void check_gap_between(const struct line *one, const struct line *two, struct rw_diag *diag)
{
    const int32_t least = one->product->gap_min > two->product->gap_min ? one->product->gap_min
                                                                        : two->product->gap_min;
    size_t i = 0;
    size_t j = 0;
    while (least > 0 && i < one->kept && j < two->kept) {
        const int64_t left = rw_stamp_utc_minute(one->judged.intakes[i].at);
        const int64_t right = rw_stamp_utc_minute(two->judged.intakes[j].at);
        const int64_t gap = left < right ? right - left : left - right;
        if (gap > 0 && gap < least) {
            say_gap(two, gap, least, diag);
            return;
        }
        if (left < right)
            i++;
        else
            j++;
    }
}

/* D12: one that must not be taken on the days of the other, such as folic acid and methotrexate. */
static void check_days_apart(const struct line *line, const struct line *other,
                             struct rw_diag *diag)
{
    size_t i = 0;
    size_t j = 0;
    if (line->product == NULL || other->product == NULL || line->product->not_on_days_of == NULL ||
        !rw_text_equal_nocase(line->product->not_on_days_of, other->product->substance))
        return;
    while (i < line->kept && j < other->kept) {
        const int32_t left = line->judged.intakes[i].at.wall.day;
        const int32_t right = other->judged.intakes[j].at.wall.day;
        if (left == right) {
            rw_diag_add(diag, "D12", "same-day", RW_OVERRIDABLE, line->label,
                        "%s is taken on the same day, and the product table keeps them apart",
                        other->label);
            return;
        }
        if (left < right)
            i++;
        else
            j++;
    }
}

static void check_pair(const struct line *one, const struct line *two, struct rw_diag *diag)
{
    if (!counts(one) || !counts(two))
        return;
    check_days_apart(one, two, diag);
    check_days_apart(two, one, diag);
    if (!line_same_substance(one, two))
        return;
    const bool both_packed = one->destination == ORDER_TO_ROLL && two->destination == ORDER_TO_ROLL;
    const bool one_treatment = links_share_treatment(one->chosen->order, two->chosen->order);
    if (one_treatment && both_packed && share_moment(one, two)) {
        rw_diag_add(diag, "A18", "duplicate-substance", RW_BLOCKS, two->label,
                    "two parallel agreements of one treatment, this one and %s, put the same "
                    "substance in the same moment",
                    one->label);
        return;
    }
    if (both_packed)
        check_gap_between(one, two, diag);
    rw_diag_add(diag, "D8", "duplicate-substance", one_treatment ? RW_INFORMS : RW_OVERRIDABLE,
                two->label, "the same substance is ordered by %s too", one->label);
}

static void check_gap(const struct line *line, struct rw_diag *diag)
{
    for (size_t i = 1; line->product->gap_min > 0 && i < line->kept; i++) {
        const int64_t gap = rw_stamp_utc_minute(line->judged.intakes[i].at) -
                            rw_stamp_utc_minute(line->judged.intakes[i - 1].at);
        if (gap > 0 && gap < line->product->gap_min) {
            say_gap(line, gap, line->product->gap_min, diag);
            return;
        }
    }
}

/* Several orders of one product count together. */
static int64_t milli_on(const struct line *lines, size_t count, const struct product *product,
                        int32_t day)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (lines[i].destination != ORDER_TO_ROLL || lines[i].product != product)
            continue;
        for (size_t j = 0; j < lines[i].kept; j++) {
            if (lines[i].judged.intakes[j].at.wall.day == day)
                sum += lines[i].judged.intakes[j].milli;
        }
    }
    return sum;
}

static void check_day(const struct line *line, const struct line *lines, size_t count,
                      struct rw_diag *diag)
{
    int32_t last = INT32_MIN;
    for (size_t i = 0; line->product->day_milli_max > 0 && i < line->kept; i++) {
        const int32_t day = line->judged.intakes[i].at.wall.day;
        if (day == last)
            continue;
        last = day;
        if (milli_on(lines, count, line->product, day) > line->product->day_milli_max) {
            rw_diag_add(diag, "D26", "day-maximum", RW_OVERRIDABLE, line->label,
                        "one day asks for more than the most that the product table allows");
            return;
        }
    }
}

static void check_halves(const struct line *line, struct rw_diag *diag)
{
    const struct product *product = line->product;
    for (size_t i = 0; i < line->kept; i++) {
        if (line->judged.intakes[i].milli % MILLI_PER_PIECE == 0)
            continue;
        if (product->split < 2)
            rw_diag_add(diag, "D39", "not-splittable", RW_OVERRIDABLE, line->label,
                        "a half is ordered of a product that the table does not call splittable");
        else
            rw_diag_add(diag, "D39", "half-by-hand", RW_INFORMS, line->label,
                        "halves made by hand need a second check");
        if (product->whole_of_half != NULL)
            rw_diag_add(diag, "D39", "whole-instead", RW_OVERRIDABLE, line->label,
                        "a half of product %s is a whole %s, which may be packed too",
                        product->code, product->whole_of_half->code);
        return;
    }
}

static void check_light(const struct line *line, struct rw_diag *diag)
{
    if (line->product->light_sensitive && line->kept > 0)
        rw_diag_add(diag, "D35", "light-sensitive", RW_OVERRIDABLE, line->label,
                    "a product that light harms leaves its pack");
}

static void check_opiate(const struct line *line, struct rw_diag *diag)
{
    if (line->product->opiate && line->kept > 0)
        rw_diag_add(diag, "D41", "opiate", RW_OVERRIDABLE, line->label,
                    "an opiate lies in the roll; the register of opiates stays the pharmacy's");
}

static void check_high_risk(const struct line *line, struct rw_diag *diag)
{
    if (line->product->high_risk && line->kept > 0)
        rw_diag_add(diag, "D55", "high-risk", RW_OVERRIDABLE, line->label,
                    "a high-risk medicine lies in the roll: a second person confirms it");
}

/* What a person should know of an order that lies in the roll. */
static void check_order(const struct line *line, const struct window *window, struct rw_diag *diag)
{
    const struct order *order = line->chosen->order;
    const struct dosing_point *start = &order->period_start;
    if (order->kind == ORDER_WDS)
        rw_diag_add(
            diag, "D23", "variable-regimen", RW_OVERRIDABLE, line->label,
            "a schedule of changing doses lies in the roll; the next may come before its end");
    if (order->at_next_roll && start->precision != DOSING_ABSENT &&
        start->stamp.wall.day > window->from)
        rw_diag_add(
            diag, "D5", "next-roll", RW_OVERRIDABLE, line->label,
            "the prescriber wishes this from the next roll on, and it begins within this one");
}

/* What the table does not say of a product that lies in the roll. */
static void check_row(const struct line *line, struct rw_diag *diag)
{
    if (line->product->lot == NULL)
        rw_diag_add(diag, "D37", "lot-not-recorded", RW_INFORMS, line->label,
                    "the product table records no batch of this product");
    if (line->product->look[0] == '\0')
        rw_diag_add(diag, "D43", "look-missing", RW_OVERRIDABLE, line->label,
                    "the product table does not say what this product looks like");
}

/* D4: behind each of them stands a prescriber's agreement, here or in the records. */
static void check_prescriptions(const struct line *lines, size_t count, struct rw_diag *diag)
{
    size_t bare = 0;
    for (size_t i = 0; i < count; i++)
        bare += lines[i].destination == ORDER_TO_ROLL && lines[i].chosen->order->kind == ORDER_TA &&
                lines[i].chosen->order->link_count == 0;
    if (bare > 0)
        rw_diag_add(diag, "D4", "no-prescription", RW_INFORMS, "",
                    bare == 1 ? "%zu of the packed administration agreements names no agreement of "
                                "a prescriber"
                              : "%zu of the packed administration agreements name no agreement of "
                                "a prescriber",
                    bare);
}

void limits_check_lines(const struct line *lines, size_t count, const struct window *window,
                        struct rw_diag *diag)
{
    for (size_t i = 0; i < count; i++) {
        const struct line *line = &lines[i];
        for (size_t j = 0; j < i; j++)
            check_pair(&lines[j], line, diag);
        if (line->destination != ORDER_TO_ROLL)
            continue;
        check_order(line, window, diag);
        check_row(line, diag);
        check_gap(line, diag);
        check_day(line, lines, count, diag);
        check_halves(line, diag);
        check_light(line, diag);
        check_opiate(line, diag);
        check_high_risk(line, diag);
    }
    check_prescriptions(lines, count, diag);
}

/* Whoever changes rolls on a fixed day of the week expects that day. */
static void check_last_day(const struct policy *policy, const struct window *window,
                           struct rw_diag *diag)
{
    const int32_t weekday = rw_date_weekday(window->from + window->days - 1);
    const int32_t more = (policy->roll_ends_on - weekday + WEEK_DAYS) % WEEK_DAYS;
    const int32_t fewer = WEEK_DAYS - more;
    if (policy->roll_ends_on == 0 || more == 0)
        return;
    rw_diag_add(diag, "D28", "ends-on-other-day", RW_OVERRIDABLE, "",
                window->days > fewer ? "the roll ends on another weekday than the policy's; add %d "
                                       "to its days or take off %d to end on that day"
                                     : "the roll ends on another weekday than the policy's; add %d "
                                       "to its days to end on that day",
                more, fewer);
}

void limits_check_days(const struct policy *policy, const struct window *window,
                       struct rw_diag *diag)
{
    check_last_day(policy, window, diag);
    if (window->days > policy->roll_days_max)
        rw_diag_add(diag, "D28", "too-many-days", RW_BLOCKS, "",
                    "%d days are more than the %d that the policy allows a roll", window->days,
                    policy->roll_days_max);
}
