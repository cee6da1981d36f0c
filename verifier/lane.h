/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the symbols of a roll's frames, one frame after the other. */
#ifndef RW_VERIFIER_LANE_H
#define RW_VERIFIER_LANE_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "verifier/decode.h"
#include "verifier/match.h"
#include "verifier/reader.h"

/* Reading touches nothing that judging does, so threads with a lane and a decoder each may read
 * frames while another judges earlier ones. A lane remembers how large the symbols are,
 * and how far apart: where a picture shows the place of another one, that is looked at again. */
struct lane;

/* `limits` may have no sizes: those that labels bear. What is given is borrowed, `limits` copied.
 */
RW_MUST_USE bool lane_open(const struct match_plan *plan, const struct reader_limits *limits,
                           struct decode *decode, struct rw_arena *arena, struct lane **ret_lane,
                           struct rw_error *err);
RW_MUST_USE bool lane_read(struct lane *lane, const struct picture *picture, struct rw_arena *arena,
                           struct readings *ret_readings, struct rw_error *err);

#endif
