/* SPDX-License-Identifier: Apache-2.0 */
/* Says whether there is time left for one more step of reading. */
#include "verifier/budget.h"

#include <stddef.h>

struct budget budget_make(const struct rw_clock *clock, int64_t ms)
{
    if (clock == NULL || ms <= 0)
        return (struct budget){ .clock = NULL };
    return (struct budget){ .clock = clock, .end_ms = rw_clock_monotonic_ms(clock) + ms };
}

bool budget_has_ended(struct budget *budget)
{
    return budget_left_ms(budget, 1) <= 0;
}

int budget_left_ms(struct budget *budget, int most_ms)
{
    if (budget == NULL || budget->clock == NULL)
        return most_ms;
    if (budget->has_ended)
        return 0;
    int64_t left = budget->end_ms - rw_clock_monotonic_ms(budget->clock);
    budget->has_ended = left <= 0;
    return budget->has_ended ? 0 : left < most_ms ? (int)left : most_ms;
}
