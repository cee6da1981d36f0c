/* SPDX-License-Identifier: Apache-2.0 */
/* Tells what became of a client's moments, and no more than was seen. */
#ifndef RW_API_ADHERENCE_H
#define RW_API_ADHERENCE_H

#include <stddef.h>
#include <stdint.h>

#include "core/json/json_write.h"
#include "db/lookups.h"

/* Moments, each of one bag or of several. A bag that left the dispenser was taken out of it;
 * whether it was taken, nobody saw (C0.8). */
struct adherence {
    int64_t planned;   /* those that a later change ended are not counted at all */
    int64_t taken_out; /* with all of their bags */
    int64_t early;     /* of those, before their time */
    int64_t too_early; /* of those, before it was allowed */
    int64_t missed;
    int64_t withheld;
    int64_t not_yet;
};

/* Of one bag: "taken_out", "early", "too_early", "missed", "withheld", "not_yet" or "ended". */
const char *adherence_word(const struct lookups_moment *moment);
/* The bags of one moment stand behind each other. */
struct adherence adherence_count(const struct lookups_moment *moments, size_t count);
/* An object "counts". */
void adherence_write(struct json_writer *json, const struct adherence *adherence);

#endif
