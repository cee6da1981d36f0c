/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the clock times and the amount that some wordings name. */
#ifndef RW_ROLL_BUILDER_TEXT_CLAIM_H
#define RW_ROLL_BUILDER_TEXT_CLAIM_H

#include <stddef.h>
#include <stdint.h>

#define TEXT_CLAIM_TIMES_MAX 24

/* "elke dag om 08:00 en 20:00 1,5 stuk". What is not named, or named in two ways, is absent. */
struct text_claim {
    int32_t minutes[TEXT_CLAIM_TIMES_MAX]; /* of the day, as written */
    size_t minute_count;
    int64_t dose_milli; /* 0 = absent */
};

void text_claim_find(const char *text, struct text_claim *ret_claim);

#endif
