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

/* Which letters the label is drawn with: see `struct expected_labels`. */
enum proof_letters { PROOF_DOTS, PROOF_OUTLINES, PROOF_LETTERS_COUNT };

/* A bag in a frame. */
struct proof_view {
    const struct expected_labels *labels;
    const struct roll *roll;
    const struct bag *bag;
    const struct picture *frame;
    const struct picture_quad *symbol; /* where it was read */
};

struct proof {
    enum proof_letters letters;
    struct print print;
    struct registration registration; /* its pictures are gone */
    bool is_laid;                     /* enough of the text agrees on where the label lies */
    bool is_whole;                    /* all of its fields lie in the frame */
    struct comparison comparison;     /* of a label that is both */
};

/* Tries the letters that are named first; those of the other kind only where something differs, and
 * keeps what is more alike. Each is one whole label as planned: a bag that says something else is
 * like neither. What turns our PDF into dots puts every edge on one of them. Where most letters
 * show that, those that fit better are tried with edges that may lie half a dot aside; what fits
 * only then is in doubt. Each laying takes the room of the one before; nothing but the result stays
 * in the arena. */
RW_MUST_USE bool proof_take(const struct proof_view *view, enum proof_letters first,
                            struct rw_arena *arena, struct proof *ret_proof, struct rw_error *err);

#endif
