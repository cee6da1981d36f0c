/* SPDX-License-Identifier: Apache-2.0 */
/* Turns what was found about a bag into its verdict. */
#ifndef RW_VERIFIER_DECIDE_H
#define RW_VERIFIER_DECIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/model/verdict.h"

struct decide_policy {
    int8_t grade_min;        /* the least grade of a symbol; 4 = A … 0 = F */
    int32_t print_score_min; /* thousandths: the least mean likeness of the print */
};

/* D or better: without a calibrated light the grade is a trend, and a symbol that was read with
 * check words to spare is not turned away for it. */
struct decide_policy decide_policy_default(void);

/* The verdict that a reason alone leads to. */
enum verdict decide_reason(enum verdict_reason reason);
/* Sets the bag's verdict, and adds `grade-low` and `print-damaged` where the policy says so. A pass
 * needs proof: a code that is exactly the planned one, a grade, and a print that was judged. */
void decide_bag(struct verdict_bag *bag, bool code_is_planned, const struct decide_policy *policy);
/* The worst of all bags; a stranger in the film is a fail. */
enum verdict decide_roll(const struct verdict_report *report);

#endif
