/* SPDX-License-Identifier: Apache-2.0 */
/* Invented orders, bags and rolls for the tests of this folder. */
#ifndef RW_TESTS_UNIT_ROLL_BUILDER_MADE_H
#define RW_TESTS_UNIT_ROLL_BUILDER_MADE_H

#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/zone.h"
#include "core/model/bag.h"
#include "core/model/order.h"
#include "core/model/roll.h"

#define MADE_FROM 20780 /* Monday 2026-11-23 */

/* What every test of this folder holds; made by made_begin, freed by made_end. */
struct made {
    struct rw_arena *arena;
    struct rw_zone *zone; /* Europe/Amsterdam */
    uint8_t pharmacy_key[32];
    uint8_t roll_key[32]; /* of roll 240000171 */
};
int made_begin(void **state);
int made_end(void **state);

/* A wall time of that day in the zone. */
struct rw_stamp made_at(const struct made *made, int32_t day, int32_t hour, int32_t minute);
/* An agreement with identifier "s|ID", treatment "t|1", status active. */
struct order made_order(enum order_kind kind, const char *id);
struct bag_content made_content(const char *order, const char *product, int64_t milli);
/* Header, one dose bag for each of `count` moments from MADE_FROM 08:00 on, each 12 hours after
 * the one before, with one tablet of product "A" of order "/a"; and a trailer. Signed, of profile
 * internal. */
struct roll *made_roll(const struct made *made, size_t count);

#endif
