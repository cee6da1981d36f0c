/* SPDX-License-Identifier: Apache-2.0 */
/* Lays a grid onto the edges of a symbol whose modules are known. */
#include "verifier/seat.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "verifier/symbology.h"

#define PASSES 4
#define REACH 0.4F    /* modules to each side of an edge that are looked at */
#define PLACES 7      /* looked at across an edge */
#define STEP_MIN 12   /* grey levels from dark to light: less is no edge */
#define EDGES_MIN 24  /* fewer say nothing of four corners */
#define DONE_AT 0.01F /* modules: nearer is not worth another pass */
#define TERMS 4       /* a shift changes over the symbol as 1, u, v and u * v */

/* How far edges lie from where the grid has them, in modules, as a sum of four terms that hardly
 * depend on each other: each is found by itself, and what they share goes in the next pass. */
struct drift {
    float sums[TERMS];
    float squares[TERMS];
    int count;
};
struct seat {
    const struct picture *picture;
    const struct symbology *size;
    const uint8_t *dark;
    struct grid_map map;
};

static void find_terms(float u, float v, float ret_terms[TERMS])
{
    ret_terms[0] = 1;
    ret_terms[1] = 2 * u - 1;
    ret_terms[2] = 2 * v - 1;
    ret_terms[3] = ret_terms[1] * ret_terms[2];
}

static bool is_dark(const struct seat *seat, int row, int col)
{
    bool inside = row >= 0 && col >= 0 && row < seat->size->rows && col < seat->size->cols;
    return inside && seat->dark[row * seat->size->cols + col] != 0;
}

static float grey_at(const struct seat *seat, float row, float col)
{
    float u = col / (float)seat->size->cols;
    float v = 1 - row / (float)seat->size->rows;
    return grid_grey(seat->picture, grid_map_at(&seat->map, u, v));
}

/* The edge towards the next module, to the right or below: of the modules' whole way that much is
 * like the first as the edge lies behind. */
static void look_at_edge(const struct seat *seat, int row, int col, bool below, struct drift *drift)
{
    float across = below ? 0 : 1;
    float down = below ? 1 : 0;
    float first = grey_at(seat, (float)row + 0.5F, (float)col + 0.5F);
    float second = grey_at(seat, (float)row + 0.5F + down, (float)col + 0.5F + across);
    float edge_row = (float)row + 0.5F + 0.5F * down;
    float edge_col = (float)col + 0.5F + 0.5F * across;
    float step = is_dark(seat, row, col) ? second - first : first - second;
    float mean = 0;
    float terms[TERMS];

    if (step < STEP_MIN)
        return;
    for (int i = 0; i < PLACES; i++) {
        float by = REACH * (float)(2 * i - (PLACES - 1)) / (PLACES - 1);
        mean += grey_at(seat, edge_row + by * down, edge_col + by * across) / PLACES;
    }
    float share = fminf(fmaxf((mean - first) / (second - first), 0), 1); /* of the second */
    float behind = REACH * (1 - 2 * share);
    find_terms(edge_col / (float)seat->size->cols, 1 - edge_row / (float)seat->size->rows, terms);
    for (int i = 0; i < TERMS; i++) {
        drift->sums[i] += behind * terms[i];
        drift->squares[i] += terms[i] * terms[i];
    }
    drift->count++;
}

static void look_at_edges(const struct seat *seat, bool below, struct drift *drift)
{
    int first_row = below ? -1 : 0;
    int first_col = below ? 0 : -1;
    for (int row = first_row; row < seat->size->rows; row++)
        for (int col = first_col; col < seat->size->cols; col++) {
            int next_row = below ? row + 1 : row;
            int next_col = below ? col : col + 1;
            if (is_dark(seat, row, col) != is_dark(seat, next_row, next_col))
                look_at_edge(seat, row, col, below, drift);
        }
}

static float shift_at(const struct drift *drift, float u, float v)
{
    float terms[TERMS];
    float shift = 0;
    find_terms(u, v, terms);
    for (int i = 0; i < TERMS; i++)
        shift += terms[i] * drift->sums[i] / drift->squares[i];
    return shift;
}

/* The farthest that a corner moved, in modules; 0 = nothing was done. */
static float move_corners(const struct seat *seat, struct grid *grid)
{
    static const float corner[4][2] = { { 0, 0 }, { 1, 0 }, { 1, 1 }, { 0, 1 } };
    struct drift right = { 0 };
    struct drift below = { 0 };
    float farthest = 0;

    look_at_edges(seat, false, &right);
    look_at_edges(seat, true, &below);
    if (right.count < EDGES_MIN || below.count < EDGES_MIN)
        return 0;
    for (int i = 0; i < 4; i++) {
        float u = corner[i][0];
        float v = corner[i][1];
        float by_u = shift_at(&right, u, v);
        float by_v = -shift_at(&below, u, v); /* rows count downwards */
        farthest = fmaxf(farthest, hypotf(by_u, by_v));
        grid->quad.corner[i] = grid_map_at(&seat->map, u + by_u / (float)seat->size->cols,
                                           v + by_v / (float)seat->size->rows);
    }
    return farthest;
}

void seat_grid(const struct picture *picture, const uint8_t *dark, struct grid *grid)
{
    struct seat seat = { .picture = picture, .size = symbology_get(grid->size), .dark = dark };
    float moved = 1;
    for (int i = 0; i < PASSES && moved > DONE_AT && grid_map_make(&grid->quad, &seat.map); i++)
        moved = move_corners(&seat, grid);
}
