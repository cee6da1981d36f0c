/* SPDX-License-Identifier: Apache-2.0 */
/* Finds in the frames which roll lies on the line. */
#ifndef RW_CLI_VERIFY_NUMBER_H
#define RW_CLI_VERIFY_NUMBER_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/roll.h"
#include "verifier/decode.h"
#include "verifier/frames.h"

/* What it works with; `frame` is reset for each. */
struct verify_number_desk {
    struct frames *frames;
    struct decode *decode;
    struct rw_arena *run;
    struct rw_arena *frame;
};

/* The first code of ours; "" when the frames end before. What was looked at and bears a symbol is
 * held, so that the frames give it again. */
RW_MUST_USE bool verify_number_find(const struct verify_number_desk *desk,
                                    char ret_number[ROLL_NUMBER_MAX], struct rw_error *err);

#endif
