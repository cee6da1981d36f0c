/* SPDX-License-Identifier: Apache-2.0 */
/* Finds film and black print on a picture of the test roll. */
#ifndef RW_VERIFIER_CHART_H
#define RW_VERIFIER_CHART_H

#include <stddef.h>

#include "core/model/light.h"
#include "core/model/picture.h"
#include "verifier/modules.h"
#include "verifier/reader.h"

/* A spot for each code of the test roll (roll number 000000000): the L is black, the quiet zone is
 * film. `modules` is scratch space; `ret_spots` has room for LIGHT_SPOTS_MAX, of which `count` are
 * taken; gives how many there are then. */
size_t chart_spots(const struct picture *picture, const struct readings *readings,
                   struct modules *modules, struct light_spot *ret_spots, size_t count);

#endif
