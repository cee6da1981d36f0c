/* SPDX-License-Identifier: Apache-2.0 */
/* How a line's camera and light turn reflectance into grey. */
#ifndef RW_CORE_MODEL_LIGHT_H
#define RW_CORE_MODEL_LIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "core/base/error.h"

#define LIGHT_SPOTS_MAX 256 /* of one measurement */

/* Made from pictures of the test roll, whose film and black print somebody measured with an
 * instrument: two known reflectances. All are thousandths: of a grey level, or of full reflectance.
 * The grey of film is that at the middle of the frame, and may slope over it. */
struct light {
    int32_t frame_width; /* pixels; frames of another size were not taken under this light */
    int32_t frame_height;
    int32_t film_grey_milli;
    int32_t film_across_milli; /* what it gains from the left edge to the right … */
    int32_t film_down_milli;   /* … and from the upper to the lower */
    int32_t black_grey_milli;  /* at the middle */
    int32_t film_reflectance_milli;
    int32_t black_reflectance_milli;
};

/* Film and black print as seen at one place. */
struct light_spot {
    float x; /* pixels */
    float y;
    float film; /* grey levels */
    float black;
};

/* From three spots or more that lie in no line; RW_INVALID where they say nothing. `light` has the
 * frame's size and the reflectances. */
RW_MUST_USE bool light_fit(struct light *light, const struct light_spot *spots, size_t count,
                           struct rw_error *err);
/* Is what it says possible? */
RW_MUST_USE bool light_check(const struct light *light, struct rw_error *err);
/* The reflectance of a place, 1 = all light comes back. */
float light_reflectance(const struct light *light, float x, float y, float grey);

#endif
