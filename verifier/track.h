/* SPDX-License-Identifier: Apache-2.0 */
/* Counts the modules of a symbol by the clock tracks along two sides. */
#ifndef RW_VERIFIER_TRACK_H
#define RW_VERIFIER_TRACK_H

#include <stdbool.h>

#include "core/model/picture.h"
#include "verifier/symbology.h"
#include "verifier/wave.h"

#define TRACK_COUNTS WAVE_COUNTS
#define TRACK_TURNS 4 /* corners that may be the L's */

enum track_side { TRACK_TOP, TRACK_RIGHT, TRACK_SIDE_COUNT };

/* How clearly light and dark take turns along the two sides opposite the L, for each number of
 * modules: 0 … 1. A quad tells neither its size nor exactly its far sides; its tracks tell both. */
struct tracks {
    float power[TRACK_SIDE_COUNT][TRACK_COUNTS];
    /* Where: parts of the quad from its side inwards, at the L's end and at the other. */
    float near[TRACK_SIDE_COUNT][TRACK_COUNTS];
    float far[TRACK_SIDE_COUNT][TRACK_COUNTS];
};

struct track_search {
    const struct picture *picture;
    struct wave_table *waves;
    float module_min_px; /* numbers of which a module would be smaller are not listened for */
    bool slanted;        /* the far sides may be no parallels of the L */
};

/* Listens along both tracks of a quad of which the corner `turn` is that of the L. A line that was
 * heard in an earlier turn is not listened to again, so the turns come one after the other. */
void track_listen(const struct track_search *how, const struct picture_quad *quad, int turn,
                  struct tracks tracks[TRACK_TURNS]);
/* What is heard from behind: the two sides change places. */
struct tracks track_mirrored(const struct tracks *tracks);
/* The quad with its far sides laid along the tracks of this size. */
struct picture_quad track_squared(const struct track_search *how, const struct picture_quad *quad,
                                  const struct symbology *size, const struct tracks *tracks);

#endif
