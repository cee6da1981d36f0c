/* SPDX-License-Identifier: Apache-2.0 */
/* Reads every symbol of a picture. */
#ifndef RW_VERIFIER_READER_H
#define RW_VERIFIER_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "verifier/decode.h"
#include "verifier/reading.h"

#define READER_READINGS_MAX 256    /* symbols of one picture */
#define READER_ATTEMPTS_MAX 100000 /* candidates of one picture */

struct readings {
    struct reading *readings;
    size_t count;
    int attempts;
    bool cut_short; /* the budget ended before the candidates did */
};

/* A symbol of few modules may be chance. A sure one has a frame that nothing else is like. */
enum reader_small { READER_SMALL_NONE, READER_SMALL_SURE, READER_SMALL_ALL };

struct reader_limits {
    const bool *sizes;            /* of SYMBOLOGY_COUNT: those looked for; NULL = all but small */
    enum reader_small small;      /* which of the small ones too */
    int attempts_max;             /* candidates that are tried; 0 = READER_ATTEMPTS_MAX */
    const struct rw_clock *clock; /* asked only when budget_ms > 0 */
    int64_t budget_ms;            /* 0 = no clock */
    bool thorough;                /* use every source, even where something was read */
};

/* What is prepared once for all pictures; lives in the arena it was opened in. */
struct reader;

RW_MUST_USE bool reader_open(struct decode *decode, struct rw_arena *arena,
                             struct reader **ret_reader, struct rw_error *err);
/* Nothing is ever corrected towards an expectation: a reading is what the symbol itself says. */
RW_MUST_USE bool reader_read(struct reader *reader, const struct picture *picture,
                             const struct reader_limits *limits, struct rw_arena *arena,
                             struct readings *ret_readings, struct rw_error *err);

#endif
