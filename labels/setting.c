/* SPDX-License-Identifier: Apache-2.0 */
/* Where software that makes a printer's dots of a PDF puts its letters. */
#include "labels/setting.h"

#include <math.h>
#include <stddef.h>

#define QUARTERS 4
#define HALVES 2
#define FIXED 256 /* steps of a dot in a number of Ghostscript's */

/* Found by comparing their dots with ours. */
static const struct setting settings[PRINT_LETTERS_COUNT] = {
    [PRINT_NEAREST] = { STAMP_TRACED, 0, 0, 0.5F, 0.5F }, /* cairo */
    [PRINT_BEFORE] = { STAMP_TRACED, 0, 0, 0, 0 },        /* poppler in black and white */
    [PRINT_QUARTERS] = { STAMP_TRACED, 32, 32, 0, 0 },    /* … and in grey, cut at the middle */
    [PRINT_PARTS] = { STAMP_TRACED, 24, 48, 0.5F, 0.5F }, /* MuPDF in grey */
    [PRINT_FITTED_PARTS] = { STAMP_UNTRACED, 24, 48, 0.5F, 0.5F }, /* … in black and white */
    /* Ghostscript, likewise */
    [PRINT_FITTED_BELOW] = { STAMP_UNTRACED, 0, 0, 0.5F, 0.5F, true, FIXED },
    [PRINT_FITTED_GREY] = { STAMP_TRACED_FITTED, 0, 0, 0.5F, 0.5F, true, FIXED },
};

const struct setting *setting_of(enum print_letters letters)
{
    return letters <= PRINT_OUTLINED ? NULL : &settings[letters];
}

int32_t setting_across(const struct setting *setting, double at, double em, uint8_t *ret_quarters)
{
    int32_t steps = em < setting->em_quarters ? QUARTERS : em < setting->em_halves ? HALVES : 1;
    double place = floor(at * steps + (double)setting->across) / steps;
    double dot = floor(place);
    /* Letters that are fitted to the dots keep to them. */
    *ret_quarters = setting->trace == STAMP_TRACED ? (uint8_t)lround((place - dot) * QUARTERS) : 0;
    return (int32_t)dot;
}

int32_t setting_down(const struct setting *setting, double at, double foot)
{
    return (int32_t)floor(at + (setting->from_foot ? foot : 0) + (double)setting->down);
}

double setting_lack(const struct setting *setting, double advance)
{
    int32_t steps = setting->advance_steps;
    return steps == 0 ? 0 : advance - floor(advance * steps) / steps;
}
