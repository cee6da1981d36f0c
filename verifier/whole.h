/* SPDX-License-Identifier: Apache-2.0 */
/* Proposes all the ink of a picture as one symbol. */
#ifndef RW_VERIFIER_WHOLE_H
#define RW_VERIFIER_WHOLE_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

#define WHOLE_QUADS 5

/* A drawing, or a close cut from one, is its symbol and nothing else: edges that lie on the rim of
 * a picture are none. The place p of the framed picture is p * scale + offset in the given one. */
struct whole {
    struct picture framed;                  /* the ink with a light frame around */
    struct picture_quad quads[WHOLE_QUADS]; /* upright, then askew */
    int count;                              /* of quads; 0 = there is no ink */
    float scale;
    struct picture_point offset;
};

RW_MUST_USE bool whole_find(const struct picture *picture, struct rw_arena *arena,
                            struct whole *ret_whole, struct rw_error *err);
/* A quad of the framed picture as it lies in the given one. */
struct picture_quad whole_given_quad(const struct whole *whole, const struct picture_quad *quad);

#endif
