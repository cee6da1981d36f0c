/* SPDX-License-Identifier: Apache-2.0 */
/* Photographs rolls with known faults and counts what is accepted. */
#ifndef RW_TESTS_SUPPORT_JUDGING_H
#define RW_TESTS_SUPPORT_JUDGING_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "core/base/error.h"
#include "tests/support/faults.h"
#include "tests/support/photo.h"

struct judging_order {
    int64_t bags;
    uint64_t seed;
    enum photo_style style;
};

struct judging_tally {
    int64_t bags;
    int64_t passed;
    int64_t unsure;
    int64_t named; /* with a reason that says what the fault is */
};

/* Starts a decoder's processes: open it before any thread. */
struct judging;
RW_MUST_USE bool judging_open(const struct judging_order *order, struct judging **ret_judging,
                              struct rw_error *err);
void judging_close(struct judging *judging);
/* Invents a roll and its faults, photographs and judges it. Adds to `tallies`, of which the last
 * (FAULTS_MAX) is that of bags without a fault, and to `bags`. What is accepted wrongly, and good
 * bags that are not, are told on standard error. */
RW_MUST_USE bool judging_roll(struct judging *judging, uint64_t seed,
                              struct judging_tally tallies[FAULTS_MAX + 1], int64_t *bags,
                              struct rw_error *err);

#endif
