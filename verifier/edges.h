/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the straight edges of a picture. */
#ifndef RW_VERIFIER_EDGES_H
#define RW_VERIFIER_EDGES_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "verifier/budget.h"
#include "verifier/vision_shapes.h"

/* Edges at least `length_min` pixels long, the strongest first. Adds to `segments`; what is beyond
 * its room, or behind the end of the budget, is left out. */
RW_MUST_USE bool edges_find(const struct picture *picture, float length_min, struct budget *budget,
                            struct rw_arena *arena, struct vision_segments *segments,
                            struct rw_error *err);

#endif
