/* SPDX-License-Identifier: Apache-2.0 */
/* Gives the bags of a roll their places, serials and signed codes. */
#ifndef RW_ROLL_BUILDER_SEAL_H
#define RW_ROLL_BUILDER_SEAL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/roll.h"

#define SEAL_COUNTER_MAX 999 /* the last three digits of a serial */

/* What signs the codes. `gtin` NULL = profile internal. */
struct seal {
    const char *gtin;
    const uint8_t *roll_key;
};

/* Writes n, of, part and parts of the dose bags, which stand in order of time between a header
 * and a trailer that are already there. */
void seal_number(struct roll *roll);
/* Serial RRRRRRRRRccc and the signed code of one bag. Header and trailer are signed with the time
 * of the first dose bag. */
RW_MUST_USE bool seal_bag(const struct roll *roll, struct bag *bag, int32_t counter,
                          const struct seal *seal, struct rw_arena *arena, struct rw_error *err);
/* All bags: 000 header, 001 and on the doses, then the trailer. */
RW_MUST_USE bool seal_roll(struct roll *roll, const struct seal *seal, struct rw_arena *arena,
                           struct rw_error *err);

#endif
