/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the symbols of a roll's frames, one frame after the other. */
#ifndef RW_VERIFIER_LANE_H
#define RW_VERIFIER_LANE_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "core/model/print.h"
#include "core/model/roll.h"
#include "verifier/decode.h"
#include "verifier/reader.h"

/* Reading touches nothing that judging does, so threads with a lane and a decoder each may read
 * frames while another judges earlier ones. Where a picture shows the place of another symbol, as
 * far from one that was read as the roll's labels are long, that is looked at again. A lane
 * remembers nothing of a frame: what is read in one depends on it alone, whoever reads it. */
struct lane;

/* Everything is borrowed, `limits` copied; they may have no sizes: those that labels bear. */
struct lane_setup {
    const struct roll *roll;
    const struct expected_labels *labels; /* the port that draws a bag's label */
    struct reader_limits limits;
    struct decode *decode;
};

RW_MUST_USE bool lane_open(const struct lane_setup *setup, struct rw_arena *arena,
                           struct lane **ret_lane, struct rw_error *err);
RW_MUST_USE bool lane_read(struct lane *lane, const struct picture *picture, struct rw_arena *arena,
                           struct readings *ret_readings, struct rw_error *err);

#endif
