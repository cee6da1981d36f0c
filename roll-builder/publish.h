/* SPDX-License-Identifier: Apache-2.0 */
/* From a released roll to the schedule that a dispenser downloads. */
#ifndef RW_ROLL_BUILDER_PUBLISH_H
#define RW_ROLL_BUILDER_PUBLISH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/model/roll.h"
#include "core/model/schedule.h"
#include "roll-builder/products.h"

#define PUBLISH_OPENS_MIN 60       /* minutes before the moment that a bag may be handed out */
#define PUBLISH_CLOSES_MIN 120     /* and after it; the window of two hours that [R18] used */
#define PUBLISH_EXACT_OPENS_MIN 15 /* the same for an exact time (D18) */
#define PUBLISH_APART_MIN 60       /* ours: between the end of a moment and the next by hand */

/* What a release says about a roll beyond the roll itself. Texts are borrowed by the schedule. */
struct publish_facts {
    const char *dispenser;
    int32_t version;         /* of the schedule: higher than the dispenser's last */
    const char *client;      /* pseudonym; never the client's id or name */
    const char *released;    /* UTC with milliseconds */
    int32_t alarm_after_min; /* > 0 (the policy's, or the client's own) */
    int32_t opens_min;       /* 0 = PUBLISH_OPENS_MIN */
    int32_t closes_min;      /* 0 = PUBLISH_CLOSES_MIN */
    bool early;              /* bags may be taken along on a day away (C.7) */
    int32_t early_max_min;   /* the client's own horizon: how long before its moment a bag may be
                              * taken by hand outside an absence; 0 = not before it opens */
    const struct products *products; /* with early_max_min: those with a least time (D25) */
    int32_t first;              /* n of the first bag that counts; 0 = the roll's first (C0.6) */
    const uint8_t *roll_key;    /* RW_HMAC_KEY_BYTES */
    const struct rw_zone *zone; /* the roll's */
    const char *const *revoked; /* serials that must not be handed out any more */
    size_t revoked_count;
    const struct schedule *before; /* what another roll still has to hand out; NULL = nothing */
};

/* The windows of two moments never overlap: between them the later one wins. Exact bags may not be
 * taken early. The client's own hand takes a bag (`early_min`) at the soonest when half of the time
 * between the moment before and its own is over, and PUBLISH_APART_MIN after that one closed; never
 * the first moment of a schedule, nor a medicine whose time or distance is fixed (exact, hours,
 * D25). Reminders name no medicine: one at the first bag of each day, when something with a fixed
 * time lies outside the roll. RW_INVALID when the roll has no bag to hand out. */
RW_MUST_USE bool publish_schedule(const struct roll *roll, const struct publish_facts *facts,
                                  struct rw_arena *arena, struct schedule **ret_schedule,
                                  struct rw_error *err);

#endif
