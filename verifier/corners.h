/* SPDX-License-Identifier: Apache-2.0 */
/* Proposes symbols by the two long edges of their L. */
#ifndef RW_VERIFIER_CORNERS_H
#define RW_VERIFIER_CORNERS_H

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "verifier/locate.h"

/* Needs no quiet zone: text or the rim of a thing may touch the symbol. */
RW_MUST_USE bool corners_find(const struct locate_levels *levels, int level, struct rw_arena *arena,
                              struct locate_list *ret_list, struct rw_error *err);
/* The same from the hulls of dark things: cheap, and modules of two pixels are enough, but nothing
 * may touch the L. */
RW_MUST_USE bool corners_of_hulls(const struct picture *picture, struct rw_arena *arena,
                                  struct locate_list *ret_list, struct rw_error *err);

#endif
