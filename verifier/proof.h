/* SPDX-License-Identifier: Apache-2.0 */
/* Compares a bag's print with the ways its label can be printed. */
#ifndef RW_VERIFIER_PROOF_H
#define RW_VERIFIER_PROOF_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "core/model/print.h"
#include "core/model/roll.h"
#include "verifier/compare.h"
#include "verifier/register.h"

/* How a roll was printed. All zero = letters of ours in the dots of the roll. */
struct proof_way {
    enum print_letters letters;
    int32_t dpi; /* 0 = that of the roll */
};

/* A bag in a frame. */
struct proof_view {
    const struct expected_labels *labels;
    const struct roll *roll;
    const struct bag *bag;
    const struct picture *frame;
    const struct picture_quad *symbol; /* where it was read */
};

struct proof {
    struct proof_way way;
    struct print print;
    struct registration registration; /* its pictures are gone */
    bool is_laid;                     /* enough of the text agrees on where the label lies */
    bool is_whole;                    /* all of its fields lie in the frame */
    struct comparison comparison;     /* of a label that is both */
};

/* Tries the way that is named first; where something differs our own letters, then their outlines,
 * then the one whose letters are most like what was seen of all ways in which software makes dots
 * of a PDF, and keeps what is more alike. Each is one whole label as planned: a bag that says
 * something else is like none of them. Where most letters look as if their edges lay on dots in yet
 * another way, the best is tried with edges that may lie half a dot aside; what fits only then is
 * in doubt. Nothing but the result is left in the arena. */
RW_MUST_USE bool proof_take(const struct proof_view *view, struct proof_way first,
                            struct rw_arena *arena, struct proof *ret_proof, struct rw_error *err);

#endif
