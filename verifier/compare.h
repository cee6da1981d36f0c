/* SPDX-License-Identifier: Apache-2.0 */
/* Compares the print that was seen with the print that was wanted. */
#ifndef RW_VERIFIER_COMPARE_H
#define RW_VERIFIER_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/print.h"
#include "core/model/verdict.h"
#include "verifier/register.h"

/* Text is compared letter by letter after each stretch of it was laid as well as it fits, so that
 * wrinkles, shadows and the tablets behind do not count, but a missing or another letter does. */
struct comparison {
    int32_t score_milli;   /* mean likeness of the letters, 1000 = as rendered */
    int32_t worst_milli;   /* of the least alike letter */
    int32_t missing_milli; /* largest spot without wanted ink, for full ink of this label */
    int32_t extra_milli;   /* largest spot of ink that is not wanted */
    int32_t usual_milli;   /* the larger of both, of most letters */
    int32_t ink_milli;     /* darkness of the print, 1000 = black on this paper */
    float paleness;        /* of the whole label: above 1 it has too little ink */
    bool is_damaged;       /* one of the defects may be damage as well as another letter */
    bool is_smeared;       /* ink beside letters, good one by one, is all of the defects */
    bool is_rounded;       /* edges that lie half a dot aside explain all of the defects */
    float fault;           /* of the defects the one farthest from good: 1 = at a limit */
    size_t faults;         /* places that are not good, but for those in doubt */
    size_t cells;          /* letters that were compared */
    struct verdict_defect defects[VERDICT_DEFECTS_MAX];
    size_t defect_count; /* may be more than are kept */
};

/* One label laid over a frame. */
struct compare_view {
    const struct registration *registration;
    const struct print *print;
    float edge_um; /* so far aside edges of the print may lie: a pixel at the most */
    bool is_empty; /* nothing lies in the bag: all that is dark on it is a blot */
};

RW_MUST_USE bool compare_print(const struct compare_view *view, struct rw_arena *arena,
                               struct comparison *ret_comparison, struct rw_error *err);
/* Puts it into the verdict of a bag: score, defects and reasons. */
void compare_tell(const struct comparison *comparison, struct verdict_bag *bag);

#endif
