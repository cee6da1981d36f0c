/* SPDX-License-Identifier: Apache-2.0 */
/* Reads frames and their symbols ahead, while earlier ones are judged. */
#ifndef RW_CLI_VERIFY_AHEAD_H
#define RW_CLI_VERIFY_AHEAD_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "verifier/frames.h"
#include "verifier/lane.h"

/* One frame with what was read in it; both live until the next is taken. */
struct verify_ahead_frame {
    struct frames_frame frame;
    struct readings readings;
    struct rw_arena *arena; /* for judging it */
    bool end;
};

#define VERIFY_AHEAD_LANES 2 /* threads that read */

/* Threads take the frames by turns, a few ahead of what is judged. Each reads every so many-th
 * frame with a lane of its own, so the answers do not depend on which is faster. `frames` and the
 * lanes belong to them until it is closed. */
struct verify_ahead;

RW_MUST_USE bool verify_ahead_open(struct frames *frames,
                                   struct lane *const lanes[VERIFY_AHEAD_LANES],
                                   struct rw_arena *arena, struct verify_ahead **ret_ahead,
                                   struct rw_error *err);
/* False with the fault of this frame; its name is set then too. */
RW_MUST_USE bool verify_ahead_next(struct verify_ahead *ahead,
                                   struct verify_ahead_frame **ret_frame, struct rw_error *err);
void verify_ahead_close(struct verify_ahead *ahead);

#endif
