/* SPDX-License-Identifier: Apache-2.0 */
/* Proposes places of a picture where a symbol may be. */
#ifndef RW_VERIFIER_LOCATE_H
#define RW_VERIFIER_LOCATE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

#define LOCATE_CANDIDATES_MAX 512 /* of one picture and one source; the best are kept */

struct locate_candidate {
    struct picture_quad quad; /* corners in the order of a quad, but any of them may be the first */
    float promise;            /* how much it looks like a symbol: dark and textured all over */
};
struct locate_list {
    struct locate_candidate *candidates; /* the most promising first */
    size_t count;
};

/* Dark blobs that fill a rectangle. */
RW_MUST_USE bool locate_blobs(const struct picture *picture, struct rw_arena *arena,
                              struct locate_list *ret_list, struct rw_error *err);
/* The strongest texture of squares with this side. */
RW_MUST_USE bool locate_texture(const struct picture *picture, float side, struct rw_arena *arena,
                                struct locate_list *ret_list, struct rw_error *err);
/* Gates, sorts and thins out proposals. `contrast_min`: how much darker than its surroundings a
 * symbol must be, in grey levels. */
struct vision_rects;
RW_MUST_USE bool locate_select(const struct picture *picture, const struct vision_rects *rects,
                               float contrast_min, struct rw_arena *arena,
                               struct locate_list *ret_list, struct rw_error *err);
/* Pixels are looked at in copies that are no larger than this: how many times smaller. */
int locate_shrinking(const struct picture *picture);

#endif
