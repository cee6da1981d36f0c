/* SPDX-License-Identifier: Apache-2.0 */
/* Compares the sizes of a roll's labels with each other. */
#ifndef RW_VERIFIER_SIZE_H
#define RW_VERIFIER_SIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

/* How large a label was seen. A camera does not know how far the film is: one label alone tells
 * whether it is drawn out, and only the others of the roll whether it is too large. */
struct size {
    bool is_known;
    float scale;  /* pixels of the frame a micrometre */
    float aspect; /* scale across the film for that along it; 1 = as planned */
};

/* What a label's size is for the others of its roll. */
struct size_part {
    bool differs;
    float across; /* 1 = as they are */
    float along;
};

/* By the map of a label (micrometres -> pixels of the frame, row by row), in its middle. */
struct size size_of(const float to_frame[9], const int32_t label_um[2]);
/* Says for each whether it is another size than the rest. Where the sizes of all spread, as those
 * of a camera in the hand, only one drawn out is. */
RW_MUST_USE bool size_compare(const struct size *sizes, size_t count, struct rw_arena *arena,
                              struct size_part *ret_parts, struct rw_error *err);

#endif
