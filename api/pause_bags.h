/* SPDX-License-Identifier: Apache-2.0 */
/* Which bags of a roll lie in a pause, and what becomes of them. */
#ifndef RW_API_PAUSE_BAGS_H
#define RW_API_PAUSE_BAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/step.h"
#include "core/base/attributes.h"
#include "core/base/zone.h"
#include "core/model/schedule.h"
#include "db/rolls.h"
#include "db/scope.h"

#define PAUSE_BAGS_MAX 400 /* of all rolls of a client that are out */

struct pause_bag {
    const char *roll;
    int32_t n;
    const char *serial;
    struct rw_stamp at;
    int64_t pieces;
    const char *fate; /* "along", "ask" (a pharmacist decides) or "withhold" */
    const char *ask;  /* why; NULL unless it asks */
};
struct pause_bags {
    struct pause_bag *list; /* room for PAUSE_BAGS_MAX */
    size_t count;
    int64_t pieces_along;
    bool beyond; /* it reaches beyond a roll: the next one has bags of it too */
};

struct pause_search {
    const char *kind; /* "away" or "pause" */
    struct rw_stamp from;
    struct rw_stamp to;
    const char *detail; /* why, for the journal */
    struct pause_bags *bags;
};

/* Adds the bags of one roll that lie in the pause and are not out yet. One that was called missed
 * before is withheld, and its alarm over. `rolls` are all of the client: a plan among them that
 * waits to replace this one is asked whether it changes a bag. */
RW_MUST_USE bool pause_bags_find(const struct scope *scope, struct pause_search *search,
                                 const struct step *step, const struct rolls_list *rolls,
                                 struct rw_error *err);
/* A roll that is released into a day away, or before one: which bags of its schedule may leave
 * early. */
RW_MUST_USE bool pause_bags_let_go(const struct scope *scope, const struct step *step,
                                   const struct rw_zone *zone, struct schedule *schedule,
                                   struct rw_error *err);
bool pause_bags_go_along(const struct pause_bags *bags, const char *serial);

#endif
