/* SPDX-License-Identifier: Apache-2.0 */
/* Says whether there is time left for one more step of reading. */
#ifndef RW_VERIFIER_BUDGET_H
#define RW_VERIFIER_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/clock.h"

/* Who works for long asks between two steps, and stops where it has ended: no step may take longer
 * than some milliseconds in the largest picture. */
struct budget {
    const struct rw_clock *clock; /* NULL = no end */
    int64_t end_ms;
    bool has_ended; /* once ended, the clock is not asked again */
};

/* `ms` from now on; 0 or no clock = no end. */
struct budget budget_make(const struct rw_clock *clock, int64_t ms);
/* NULL = no end. */
bool budget_has_ended(struct budget *budget);
/* What is left of it, at most `most_ms`. */
int budget_left_ms(struct budget *budget, int most_ms);

#endif
