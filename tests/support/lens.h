/* SPDX-License-Identifier: Apache-2.0 */
/* What a lens and a sensor do to the light: blur, motion, noise, bytes. */
#ifndef RW_TESTS_SUPPORT_LENS_H
#define RW_TESTS_SUPPORT_LENS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define LENS_REACH 8 /* pixels that blur and motion together may carry light */

struct lens {
    int32_t width;
    int32_t height;
    int32_t channels;
    float blur_px;   /* sigma */
    float motion_px; /* down the frame */
};

/* In place. */
RW_MUST_USE bool lens_blur(const struct lens *lens, float *light, struct rw_arena *arena,
                           struct rw_error *err);
/* 0 … 1 to bytes, with the sensor's noise. */
void lens_develop(const struct lens *lens, const float *light, float noise, uint64_t seed,
                  uint8_t *bytes);

#endif
