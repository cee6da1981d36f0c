/* SPDX-License-Identifier: Apache-2.0 */
/* Puts what frames show in the order in which the film passes. */
#include "verifier/along.h"

#include <stdlib.h>

static int by_place(const void *left, const void *right)
{
    const struct sequence_sighting *first = left;
    const struct sequence_sighting *second = right;
    if (first->frame != second->frame)
        return first->frame < second->frame ? -1 : 1;
    return (first->along > second->along) - (first->along < second->along);
}

static int sign(double number)
{
    return (number > 0) - (number < 0);
}

/* Does the order inside the frames run against the order of the frames? */
static bool is_upside_down(const struct sequence_sighting *sightings, size_t count)
{
    int inside = 0;
    int between = 0;
    double last_mean = -1;
    size_t end = 0;

    for (size_t start = 0; start < count; start = end) {
        double sum = 0;
        int bags = 0;
        int32_t last = -1;
        for (end = start; end < count && sightings[end].frame == sightings[start].frame; end++) {
            int32_t bag = sightings[end].bag;
            if (bag < 0)
                continue;
            inside += last < 0 ? 0 : sign((double)bag - last);
            last = bag;
            sum += bag;
            bags++;
        }
        if (bags == 0)
            continue;
        between += last_mean < 0 ? 0 : sign(sum / bags - last_mean);
        last_mean = sum / bags;
    }
    return sign(inside) * sign(between) < 0;
}

void along_sort(struct sequence_sighting *sightings, size_t count)
{
    if (count == 0) /* nothing was seen: there is no list to sort either */
        return;
    qsort(sightings, count, sizeof *sightings, by_place);
    if (!is_upside_down(sightings, count))
        return;
    for (size_t i = 0; i < count; i++)
        sightings[i].along = -sightings[i].along;
    qsort(sightings, count, sizeof *sightings, by_place);
}
