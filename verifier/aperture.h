/* SPDX-License-Identifier: Apache-2.0 */
/* Sees the modules of a symbol through a round aperture. */
#ifndef RW_VERIFIER_APERTURE_H
#define RW_VERIFIER_APERTURE_H

#include "core/model/light.h"
#include "core/model/picture.h"
#include "verifier/grid.h"
#include "verifier/modules.h"

/* The reflectance of each module and of the ring around, 0 … 1, in place of its grey: the mean over
 * a disc whose diameter is this part of a module. Without a light that is known, white is 1. */
void aperture_sample(const struct picture *picture, const struct grid *grid, float part,
                     const struct light *light, struct modules *ret_modules);

#endif
