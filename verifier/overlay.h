/* SPDX-License-Identifier: Apache-2.0 */
/* Draws what was found over a bag's picture, for a person. */
#ifndef RW_VERIFIER_OVERLAY_H
#define RW_VERIFIER_OVERLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "core/model/verdict.h"
#include "verifier/size.h"

/* Keeps the label turned upright as the frame shows it, by a map from micrometres on the label to
 * pixels of the frame; `size_um` is that of the label. The picture's pixels are made in `run` the
 * first time and used again after; `arena` is that of the frame. */
RW_MUST_USE bool overlay_keep(const struct picture *frame, const float to_frame[9],
                              const int32_t size_um[2], struct rw_arena *arena,
                              struct rw_arena *run, struct picture *picture, struct rw_error *err);
/* Does it help a person to see what was planned beside it? */
bool overlay_compares(const struct verdict_bag *bag, const struct size_part *part);
/* A copy of such a picture, dimmed but for a frame around each defect, so that the eye goes there.
 * Below it stands the label as `planned` (any size), with the same frames: what should be there;
 * with NULL there is the picture alone. A label that was seen from behind is a mirror image. One of
 * another size than planned is as large as it was seen, within a frame of the planned size: it
 * leaves some of it empty, or runs out of it. */
RW_MUST_USE bool overlay_draw(const struct verdict_bag *bag, const struct size_part *part,
                              const struct picture *planned, struct rw_arena *arena,
                              struct picture *picture, struct rw_error *err);

#endif
