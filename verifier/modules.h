/* SPDX-License-Identifier: Apache-2.0 */
/* Takes the grey of every module and calls it dark or light. */
#ifndef RW_VERIFIER_MODULES_H
#define RW_VERIFIER_MODULES_H

#include <stdint.h>

#include "core/model/picture.h"
#include "verifier/clock.h"
#include "verifier/grid.h"
#include "verifier/symbology.h"

#define MODULES_ROOM ((SYMBOLOGY_SIDE_MAX + 2) * (SYMBOLOGY_SIDE_MAX + 2))
#define MODULES_BLOCKS_MAX 8 /* of the mesh, along one side */

/* Small shifts of parts of the grid, in modules: film is no plane. */
struct modules_mesh {
    int down;
    int across;
    float shift_u[MODULES_BLOCKS_MAX * MODULES_BLOCKS_MAX];
    float shift_v[MODULES_BLOCKS_MAX * MODULES_BLOCKS_MAX];
};

/* Row by row with one ring of the quiet zone around: (rows + 2) * (cols + 2). */
struct modules {
    const struct symbology *size;
    float grey[MODULES_ROOM];
    int8_t wanted[MODULES_ROOM]; /* what the frame wants: 1 = dark, 0 = light, -1 = nothing */
};

/* One way of calling modules dark. */
struct modules_way {
    float sharpen; /* how much of the neighbours' light is taken off */
    float surface; /* modules over which paper and ink may change; 0 = one threshold */
};
extern const struct modules_way modules_ways[];
extern const int modules_way_count;

/* `mesh` may be NULL. */
void modules_sample(const struct picture *picture, const struct grid *grid,
                    const struct modules_mesh *mesh, struct modules *ret);
/* Takes each module from where the clocks say that it lies. */
void modules_sample_clock(const struct picture *picture, const struct grid *grid,
                          const struct clock *clock, struct modules *ret);
/* Finds the mesh under which the modules differ most from each other. */
void modules_fit_mesh(const struct picture *picture, const struct grid *grid,
                      struct modules_mesh *ret_mesh);
/* A byte for each module without the ring: 1 = dark. */
void modules_threshold(const struct modules *modules, const struct modules_way *way,
                       uint8_t *ret_dark);
/* The part of the data that is darker than half-way between the frame's light and dark modules; a
 * first impression, from some of them. */
float modules_dark_share(const struct picture *picture, const struct grid *grid);
/* The part of the frame's modules that came out as the frame wants them, 0 … 1. */
float modules_frame_likeness(const struct modules *modules, const uint8_t *dark);

#endif
