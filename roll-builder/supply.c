/* SPDX-License-Identifier: Apache-2.0 */
/* Compares what was handed over for an agreement with what it needs. */
#include "roll-builder/supply.h"

#include "core/base/date.h"
#include "core/base/text.h"
#include "core/model/quantity.h"
#include "roll-builder/eligibility.h"
#include "roll-builder/links.h"
#include "roll-builder/phases.h"
#include "roll-builder/span.h"

#define MILLI 1000

/* A supply is refused as an order; refused for anything else, it says nothing. */
static bool was_handed_over(const struct order *order)
{
    return order->kind == ORDER_MVE && rw_text_equal(order->refused, "not-an-order") &&
           (rw_text_equal(order->status, "completed") ||
            rw_text_equal(order->status, "in-progress") || rw_text_equal(order->status, "unknown"));
}

/* The pieces of all supplies; 0 when there is none, or another agreement may share them. */
static int64_t count_supplied(const struct supply *supply, const struct order *agreement)
{
    int64_t sum = 0;
    for (size_t i = 0; i < supply->order_count; i++) {
        const struct order *order = supply->orders[i];
        if (order == agreement || !links_share_treatment(order, agreement) ||
            !medicine_is_same(&order->product, &agreement->product))
            continue;
        if (order->kind == ORDER_TA && order->stop_type == NULL)
            return 0;
        if (was_handed_over(order) && !quantity_add(sum, order->supplied_milli, &sum))
            return 0;
    }
    return sum;
}

/* The days from the start of the agreement to its end; false when they are not known. */
static bool find_days(const struct order *agreement, const struct policy *policy,
                      struct rw_arena *arena, struct window *ret_window, bool *ret_known,
                      struct rw_error *err)
{
    struct window window = { .from = agreement->period_start.stamp.wall.day, .days = 1 };
    struct phases phases;
    *ret_known = false;
    if (agreement->period_start.precision == DOSING_ABSENT)
        return true;
    if (!phases_lay(agreement, &window, policy->zone, arena, &phases, err))
        return false;
    int64_t end = phases_end(&phases);
    if (phases.faults.count > 0 || end == PHASES_NEVER)
        return true;
    int32_t last = span_point(end - 1, policy->zone).stamp.wall.day;
    window.days = last - window.from + 1;
    *ret_known = window.days >= 1 && window.days <= SUPPLY_DAYS_MAX;
    *ret_window = window;
    return true;
}

bool supply_compare(const struct supply *supply, const struct order *agreement, const char *pointer,
                    struct rw_arena *arena, struct rw_diag *findings, struct rw_error *err)
{
    struct window window = { 0 };
    struct eligibility judged;
    bool known = false;
    int64_t needed = 0;
    if (agreement->kind != ORDER_TA || agreement->stop_type != NULL || agreement->treatment == NULL)
        return true;
    const int64_t supplied = count_supplied(supply, agreement);
    if (supplied == 0)
        return true;
    if (!find_days(agreement, supply->policy, arena, &window, &known, err))
        return false;
    if (!known)
        return true;
    if (!eligibility_judge(agreement, supply->policy, &window, arena, &judged, err))
        return false;
    for (size_t i = 0; i < judged.intake_count; i++) {
        if (!quantity_add(needed, judged.intakes[i].milli, &needed))
            return true;
    }
    if (judged.planned && needed != supplied) {
        char one[QUANTITY_TEXT_MAX];
        char two[QUANTITY_TEXT_MAX];
        quantity_write(supplied, one);
        quantity_write(needed, two);
        rw_diag_add(findings, "D2", "supply-differs", RW_INFORMS, pointer,
                    supplied == MILLI
                        ? "%s piece was handed over for this agreement, which needs %s in all"
                        : "%s pieces were handed over for this agreement, which needs %s in all",
                    one, two);
    }
    return true;
}
