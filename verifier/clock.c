/* SPDX-License-Identifier: Apache-2.0 */
/* Takes the places of modules from the clock tracks of a symbol. */
#include "verifier/clock.h"

#include <math.h>

#define PARTS 6         /* places in a module where an edge may lie */
#define EARLY 4         /* parts that the first edge may lie before its place */
#define NARROW 3        /* parts: the least width of a module … */
#define WIDE 11         /* … and the greatest */
#define UNEVEN 0.15F    /* what a width of none or of two modules costs: this part of a full edge */
#define STEADY_MIN 0.4F /* mean height of the edges that are followed, as part of the contrast */
#define WIDTHS (WIDE - NARROW + 1)
#define PLACES (SYMBOLOGY_SIDE_MAX * PARTS + 1)
#define VARIANCE_MIN 16.0F /* grey levels squared: below, there is no clock */

/* The light along one clock, sampled PARTS times a module, and the best way through its edges. */
struct track {
    int modules;
    int places; /* where an edge may lie: 0 … modules * PARTS */
    float rise[PLACES];
    float gain[2][PLACES];
    int8_t width[SYMBOLOGY_SIDE_MAX + 1][PLACES];
};

/* How much lighter it is behind each place than before it, as part of the contrast. */
static bool sample(const struct picture *picture, const struct grid *grid, bool across, int line,
                   struct track *track)
{
    const struct symbology *size = symbology_get(grid->size);
    struct grid_map map;
    float grey[PLACES + 1];
    float sum = 0;
    float squares = 0;
    int samples = track->places + 1;

    if (!grid_map_make(&grid->quad, &map))
        return false;
    for (int i = 0; i < samples; i++) {
        float along = ((float)i - 0.5F) / (float)track->places;
        float beside = ((float)line + 0.5F) / (float)(across ? size->rows : size->cols);
        grey[i] = grid_grey(picture, across ? grid_map_at(&map, along, 1 - beside)
                                            : grid_map_at(&map, beside, 1 - along));
        sum += grey[i];
        squares += grey[i] * grey[i];
    }
    float mean = sum / (float)samples;
    float variance = squares / (float)samples - mean * mean;
    if (variance < VARIANCE_MIN)
        return false;
    float by = 1 / (2 * sqrtf(variance)); /* of a clock, paper less ink is two sigmas */
    for (int i = 0; i < track->places; i++)
        track->rise[i] = (grey[i + 1 < samples ? i + 1 : i] - grey[i > 0 ? i - 1 : i]) * by;
    track->rise[track->places] = 0;
    return true;
}

/* The best sum of edges up to edge `edge` for each place of it; edges rise and fall in turn. */
static void extend(struct track *track, int edge, float sign)
{
    const float *before = track->gain[(edge + 1) % 2];
    float *gain = track->gain[edge % 2];

    for (int at = 0; at < track->places; at++) {
        gain[at] = -1e9F;
        for (int width = NARROW; width <= WIDE && width <= at; width++) {
            float uneven = (float)(width - PARTS) / PARTS;
            float sum = before[at - width] - UNEVEN * uneven * uneven;
            if (sum > gain[at]) {
                gain[at] = sum;
                track->width[edge][at] = (int8_t)width;
            }
        }
        gain[at] += sign * track->rise[at];
    }
}

/* Lays an edge between every two modules; the outer edges are those of the grid. `first` is the
 * sign of the first edge: +1 where the first module is dark. */
static bool follow(struct track *track, float first, float *ret_places)
{
    float edges[SYMBOLOGY_SIDE_MAX + 1];
    int last = track->modules - 1;
    int best = -1;

    for (int at = 0; at < track->places; at++)
        track->gain[0][at] = at <= EARLY ? 0 : -1e9F;
    for (int edge = 1; edge <= last; edge++)
        extend(track, edge, edge % 2 == 1 ? first : -first);
    const float *gain = track->gain[last % 2];
    for (int at = track->places - WIDE; at <= track->places - NARROW; at++)
        if (best < 0 || gain[at] > gain[best])
            best = at;
    if (gain[best] < STEADY_MIN * (float)last)
        return false;
    edges[0] = 0;
    edges[track->modules] = (float)track->modules;
    for (int edge = last; edge >= 1; edge--) {
        edges[edge] = (float)best / PARTS;
        best -= track->width[edge][best];
    }
    for (int i = 0; i < track->modules; i++)
        ret_places[i] = (edges[i] + edges[i + 1]) / 2;
    return true;
}

bool clock_follow(const struct picture *picture, const struct grid *grid, struct clock *ret_clock)
{
    const struct symbology *size = symbology_get(grid->size);
    int height = size->rows / size->regions_down;
    int width = size->cols / size->regions_across;
    struct track track;

    ret_clock->size = size;
    track.modules = size->cols;
    track.places = size->cols * PARTS;
    for (int i = 0; i < size->regions_down; i++)
        if (!sample(picture, grid, true, i * height, &track) ||
            !follow(&track, 1, ret_clock->columns[i]))
            return false;
    track.modules = size->rows;
    track.places = size->rows * PARTS;
    for (int i = 0; i < size->regions_across; i++)
        if (!sample(picture, grid, false, (i + 1) * width - 1, &track) ||
            !follow(&track, -1, ret_clock->rows[i]))
            return false;
    return true;
}

/* The part of the way from one clock to the next where a module lies; 0 before the first one. */
static float between(int at, int first, int each, int count, int *ret_clock)
{
    int clock = at < first ? 0 : (at - first) / each;
    *ret_clock = clock < count ? clock : count - 1;
    if (at < first || *ret_clock == count - 1)
        return 0;
    return (float)(at - first - clock * each) / (float)each;
}

static float place_in(const float places[CLOCK_REGIONS_MAX][SYMBOLOGY_SIDE_MAX], int clock,
                      float part, int at)
{
    float here = places[clock][at];
    return part > 0 ? here + part * (places[clock + 1][at] - here) : here;
}

void clock_place(const struct clock *clock, int row, int col, float *ret_x, float *ret_y)
{
    const struct symbology *size = clock->size;
    int height = size->rows / size->regions_down;
    int width = size->cols / size->regions_across;
    int inside_row = row < 0 ? 0 : row < size->rows ? row : size->rows - 1;
    int inside_col = col < 0 ? 0 : col < size->cols ? col : size->cols - 1;
    int of_columns = 0;
    int of_rows = 0;
    float down = between(inside_row, 0, height, size->regions_down, &of_columns);
    float across = between(inside_col, width - 1, width, size->regions_across, &of_rows);

    *ret_x = place_in(clock->columns, of_columns, down, inside_col) + (float)(col - inside_col);
    *ret_y = place_in(clock->rows, of_rows, across, inside_row) + (float)(row - inside_row);
}
