/* SPDX-License-Identifier: Apache-2.0 */
/* Turns wall time into instants and back, for one named time zone. */
#ifndef RW_CORE_BASE_ZONE_H
#define RW_CORE_BASE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "core/base/error.h"

#define RW_ZONE_STAMP_MAX 32 /* "2026-11-23T08:00:00.000+01:00" and its NUL */

/* A wall time: what a clock on the wall of the zone shows. */
struct rw_wall {
    int32_t day;    /* days since 1970-01-01 */
    int32_t minute; /* minute of the day, 0..1439 */
};

/* A planned time: wall time with its UTC offset. Two of them are the same moment when
 * rw_stamp_utc_minute() of both is equal. */
struct rw_stamp {
    struct rw_wall wall;
    int32_t offset_min; /* minutes east of UTC */
};

/* A zone rule set, opened from ICU's own tables; an absent zone is an error, never silently UTC. */
struct rw_zone;

RW_MUST_USE bool rw_zone_open(const char *name, struct rw_zone **ret_zone, struct rw_error *err);
void rw_zone_close(struct rw_zone *zone);

/* The offset of a wall time. A time that the spring change skips moves to the next valid one
 * (02:30 becomes 03:00, D24); one that occurs twice in autumn is its first occurrence. */
struct rw_stamp rw_zone_stamp(const struct rw_zone *zone, struct rw_wall wall);
/* What the wall shows at an instant given in minutes since 1970-01-01T00:00Z. */
struct rw_stamp rw_zone_at(const struct rw_zone *zone, int64_t utc_minute);

int64_t rw_stamp_utc_minute(struct rw_stamp stamp);
/* "2026-11-23T08:00+01:00": seconds left out, offset always written. */
void rw_stamp_write(struct rw_stamp stamp, char ret_text[RW_ZONE_STAMP_MAX]);
/* Reads the same form; seconds (and fractions) are allowed and must be below 60; "Z" is +00:00. */
RW_MUST_USE bool rw_stamp_parse(const char *text, struct rw_stamp *ret_stamp);

#endif
