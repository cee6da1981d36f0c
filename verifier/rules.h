/* SPDX-License-Identifier: Apache-2.0 */
/* Finds what a dead element of the printhead leaves out of the rules. */
#ifndef RW_VERIFIER_RULES_H
#define RW_VERIFIER_RULES_H

#include "core/model/print.h"
#include "verifier/laying.h"

#define RULES_COMPARED 2 /* the label's first ones */

struct rules_gap {
    const char *field; /* borrowed from the print */
    struct plane_box box;
};

/* An element that prints nothing leaves a line along the film. Where that passes between letters it
 * is seen in the rules alone: a short gap in two of them, one right below the other. Gives how much
 * of the ink is gone there, 0 … 1, and where in the rules. */
float rules_find_gap(const struct laying *laying, const struct print *print,
                     struct rules_gap ret_gaps[RULES_COMPARED]);

#endif
