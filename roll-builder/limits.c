/* SPDX-License-Identifier: Apache-2.0 */
/* Checks lines and bags against the limits of the product table. */
#include "roll-builder/limits.h"

#include <string.h>

#include "core/base/date.h"
#include "core/base/text.h"
#include "roll-builder/links.h"

#define MILLI_PER_PIECE 1000

static bool counts(const struct line *line)
{
    return line->destination != ORDER_EXCLUDED && !line->chosen->replaced;
}

static bool same_substance(const struct line *one, const struct line *two)
{
    if (one->product != NULL && two->product != NULL)
        return rw_text_equal_nocase(one->product->substance, two->product->substance);
    const struct medicine_code *left = medicine_best_code(&one->chosen->order->product);
    const struct medicine_code *right = medicine_best_code(&two->chosen->order->product);
    return left != NULL && right != NULL && left->system != NULL && left->code != NULL &&
           rw_text_equal(left->system, right->system) && rw_text_equal(left->code, right->code);
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

static void check_pair(const struct line *one, const struct line *two, struct rw_diag *diag)
{
    if (!counts(one) || !counts(two) || !same_substance(one, two))
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
    rw_diag_add(diag, "D8", "duplicate-substance", one_treatment ? RW_INFORMS : RW_OVERRIDABLE,
                two->label, "the same substance is ordered by %s too", one->label);
}

/* D11: the same weekday each time and never two days running. */
static void check_weekly(const struct line *line, struct rw_diag *diag)
{
    if (!line->product->weekly || line->kept == 0)
        return;
    const int32_t weekday = rw_date_weekday(line->judged.intakes[0].at.wall.day);
    for (size_t i = 1; i < line->kept; i++) {
        if (rw_date_weekday(line->judged.intakes[i].at.wall.day) != weekday) {
            rw_diag_add(diag, "D11", "weekly-on-other-days", RW_BLOCKS, line->label,
                        "a medicine for one fixed weekday is ordered on more days than that");
            return;
        }
    }
    rw_diag_add(diag, "D11", "weekly-second-person", RW_OVERRIDABLE, line->label,
                "a medicine for one fixed weekday: a second person confirms day and dose");
}

static void check_gap(const struct line *line, struct rw_diag *diag)
{
    for (size_t i = 1; line->product->gap_min > 0 && i < line->kept; i++) {
        const int64_t gap = rw_stamp_utc_minute(line->judged.intakes[i].at) -
                            rw_stamp_utc_minute(line->judged.intakes[i - 1].at);
        if (gap > 0 && gap < line->product->gap_min) {
            rw_diag_add(diag, "D25", "gap-too-short", RW_OVERRIDABLE, line->label,
                        "%lld minutes between two intakes are fewer than the %d of the table",
                        (long long)gap, line->product->gap_min);
            return;
        }
    }
}

static void check_day(const struct line *line, struct rw_diag *diag)
{
    int64_t sum = 0;
    for (size_t i = 0; line->product->day_milli_max > 0 && i < line->kept; i++) {
        const struct intake *intake = &line->judged.intakes[i];
        if (i > 0 && line->judged.intakes[i - 1].at.wall.day != intake->at.wall.day)
            sum = 0;
        sum += intake->milli;
        if (sum > line->product->day_milli_max) {
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
        return;
    }
}

static void check_light(const struct line *line, struct rw_diag *diag)
{
    if (line->product->light_sensitive && line->kept > 0)
        rw_diag_add(diag, "D35", "light-sensitive", RW_OVERRIDABLE, line->label,
                    "a product that light harms leaves its pack");
}

/* An agreement that stands in another's place but gives nothing leaves a hole that nobody meant. */
static void check_replaced(const struct line *line, const struct line *lines, size_t count,
                           struct rw_diag *diag)
{
    if (!line->chosen->replaced || !line->judged.planned || line->judged.intake_count == 0)
        return;
    for (size_t i = 0; i < count; i++) {
        const struct line *by = &lines[i];
        if (by->chosen->order != line->chosen->by || by->chosen->replaced ||
            by->destination == ORDER_TO_LOOSE || by->kept > 0)
            continue;
        rw_diag_add(diag, "A18", "replaced-by-nothing", RW_OVERRIDABLE, line->label,
                    "%s stands in the place of this order and gives nothing in this period",
                    by->label);
    }
}

void limits_check_lines(const struct line *lines, size_t count, struct rw_diag *diag)
{
    for (size_t i = 0; i < count; i++) {
        const struct line *line = &lines[i];
        for (size_t j = 0; j < i; j++)
            check_pair(&lines[j], line, diag);
        check_replaced(line, lines, count, diag);
        if (line->destination != ORDER_TO_ROLL)
            continue;
        check_weekly(line, diag);
        check_gap(line, diag);
        check_day(line, diag);
        check_halves(line, diag);
        check_light(line, diag);
    }
}

static const struct line *line_find(const struct line *lines, size_t count, const char *label)
{
    for (size_t i = 0; i < count; i++) {
        if (lines[i].destination == ORDER_TO_ROLL && strcmp(lines[i].label, label) == 0)
            return &lines[i];
    }
    return NULL;
}

static void check_bag(const struct bag *bag, const struct line *lines, size_t count,
                      struct rw_diag *diag)
{
    int32_t use_by;
    if (bag->use_by != NULL && rw_date_parse(bag->use_by, &use_by) && bag->at.wall.day > use_by)
        rw_diag_add(diag, "D36", "use-by-passed", RW_BLOCKS, bag->contents[0].order,
                    "bag %d is taken after %s, the last day of what lies in it", bag->n,
                    bag->use_by);
    for (size_t i = 0; i < bag->content_count; i++) {
        const struct bag_content *content = &bag->contents[i];
        const struct line *line = line_find(lines, count, content->order);
        if (line == NULL || line->product->bag_milli_max == 0 ||
            content->milli <= line->product->bag_milli_max)
            continue;
        rw_diag_add(diag, "D26", "bag-maximum", RW_OVERRIDABLE, content->order,
                    "bag %d holds more than the most that the product table allows", bag->n);
    }
}

void limits_check_bags(const struct roll *roll, const struct line *lines, size_t count,
                       struct rw_diag *diag)
{
    for (size_t i = 0; i < roll->bag_count; i++) {
        if (roll->bags[i].kind == BAG_DOSE)
            check_bag(&roll->bags[i], lines, count, diag);
    }
}
