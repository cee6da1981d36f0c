/* SPDX-License-Identifier: Apache-2.0 */
/* Follows the strip over the frames of a video, ways back too. */
#ifndef RW_VERIFIER_FILM_H
#define RW_VERIFIER_FILM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "verifier/relief.h"
#include "verifier/sequence.h"

#define FILM_THINGS_MAX 4096 /* symbols on the strip of one roll */

/* One symbol in the present frame. */
struct film_sighting {
    int32_t id;     /* index in the plan; a stranger has a negative number of its own */
    float along_px; /* its place on the axis */
};

/* The strip as a ruler: each thing is laid on it once, however often it is seen. The shift from
 * frame to frame comes from the pictures themselves and is mended by things seen before, so that
 * two copies of one bag are two things and one bag that comes back is one. Labels look alike:
 * where no bag is common to two frames, a shift that puts a bag where its number cannot be is none,
 * and a new stretch begins, as after frames that are known to be lost. */
struct film;

RW_MUST_USE bool film_open(struct rw_arena *arena, struct film **ret_film, struct rw_error *err);
/* The next frame. `view`, how the strip lies in it, may be NULL as long as no symbol was read;
 * `arena` is that of the frame.
 */
RW_MUST_USE bool film_step(struct film *film, const struct picture *picture,
                           const struct relief_strip *view, const struct film_sighting *sightings,
                           size_t count, struct rw_arena *arena, struct rw_error *err);
/* Frames are missing before the next one: how far the strip moved meanwhile is not known, however
 * alike the two look. */
void film_lose(struct film *film);
/* Frames whose shift could not be found: something may have passed unseen. */
int32_t film_breaks(const struct film *film);
/* The things in their order on the strip, as sightings for sequence_check: one "frame" each, and
 * one that is unreadable for every place in between that has room for a bag, one that is unseen
 * where the way between two things is not known, and print where a bag lies beyond the last code.
 */
struct film_row {
    struct sequence_sighting *sightings;
    int32_t *frames; /* of the video, in which each was seen last */
    size_t count;
};
RW_MUST_USE bool film_row(const struct film *film, struct rw_arena *arena, struct film_row *ret_row,
                          struct rw_error *err);

#endif
