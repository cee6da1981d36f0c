/* SPDX-License-Identifier: Apache-2.0 */
/* Film that is no plane, and a lens that bends straight lines. */
#ifndef RW_TESTS_SUPPORT_RIPPLE_H
#define RW_TESTS_SUPPORT_RIPPLE_H

#include <stdint.h>

#include "core/base/random.h"

/* All 0: flat film and a perfect lens. */
struct ripple {
    float high_mm;   /* how far a wave carries a place aside */
    float per_mm[2]; /* radians of a wave a millimetre, along and across */
    float phase[2];  /* radians */
    float barrel;    /* part by which the corner of the frame is moved outwards */
};

struct ripple ripple_make(struct rw_random *random);
/* A place of the strip (millimetres) as flat film would have it -> what lies there. */
void ripple_film(const struct ripple *ripple, float at_mm[2]);
/* A pixel of the frame -> where it would be with a perfect lens. */
void ripple_lens(const struct ripple *ripple, const int32_t size[2], float at[2]);
/* The other ways, to a fiftieth of the ripple. */
void ripple_film_back(const struct ripple *ripple, float at_mm[2]);
void ripple_lens_back(const struct ripple *ripple, const int32_t size[2], float at[2]);

#endif
