/* SPDX-License-Identifier: Apache-2.0 */
/* Photographs a bag for tests, straight from above and a little soft. */
#ifndef RW_TESTS_UNIT_VERIFIER_SNAPSHOT_H
#define RW_TESTS_UNIT_VERIFIER_SNAPSHOT_H

#include <stddef.h>

#include "core/model/picture.h"
#include "core/model/print.h"
#include "core/model/roll.h"
#include "verifier/proof.h"

#define SNAPSHOT_PX_PER_MM 14
#define SNAPSHOT_FILM 230 /* grey of the film without print */
#define SNAPSHOT_INK 40

/* What was printed may differ from the roll's bag. All of it lives until the sample desk closes. */
struct snapshot {
    struct roll *roll;
    size_t at; /* of the bag, in the roll */
    struct bag printed;
    struct proof_way way;
    struct picture frame;
    struct picture_quad symbol;
};

/* The second bag of a roll, not yet photographed. */
struct snapshot snapshot_make(enum print_letters letters);
/* Prints and photographs the bag; gives where its fields lie. */
struct print snapshot_take(struct snapshot *snapshot);
/* Micrometres on the label in pixels of the frame. */
float snapshot_at(int32_t um);

#endif
