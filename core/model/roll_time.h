/* SPDX-License-Identifier: Apache-2.0 */
/* The times of day at which a client takes one product of a roll. */
#ifndef RW_CORE_MODEL_ROLL_TIME_H
#define RW_CORE_MODEL_ROLL_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "core/base/date.h"
#include "core/base/zone.h"

#define ROLL_TIMES_MAX 32 /* of one product: times of day, and amounts at one of them */

/* One time of day at which one amount is taken. */
struct roll_time {
    int32_t minute;
    int64_t milli;    /* of one such time */
    int32_t days;     /* on how many days */
    uint8_t weekdays; /* on which; bit 0 = Monday */
};
struct roll_times {
    struct roll_time *list; /* room for ROLL_TIMES_MAX; by minute, then by amount */
    size_t count;
};

/* Counts one intake; false when there are more times than fit, and then nothing is counted. */
RW_MUST_USE bool roll_time_add(struct roll_times *times, struct rw_wall wall, int64_t milli);

#endif
