/* SPDX-License-Identifier: Apache-2.0 */
/* Finds doses of replaced agreements that nothing stands in for. */
#include "roll-builder/holes.h"

#include <stdbool.h>
#include <stdint.h>

#include "core/base/date.h"
#include "core/base/text.h"
#include "roll-builder/links.h"
#include "roll-builder/period.h"

/* The lines of one client. */
struct holes {
    const struct line *lines;
    size_t count;
    const struct window *window;
    const struct rw_zone *zone;
};

/* May this one be taken in place of the replaced one? What is in force may be loose or give nothing
 * on a day: that was meant. */
static bool may_stand_for(const struct line *line, const struct line *replaced)
{
    const struct order *order = line->chosen->order;
    const bool agreement = order->kind == ORDER_MA || order->kind == ORDER_TA ||
                           order->kind == ORDER_WDS || order->kind == ORDER_PLAIN;
    if (!agreement || line->chosen->replaced || order->stop_type != NULL)
        return false;
    if (!line->judged.planned && rw_text_starts_with(line->judged.reason, "status-"))
        return false;
    return order == replaced->chosen->by || links_share_treatment(order, replaced->chosen->order);
}

static bool holds_at(const struct holes *holes, const struct line *line, int64_t minute)
{
    struct period period;
    struct fault_list faults = { 0 }; /* of an order with faults somebody is told anyway */
    period_find(line->chosen->order, holes->window, holes->zone, &period, &faults);
    return minute * 60 >= period.from && minute * 60 < period.until &&
           (!line->chosen->has_until || minute <= line->chosen->until_utc_minute);
}

static bool is_covered(const struct holes *holes, const struct line *replaced, int64_t minute)
{
    for (size_t i = 0; i < holes->count; i++) {
        if (may_stand_for(&holes->lines[i], replaced) && holds_at(holes, &holes->lines[i], minute))
            return true;
    }
    return false;
}

/* The doses that it would have given and that fall into nobody's period of use. */
static void check_part(const struct holes *holes, const struct line *line, const struct line *by,
                       struct rw_diag *diag)
{
    const struct chosen *chosen = line->chosen;
    const struct intake *first = NULL;
    size_t left_out = 0;
    for (size_t i = 0; i < line->judged.intake_count; i++) {
        const struct intake *intake = &line->judged.intakes[i];
        const int64_t minute = rw_stamp_utc_minute(intake->at);
        if (chosen->has_until && minute > chosen->until_utc_minute)
            break;
        if (is_covered(holes, line, minute))
            continue;
        first = first == NULL ? intake : first;
        left_out++;
    }
    if (first == NULL)
        return;
    char day[RW_DATE_TEXT_MAX];
    rw_date_write(first->at.wall.day, day);
    rw_diag_add(diag, "A18", "replaced-in-part", RW_OVERRIDABLE, line->label,
                left_out == 1 ? "%s stands in the place of this order for a part of this period "
                                "alone: nothing takes the place of %zu dose, of %s"
                              : "%s stands in the place of this order for a part of this period "
                                "alone: nothing takes the place of %zu doses, the first of %s",
                by->label, left_out, day);
}

static void check_line(const struct holes *holes, const struct line *line, const struct line *by,
                       struct rw_diag *diag)
{
    const bool told = by->destination == ORDER_TO_LOOSE && !by->judged.planned;
    if (by->kept > 0 || told)
        check_part(holes, line, by, diag);
    else
        rw_diag_add(diag, "A18", "replaced-by-nothing", RW_OVERRIDABLE, line->label,
                    "%s stands in the place of this order and gives nothing in this period",
                    by->label);
}

void holes_check(const struct line *lines, size_t count, const struct window *window,
                 const struct rw_zone *zone, struct rw_diag *diag)
{
    const struct holes holes = { lines, count, window, zone };
    for (size_t i = 0; i < count; i++) {
        const struct line *line = &lines[i];
        if (!line->chosen->replaced || !line->judged.planned)
            continue;
        for (size_t j = 0; j < count && line->judged.intake_count > 0; j++) {
            const struct line *by = &lines[j];
            if (by->chosen->order == line->chosen->by && !by->chosen->replaced)
                check_line(&holes, line, by, diag);
        }
    }
}
