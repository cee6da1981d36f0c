/* SPDX-License-Identifier: Apache-2.0 */
/* Lays the module grid of a symbol over a picture. */
#ifndef RW_VERIFIER_GRID_H
#define RW_VERIFIER_GRID_H

#include <stdbool.h>

#include "core/model/picture.h"
#include "verifier/symbology.h"

#define GRID_SIDE_MIN 2 /* pixels */

/* Maps the unit square to a quad: (0,0) the corner of the L, (1,0) lower right, (0,1) upper left.
 */
struct grid_map {
    float h[9];
};

struct grid {
    struct picture_quad quad; /* the outer edge of the symbol */
    int size;                 /* of symbology_get */
    float score;              /* likeness of the frame, -1 … 1 */
};

/* False when the corners do not make a convex quad in the order of struct picture_quad. */
bool grid_map_make(const struct picture_quad *quad, struct grid_map *ret_map);
struct picture_point grid_map_at(const struct grid_map *map, float u, float v);
/* Grey at a place between pixels; beyond the edge the nearest pixel. The picture must have
 * GRID_SIDE_MIN pixels on each side. */
float grid_grey(const struct picture *picture, struct picture_point at);
/* The same at many places of a map at once. */
void grid_greys(const struct picture *picture, const struct grid_map *map, const float *u,
                const float *v, int count, float *ret_grey);

/* Shapes of quads. */
struct picture_quad grid_quad_turned(const struct picture_quad *quad, int quarters);
/* The same four corners with the arms of the L for each other; the corner of the L stays the first.
 * Of a symbol seen from behind, or printed in reverse, the first side still runs along the bottom
 * and the last up the left of the print, so in the picture they turn the other way. */
struct picture_quad grid_quad_mirrored(const struct picture_quad *quad);
bool grid_quad_is_mirrored(const struct picture_quad *quad);
/* Grown (or shrunk) by parts of its sides on each of its four edges: bottom, right, top, left. */
struct picture_quad grid_quad_grown(const struct picture_quad *quad, const float by[4]);
struct picture_point grid_quad_centre(const struct picture_quad *quad);
float grid_quad_width(const struct picture_quad *quad);  /* mean of bottom and top */
float grid_quad_height(const struct picture_quad *quad); /* mean of left and right */
/* Pixels of one module. */
float grid_module_px(const struct grid *grid);

#endif
