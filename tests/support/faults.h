/* SPDX-License-Identifier: Apache-2.0 */
/* Chooses from a seed what goes wrong with which bag of a roll. */
#ifndef RW_TESTS_SUPPORT_FAULTS_H
#define RW_TESTS_SUPPORT_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/random.h"
#include "core/model/roll.h"
#include "tests/support/damage.h"

enum fault_kind {
    FAULT_NONE,
    FAULT_SWAPPED, /* this bag and the next changed places */
    FAULT_MISSING,
    FAULT_DOUBLED,      /* lies in the film twice */
    FAULT_FOREIGN,      /* a bag of another roll of the same client lies in its place */
    FAULT_OTHER_CLIENT, /* … of another client */
    FAULT_SUPERSEDED,   /* … one that was made again since */
    /* From here on the code is the planned one and the print says something else. One letter or
     * digit differs, half of the time one that looks much like it. */
    FAULT_NAME,
    FAULT_BORN,
    FAULT_DATE,
    FAULT_TIME,
    FAULT_DRUG,
    FAULT_STRENGTH,
    FAULT_COUNT,
    FAULT_DAMAGED,
    FAULT_KIND_COUNT
};

struct fault {
    enum fault_kind kind;
    enum damage_kind damage; /* of FAULT_DAMAGED */
};

/* Every fault once, damages one by one; NULL-like (kind NONE) behind the last. */
#define FAULTS_MAX (FAULT_KIND_COUNT - 2 + DAMAGE_KIND_COUNT - 1)
struct fault faults_at(size_t index);
const char *fault_word(struct fault fault);
bool fault_from_word(const char *word, struct fault *ret_fault);

/* One thing in the film: what is printed on it and how it was spoilt. */
struct faults_shot {
    const struct roll *roll; /* as printed */
    const struct bag *bag;
    struct fault fault;
    size_t index; /* of the planned bag whose place it is */
};

/* What bags of other rolls are taken from; a NULL one is never chosen. */
struct faults_strangers {
    const struct roll *same_client;
    const struct roll *other_client;
    const struct roll *superseded; /* bags of the roll itself under serials that it has no more */
};

/* The film of a roll, `faults[i]` done to bag i; `ret_shots` has room for twice the bags. False
 * with RW_NOT_FOUND where a bag has nothing that this fault could change. */
RW_MUST_USE bool faults_film(const struct roll *roll, const struct fault *faults,
                             const struct faults_strangers *strangers, struct rw_random *random,
                             struct rw_arena *arena, struct faults_shot *ret_shots,
                             size_t *ret_count, struct rw_error *err);
/* Draws a fault for every `one_in`-th bag or so, all kinds alike, never two next to each other. */
void faults_draw(const struct roll *roll, const struct faults_strangers *strangers, uint64_t one_in,
                 struct rw_random *random, struct fault *ret_faults);

#endif
