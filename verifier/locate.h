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
#include "verifier/budget.h"

#define LOCATE_LEVELS 4
#define LOCATE_CANDIDATES_MAX 512 /* of one picture and one source; the best are kept */

struct locate_candidate {
    struct picture_quad quad; /* corners in the order of a quad, but any of them may be the first */
    float promise;            /* how much it looks like a symbol: textured all over */
    bool is_light;            /* than what is around it */
};
struct locate_list {
    struct locate_candidate *candidates; /* the most promising first */
    size_t count;
    bool is_part; /* there was more to look at than there is room for */
};

/* Smaller and smaller copies, each half as wide as the one before; the first may be the picture. */
struct locate_levels {
    const struct picture *picture;
    struct picture small[LOCATE_LEVELS];
    int by[LOCATE_LEVELS]; /* how many times smaller */
    int count;
    struct budget *budget; /* of the search in them; where it ends, the rest is left; NULL = none */
};

/* The first copy is the picture or half of it, each further one half as wide. */
RW_MUST_USE bool locate_levels_make(const struct picture *picture, struct rw_arena *arena,
                                    struct locate_levels *ret_levels, struct rw_error *err);
/* Dark blobs that fill a rectangle. */
RW_MUST_USE bool locate_blobs(const struct locate_levels *levels, struct rw_arena *arena,
                              struct locate_list *ret_list, struct rw_error *err);
/* What a place must show to be tried at all: most are text, hair or the edge of a thing. */
struct locate_gate {
    float contrast_min;     /* darker than its surroundings, or lighter, in grey levels */
    float rough_min;        /* change from point to point, by what all points differ … */
    float rough_within_min; /* … or by what those near each other differ: one of the two */
    float even_min;         /* variance of its evenest part, as a part of that of all parts */
};
extern const struct locate_gate locate_outlines; /* for places found by what they enclose … */
extern const struct locate_gate locate_edges;    /* … and by two edges, whatever lies beside */

/* Gates, sorts and thins out proposals. */
struct vision_rects;
RW_MUST_USE bool locate_select(const struct picture *picture, const struct vision_rects *rects,
                               const struct locate_gate *gate, struct rw_arena *arena,
                               struct locate_list *ret_list, struct rw_error *err);
/* May print that is dark in this quad be a symbol? */
bool locate_may_be(const struct picture *picture, const struct picture_quad *quad,
                   const struct locate_gate *gate);

#endif
