/* SPDX-License-Identifier: Apache-2.0 */
/* Draws what was found over a bag's picture, for a person. */
#ifndef RW_VERIFIER_OVERLAY_H
#define RW_VERIFIER_OVERLAY_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "core/model/verdict.h"
#include "verifier/inspect.h"

/* The label turned upright as the camera saw it, a frame around each defect. The size of the label
 * is in micrometres. */
RW_MUST_USE bool overlay_draw(const struct picture *frame, const struct inspect_view *view,
                              const struct verdict_bag *bag, const int32_t size_um[2],
                              struct rw_arena *arena, struct picture *ret_picture,
                              struct rw_error *err);

#endif
