/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what the photographer is asked for. */
#ifndef RW_TESTS_SUPPORT_PHOTOGRAPH_OPTIONS_H
#define RW_TESTS_SUPPORT_PHOTOGRAPH_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/roll.h"
#include "tests/support/faults.h"
#include "tests/support/photo.h"

#define PHOTOGRAPH_CHANGES_MAX 64

/* What is done to the bag with this number. `other` is a bag of another roll in its place. */
struct photograph_change {
    int32_t n;
    struct fault fault;
    struct roll *other;
    int32_t other_n;
};

struct photograph_options {
    const char *roll_path;
    const char *folder;
    const char *video; /* NULL: single pictures */
    int64_t seed;
    int64_t one_in;  /* 0: only the faults that are named */
    int64_t quality; /* of JPEG; 0: PNG */
    int64_t width;   /* pixels; 0: as the look has it */
    int64_t height;
    int64_t scale; /* pixels a millimetre; 0: as the look has it */
    enum photo_style style;
    bool without_tablets;
    bool hesitate;             /* the strip of a video stops and goes back */
    struct roll *strangers[2]; /* --other, at most two */
    size_t stranger_count;
    struct photograph_change changes[PHOTOGRAPH_CHANGES_MAX];
    size_t change_count;
    struct roll *roll;
};

extern const char photograph_options_usage[];
/* Everything it reads lives in the arena. */
RW_MUST_USE bool photograph_options_read(struct photograph_options *options, int argc, char **argv,
                                         struct rw_arena *arena, struct rw_error *err);

#endif
