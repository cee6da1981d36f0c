/* SPDX-License-Identifier: Apache-2.0 */
/* Looks for what a client uses and nobody ordered. */
#include "roll-builder/reconcile.h"

#include "core/base/text.h"
#include "roll-builder/links.h"

static bool is_in_use(const struct order *order, int32_t from)
{
    return order->kind == ORDER_OTHER && rw_text_equal(order->resource, "MedicationStatement") &&
           (rw_text_equal(order->status, "active") || rw_text_equal(order->status, "intended")) &&
           order->stop_type == NULL &&
           (order->period_end.precision == DOSING_ABSENT ||
            order->period_end.stamp.wall.day >= from);
}

static bool is_agreement(const struct order *order)
{
    return order->kind == ORDER_PLAIN || order->kind == ORDER_MA || order->kind == ORDER_TA ||
           order->kind == ORDER_WDS;
}

static bool is_ordered(const struct line *use, const struct line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (is_agreement(lines[i].chosen->order) &&
            (links_share_treatment(lines[i].chosen->order, use->chosen->order) ||
             line_same_substance(&lines[i], use)))
            return true;
    }
    return false;
}

void reconcile_check(const struct line *lines, size_t count, int32_t from, struct rw_diag *diag)
{
    for (size_t i = 0; i < count; i++) {
        if (is_in_use(lines[i].chosen->order, from) && !is_ordered(&lines[i], lines, count))
            rw_diag_add(diag, "D2", "used-not-ordered", RW_OVERRIDABLE, lines[i].label,
                        "the client uses this and no order gives it");
    }
}
