/* SPDX-License-Identifier: Apache-2.0 */
/* Plans doses finer than a half as the product table allows. */
#include "roll-builder/fraction.h"

#include <string.h>

#define MILLI_PER_PIECE 1000

bool fraction_may_plan(const struct eligibility *judged, const struct product *product)
{
    if (judged->planned || strcmp(judged->reason, "fraction") != 0 || product == NULL ||
        !product->solid || !product->packable)
        return false;
    for (size_t i = 0; i < judged->order->dosing_count; i++) {
        const struct dosing_dose *dose = &judged->order->dosings[i].dose;
        if (dose->finer || dose->milli * product->split % MILLI_PER_PIECE != 0)
            return false;
    }
    return true;
}

bool fraction_judge(const struct order *order, const struct policy *policy,
                    const struct window *window, struct rw_arena *arena,
                    struct eligibility *ret_judged, struct rw_error *err)
{
    struct order *whole = rw_arena_alloc(arena, sizeof *whole, err);
    if (whole == NULL)
        return false;
    *whole = *order;
    whole->dosings = rw_arena_array(arena, order->dosing_count, sizeof *whole->dosings, err);
    if (whole->dosings == NULL)
        return false;
    for (size_t i = 0; i < order->dosing_count; i++) {
        whole->dosings[i] = order->dosings[i];
        if (order->dosings[i].dose.milli > 0) /* a dose of nothing stays one */
            whole->dosings[i].dose.milli = MILLI_PER_PIECE;
    }
    if (!eligibility_judge(whole, policy, window, arena, ret_judged, err))
        return false;
    for (size_t i = 0; i < ret_judged->intake_count; i++) {
        struct intake *intake = &ret_judged->intakes[i];
        intake->milli = order->dosings[intake->dosing].dose.milli;
    }
    ret_judged->order = order;
    return true;
}
