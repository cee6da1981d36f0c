/* SPDX-License-Identifier: Apache-2.0 */
/* Measures of the film, printer and dispenser a roll is made for. */
#include "core/model/media.h"

#include <stddef.h>

#include "core/base/attributes.h"
#include "core/base/text.h"

#define UM_PER_INCH 25400
#define MODULE_UM_MIN 254 /* GS1 General Specifications, healthcare, smallest X-dimension */
#define MODULE_UM_AIM 330 /* five camera pixels a module at the line's optics */

/* No maker publishes the measures of its film. Every number is our assumption, the same as that of
 * our own reference, but for the bags a dispenser takes; docs/MEDIA.md says where each is from. A
 * pharmacy that has measured gives its own with --media FILE. */
#define ASSUMED_FILM                                                                              \
    .width_um = 70000, .height_um = 60000, .margin_um = 2500, .module_dots = 0, .pieces_max = 12, \
    .volume_max_ul = 12000, .lines_max = 8, .leader_bags = 1, .trailer_bags = 1,                  \
    .unverified = MEDIA_ALL_MEASURES

static const struct media profiles[] = {
    { .name = "generic-70x60", ASSUMED_FILM, .bags_max = 100 },
    /* A list of somebody else says 70 to 80 bags: the least of them; and that a long press of the
     * button gives the next dose. How long before its time is not said: five hours are ours. */
    { .name = "medido", ASSUMED_FILM, .bags_max = 70, .early_min = 300 },
    /* Sets in a box and not a strip on a core; how many is not published: four moments of 14 days.
     */
    { .name = "spencer", ASSUMED_FILM, .bags_max = 56 },
    { .name = "cmed-plus", ASSUMED_FILM, .bags_max = 56 }, /* not published: the same */
};

const char *media_measure_word(enum media_measure measure)
{
    static const char *const words[MEDIA_MEASURE_COUNT] = {
        [MEDIA_WIDTH] = "width_um",     [MEDIA_HEIGHT] = "height_um",
        [MEDIA_MARGIN] = "margin_um",   [MEDIA_MODULE] = "module_dots",
        [MEDIA_PIECES] = "pieces_max",  [MEDIA_VOLUME] = "volume_max_ul",
        [MEDIA_LINES] = "lines_max",    [MEDIA_BAGS] = "bags_max",
        [MEDIA_LEADER] = "leader_bags", [MEDIA_TRAILER] = "trailer_bags",
    };
    return words[measure];
}

size_t media_count(void)
{
    return RW_COUNT(profiles);
}

const struct media *media_at(size_t index)
{
    return index < RW_COUNT(profiles) ? &profiles[index] : NULL;
}

const struct media *media_find(const char *name)
{
    for (size_t i = 0; i < RW_COUNT(profiles); i++) {
        if (rw_text_equal(profiles[i].name, name))
            return &profiles[i];
    }
    return NULL;
}

int32_t media_edge_um(const struct media *media, enum media_edge edge)
{
    return media->edges_um[edge] > 0 ? media->edges_um[edge] : media->margin_um;
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
