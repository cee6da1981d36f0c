/* SPDX-License-Identifier: Apache-2.0 */
/* Lays the dosages of an order over time: bounds, sequence and cycle. */
#ifndef RW_ROLL_BUILDER_PHASES_H
#define RW_ROLL_BUILDER_PHASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/model/order.h"
#include "roll-builder/fault_list.h"
#include "roll-builder/period.h"
#include "roll-builder/window.h"

#define PHASES_MAX 400000 /* of one order: every dosage in every cycle */
#define PHASES_NEVER PERIOD_NEVER
#define PHASES_ALWAYS PERIOD_ALWAYS

/* The time in which one dosage holds: [from, until) in seconds since 1970-01-01T00:00Z. */
struct phase {
    size_t dosing;
    int64_t from;
    int64_t until;
    int32_t anchor; /* the local day from which a rhythm is counted; without a start 0 */
};

/* All phases of an order that can matter for a window. With a fault they say nothing. */
struct phases {
    struct phase *list;
    size_t count;
    size_t room;
    int64_t from; /* the period of use, which cuts every phase */
    int64_t until;
    bool has_start;           /* something says when the order starts, or --start does */
    bool recurs;              /* a cycle: only what can matter for the window is laid */
    bool leaves_rest;         /* the last phase ends before the period of use does */
    struct fault_list faults; /* `dosing` is an index of the order */
};

RW_MUST_USE bool phases_lay(const struct order *order, const struct window *window,
                            const struct rw_zone *zone, struct rw_arena *arena,
                            struct phases *ret_phases, struct rw_error *err);
/* The second after the last phase, PHASES_NEVER when the order does not say where it ends. */
int64_t phases_end(const struct phases *phases);

#endif
