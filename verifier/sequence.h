/* SPDX-License-Identifier: Apache-2.0 */
/* Watches the order of the bags as they were seen. */
#ifndef RW_VERIFIER_SEQUENCE_H
#define RW_VERIFIER_SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define SEQUENCE_SIGHTINGS_MAX 16384
#define SEQUENCE_STRANGER (-1)   /* a symbol of no bag of the roll */
#define SEQUENCE_UNREADABLE (-2) /* a frame, or a bag in it, without a readable symbol */
#define SEQUENCE_PRINT (-4)      /* print beyond an outermost code of a frame, without a code */
#define SEQUENCE_UNSEEN (-3)     /* film that passed while nothing was seen */

/* One symbol in one frame. */
struct sequence_sighting {
    int32_t frame;
    int32_t bag; /* index in the plan, or one of the constants */
    float along; /* place along the film; which way is up does not matter */
    bool part;   /* not all of its label lies in the frame */
    bool turned; /* it points another way than most labels of the frame, or may do so */
};

/* What is wrong with a planned bag; all false = seen once, in its place. */
struct sequence_finding {
    bool missing;
    bool gap;        /* its neighbours were seen side by side: it is not in the film */
    bool unreadable; /* in its place lies something without a readable symbol */
    bool beside;     /* next to it lies something unreadable, or unseen, that is no missing bag;
                      * or it lies on film that was not followed from where the plan has it, or
                      * turned against its neighbours */
    int32_t frame;   /* of that thing, or where the bag was first seen; -1 = none */
    bool twice;
    bool out_of_order;
};

/* `sightings` stand in the order of the film, as along_sort puts them; frames may overlap, and the
 * film may run backwards. `ret_findings` has room for `bag_count`. */
RW_MUST_USE bool sequence_check(const struct sequence_sighting *sightings, size_t count,
                                size_t bag_count, struct rw_arena *arena,
                                struct sequence_finding *ret_findings, struct rw_error *err);

#endif
