/* SPDX-License-Identifier: Apache-2.0 */
/* Lays tablets into a bag and paints them. */
#ifndef RW_TESTS_SUPPORT_TABLETS_H
#define RW_TESTS_SUPPORT_TABLETS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/random.h"
#include "core/model/bag.h"
#include "core/model/print.h"

#define TABLETS_MAX 64

struct tablets_colour {
    float red; /* reflectance, 0…1 */
    float green;
    float blue;
};

/* An ellipse seen from above; a half one ends at its longer axis. Millimetres in the bag. */
struct tablet {
    const char *product;
    float x_mm;
    float y_mm;
    float half_length_mm;
    float half_width_mm;
    float angle;
    bool half;
    bool under_text; /* no free place was left */
    struct tablets_colour colour;
};

/* As many as the bag holds, away from each other, never under the symbol, and away from the text
 * where there is room. Colour and size follow the look's words. */
int32_t tablets_lay(const struct bag *bag, const struct print *print, struct rw_random *random,
                    struct tablet ret_tablets[TABLETS_MAX]);
/* What lies at this place: changes the colour of the film behind, by tablet and by its shadow. */
void tablets_paint(const struct tablet *tablets, int32_t count, const float at_mm[2],
                   struct tablets_colour *colour);

#endif
