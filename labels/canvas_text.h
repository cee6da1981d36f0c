/* SPDX-License-Identifier: Apache-2.0 */
/* What a line of text looks like and how much room it takes. */
#ifndef RW_LABELS_CANVAS_TEXT_H
#define RW_LABELS_CANVAS_TEXT_H

#include <stdint.h>

enum canvas_weight { CANVAS_REGULAR, CANVAS_BOLD, CANVAS_WEIGHT_COUNT };

/* `size_um` is the em square; capitals of Noto Sans are 0.714 of it. */
struct canvas_style {
    int32_t size_um;
    enum canvas_weight weight;
};

/* Of one line of text, micrometres from its origin (left end of its baseline), y downward. */
struct canvas_extent {
    int32_t advance_um;
    int32_t ink_x_um; /* of the box around the ink */
    int32_t ink_y_um; /* negative: above the baseline */
    int32_t ink_width_um;
    int32_t ink_height_um;
};

#endif
