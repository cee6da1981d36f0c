/* SPDX-License-Identifier: Apache-2.0 */
/* Where film that is no plane carries the print on it. */
#ifndef RW_VERIFIER_BEND_H
#define RW_VERIFIER_BEND_H

#include <stddef.h>

#include "core/model/picture.h"

#define BEND_PIECES_MAX 512 /* as many as pieces of text are looked for */

/* Pieces of text, and how far each was seen from where a plane would put it; in micrometres. */
struct bend_piece {
    struct picture_point at;
    struct picture_point moved;
};
struct bend {
    struct bend_piece pieces[BEND_PIECES_MAX];
    size_t count;
};

/* Adds a piece, unless it lies so far off that it is something else. */
void bend_add(struct bend *bend, struct picture_point at, struct picture_point moved);
/* How far film carries what is printed here: as its neighbours, and less the farther they are. */
struct picture_point bend_at(const struct bend *bend, float x_um, float y_um);

#endif
