/* SPDX-License-Identifier: Apache-2.0 */
/* Lays a grid onto the edges of a symbol whose modules are known. */
#ifndef RW_VERIFIER_SEAT_H
#define RW_VERIFIER_SEAT_H

#include <stdint.h>

#include "core/model/picture.h"
#include "verifier/grid.h"

/* Moves the corners by parts of a module until the edges between dark and light modules lie, on the
 * whole, where they were found. What the reader needs no better would cost a grade marks that the
 * print deserves. `dark` is that of codewords_draw. Ink that spread moves the two edges of a
 * module apart, and so no corner. Where hardly an edge is seen the grid stays. */
void seat_grid(const struct picture *picture, const uint8_t *dark, struct grid *grid);

#endif
