/* SPDX-License-Identifier: Apache-2.0 */
/* Reads frames and their symbols ahead, while earlier ones are judged. */
#ifndef RW_CLI_VERIFY_AHEAD_H
#define RW_CLI_VERIFY_AHEAD_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "verifier/frames.h"
#include "verifier/inspect.h"

/* One frame with what was read in it; both live until the next is taken. */
struct verify_ahead_frame {
    struct frames_frame frame;
    struct readings readings;
    struct rw_arena *arena; /* for judging it */
    bool end;
};

/* A thread of its own works on the frames in their order, a few ahead, so the answers are those of
 * one thread. `frames` and the inspection's reader belong to it until it is closed. */
struct verify_ahead;

RW_MUST_USE bool verify_ahead_open(struct frames *frames, struct inspect *inspect,
                                   struct rw_arena *arena, struct verify_ahead **ret_ahead,
                                   struct rw_error *err);
/* False with the fault of this frame; its name is set then too. */
RW_MUST_USE bool verify_ahead_next(struct verify_ahead *ahead,
                                   struct verify_ahead_frame **ret_frame, struct rw_error *err);
void verify_ahead_close(struct verify_ahead *ahead);

#endif
