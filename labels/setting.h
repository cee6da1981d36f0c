/* SPDX-License-Identifier: Apache-2.0 */
/* Where software that makes a printer's dots of a PDF puts its letters. */
#ifndef RW_LABELS_SETTING_H
#define RW_LABELS_SETTING_H

#include <stdbool.h>
#include <stdint.h>

#include "core/model/print.h"
#include "labels/stamp.h"

/* Letters begin at the place before, in steps of a dot, after `across` or `down` of a step was
 * added: 0.5 is the nearest. */
struct setting {
    enum stamp_trace trace;
    int32_t em_quarters; /* dots of the em below which a step across is a quarter of a dot … */
    int32_t em_halves;   /* … or a half; larger letters, and steps down, have whole dots */
    float across;
    float down;
    bool from_foot;        /* lines are counted from the page's foot, which lies on a dot */
    int32_t advance_steps; /* of a dot: what an advance is cut down to; 0 = nothing */
};

/* NULL for letters that are our own. */
const struct setting *setting_of(enum print_letters letters);
/* The dot that a letter begins at, of a place in dots, and the quarters of a dot behind it. */
int32_t setting_across(const struct setting *setting, double at, double em, uint8_t *ret_quarters);
/* `foot`: how far the page ends above the dot that its foot lies on. */
int32_t setting_down(const struct setting *setting, double at, double foot);
/* How much less than a letter's advance, in dots, it is. */
double setting_lack(const struct setting *setting, double advance);

#endif
