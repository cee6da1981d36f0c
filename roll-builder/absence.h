/* SPDX-License-Identifier: Apache-2.0 */
/* Which bags go along on a day away, and which are withheld in a pause. */
#ifndef RW_ROLL_BUILDER_ABSENCE_H
#define RW_ROLL_BUILDER_ABSENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/model/roll.h"

enum absence_kind {
    ABSENCE_AWAY, /* the client takes the bags along */
    ABSENCE_PAUSE /* hospital, holiday without the dispenser: nothing of it is taken */
};

/* Everything is borrowed. */
struct absence_request {
    const struct roll *roll;
    const struct roll *next; /* a newer plan that waits to replace the roll, or NULL */
    enum absence_kind kind;
    struct rw_stamp from;  /* this minute is part of it */
    struct rw_stamp to;    /* this one is not */
    int32_t early_max_min; /* a bag is taken along at most this long before its time; 0 = any */
};

/* A dose bag that falls into the absence. */
struct absence_bag {
    const struct bag *bag;
    const char *ask; /* why a pharmacist decides: "exact", "interval", "changes", "too-early"; or
                      * NULL: it goes along, or is withheld, without a question */
};

struct absence {
    struct absence_bag *bags; /* in order of time */
    size_t count;
    size_t ask_count;
    int64_t pieces;           /* of all of them, to be counted */
    bool beyond;              /* it reaches beyond the roll: the next one has bags of it too */
    bool changes;             /* the newer plan differs from the roll from then on, or before */
    const struct bag *resume; /* the first bag behind the absence; NULL: none in this roll */
};

/* May the bag be taken at another time without a pharmacist's word? Not one of an exact time, nor
 * one with a medicine that is taken at intervals of hours. */
bool absence_may_move(const struct roll *roll, const struct bag *bag);
/* Bags of one moment share their fate: when one asks, its other parts do. RW_INVALID when the
 * absence ends before it begins, or `next` is another client's. */
RW_MUST_USE bool absence_find(const struct absence_request *request, struct rw_arena *arena,
                              struct absence *ret_absence, struct rw_error *err);

#endif
