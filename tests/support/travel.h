/* SPDX-License-Identifier: Apache-2.0 */
/* How a strip runs past a camera: speed, stops, ways back. */
#ifndef RW_TESTS_SUPPORT_TRAVEL_H
#define RW_TESTS_SUPPORT_TRAVEL_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/random.h"
#include "core/model/roll.h"

#define TRAVEL_FRAMES_MAX 4096
#define TRAVEL_SHEETS_MAX 5

struct travel {
    float along_mm[TRAVEL_FRAMES_MAX]; /* of each frame's middle, from the upper cut of the first */
    size_t count;
    size_t sheets;
    float height_mm; /* of one bag */
};

/* The bags near a frame, and where its middle lies from the upper cut of the first of them. */
struct travel_window {
    size_t first;
    size_t count;
    float along_mm;
};

/* From before the first bag to behind the last of `sheets`, about four frames a bag. */
RW_MUST_USE bool travel_plan(const struct roll *roll, size_t sheets, bool hesitate,
                             struct rw_random *random, struct travel *ret_travel,
                             struct rw_error *err);
struct travel_window travel_window_at(const struct travel *travel, size_t frame);

#endif
