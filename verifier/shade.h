/* SPDX-License-Identifier: Apache-2.0 */
/* The grey of a colour, and of what is transparent. */
#ifndef RW_VERIFIER_SHADE_H
#define RW_VERIFIER_SHADE_H

#include <stdint.h>

/* Weights of red, green and blue as in ITU-R BT.601: in 100,000ths, … */
#define SHADE_RED_PART 29900
#define SHADE_GREEN_PART 58700

/* … and in 256ths. */
static inline uint8_t shade_of_colour(int red, int green, int blue)
{
    return (uint8_t)((77 * red + 150 * green + 29 * blue + 128) >> 8);
}

/* What is behind a picture is taken as white paper. `opacity` 0 = nothing of the picture is seen.
 */
static inline uint8_t shade_on_paper(int grey, int opacity)
{
    return (uint8_t)((grey * opacity + 255 * (255 - opacity) + 127) / 255);
}

#endif
