/* SPDX-License-Identifier: Apache-2.0 */
/* Measures of the film, printer and dispenser a roll is made for. */
#include "core/model/media.h"

#include <stddef.h>

#include "core/base/attributes.h"
#include "core/base/text.h"

#define UM_PER_INCH 25400
#define MODULE_UM_MIN 254 /* GS1 General Specifications, healthcare, smallest X-dimension */
#define MODULE_UM_AIM 330 /* five camera pixels a module at the line's optics */

/* Film of 70 by 60 mm is our own reference; its numbers are assumptions until a line is measured.
 */
static const struct media profiles[] = {
    { .name = "generic-70x60",
      .width_um = 70000,
      .height_um = 60000,
      .margin_um = 2500,
      .module_dots = 0,
      .pieces_max = 12,
      .lines_max = 8,
      .bags_max = 100,
      .leader_bags = 1,
      .trailer_bags = 1,
      .unverified = true },
};

const struct media *media_find(const char *name)
{
    for (size_t i = 0; i < RW_COUNT(profiles); i++) {
        if (rw_text_equal(profiles[i].name, name))
            return &profiles[i];
    }
    return NULL;
}

bool media_is_dpi(int32_t dpi)
{
    return dpi == 203 || dpi == 300 || dpi == 600;
}

int32_t media_um(int32_t dots, int32_t dpi)
{
    return (int32_t)(((int64_t)dots * UM_PER_INCH + dpi / 2) / dpi);
}

int32_t media_dots(int32_t um, int32_t dpi)
{
    return (int32_t)(((int64_t)um * dpi + UM_PER_INCH / 2) / UM_PER_INCH);
}

int32_t media_module_dots(const struct media *media, int32_t dpi)
{
    if (!media_is_dpi(dpi))
        return 0;
    int32_t dots = media->module_dots;
    for (int32_t n = 1; dots == 0 && n <= 16; n++) {
        if (media_um(n, dpi) >= MODULE_UM_AIM)
            dots = n;
    }
    return media_um(dots, dpi) >= MODULE_UM_MIN ? dots : 0;
}
