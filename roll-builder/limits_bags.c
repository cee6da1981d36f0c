/* SPDX-License-Identifier: Apache-2.0 */
/* Checks the bags of a roll against the product table. */
#include "roll-builder/limits_bags.h"

#include <string.h>

#include "core/base/date.h"
#include "core/base/text.h"

static const struct line *line_find(const struct line *lines, size_t count, const char *label)
{
    for (size_t i = 0; i < count; i++) { /* mostly the same text, not only an equal one */
        if (lines[i].destination == ORDER_TO_ROLL && lines[i].label == label)
            return &lines[i];
    }
    for (size_t i = 0; i < count; i++) {
        if (lines[i].destination == ORDER_TO_ROLL && rw_text_equal(lines[i].label, label))
            return &lines[i];
    }
    return NULL;
}

/* Said once for each order, however many bags it lies in. */
static bool is_said(const struct rw_diag *diag, const char *id, const char *reason,
                    const char *pointer)
{
    for (size_t i = 0; i < diag->count; i++) {
        const struct rw_finding *finding = &diag->findings[i];
        if (rw_text_equal(finding->reason, reason) && rw_text_equal(finding->id, id) &&
            rw_text_equal(finding->pointer, pointer))
            return true;
    }
    return false;
}

static void check_date(const struct bag *bag, struct rw_diag *diag)
{
    int32_t use_by;
    if (bag->use_by == NULL || !rw_date_parse(bag->use_by, &use_by) || bag->at.wall.day <= use_by ||
        is_said(diag, "D36", "use-by-passed", bag->contents[0].order))
        return;
    rw_diag_add(diag, "D36", "use-by-passed", RW_BLOCKS, bag->contents[0].order,
                "bag %d is taken after %s, the last day of what lies in it", bag->n, bag->use_by);
}

static int64_t milli_of(const struct bag *bag, const char *product)
{
    int64_t sum = 0;
    for (size_t i = 0; i < bag->content_count; i++) {
        if (rw_text_equal(bag->contents[i].product, product))
            sum += bag->contents[i].milli;
    }
    return sum;
}

static void check_most(const struct bag *bag, const struct line *lines, size_t count,
                       struct rw_diag *diag)
{
    for (size_t i = 0; i < bag->content_count; i++) {
        const struct bag_content *content = &bag->contents[i];
        const struct line *line = line_find(lines, count, content->order);
        if (line == NULL || line->product->bag_milli_max == 0 ||
            milli_of(bag, content->product) <= line->product->bag_milli_max ||
            is_said(diag, "D26", "bag-maximum", content->order))
            continue;
        rw_diag_add(diag, "D26", "bag-maximum", RW_OVERRIDABLE, content->order,
                    "bag %d holds more than the most that the product table allows", bag->n);
    }
}

/* D42: what a person and a camera cannot tell apart by its look. */
static void check_looks(const struct bag *bag, const struct line *lines, size_t count,
                        struct rw_diag *diag)
{
    for (size_t i = 1; i < bag->content_count; i++) {
        const struct bag_content *content = &bag->contents[i];
        const struct line *line = line_find(lines, count, content->order);
        for (size_t j = 0; j < i; j++) {
            const struct bag_content *other = &bag->contents[j];
            const struct line *left = line_find(lines, count, other->order);
            if (strcmp(content->product, other->product) == 0 || line == NULL || left == NULL ||
                !products_look_alike(line->product, left->product) ||
                is_said(diag, "D42", "look-alike", content->order))
                continue;
            rw_diag_add(diag, "D42", "look-alike", RW_OVERRIDABLE, content->order,
                        "bag %d holds %s too, another product that looks the same", bag->n,
                        other->order);
        }
    }
}

void limits_bags_check(const struct roll *roll, const struct line *lines, size_t count,
                       struct rw_diag *diag)
{
    for (size_t i = 0; i < roll->bag_count; i++) {
        if (roll->bags[i].kind != BAG_DOSE)
            continue;
        check_date(&roll->bags[i], diag);
        check_most(&roll->bags[i], lines, count, diag);
        check_looks(&roll->bags[i], lines, count, diag);
    }
}
