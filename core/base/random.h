/* SPDX-License-Identifier: Apache-2.0 */
/* A seeded generator, the same numbers on every machine, and UUIDs. */
#ifndef RW_CORE_BASE_RANDOM_H
#define RW_CORE_BASE_RANDOM_H

#include <stdint.h>

#define RW_UUID_TEXT_MAX 37 /* 36 characters and the NUL */

/* xoshiro256**; not for secrets. */
struct rw_random {
    uint64_t state[4];
};

struct rw_random rw_random_seeded(uint64_t seed);
uint64_t rw_random_next(struct rw_random *random);
/* Uniform in [0, limit); limit > 0. */
uint64_t rw_random_below(struct rw_random *random, uint64_t limit);
/* Uniform in [0, 1). */
double rw_random_unit(struct rw_random *random);

/* A UUID of version 7 (RFC 9562): time first, the rest from the system's random source. */
void rw_uuid_make(int64_t utc_ms, char ret_text[RW_UUID_TEXT_MAX]);

#endif
