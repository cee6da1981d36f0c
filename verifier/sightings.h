/* SPDX-License-Identifier: Apache-2.0 */
/* Collects which symbol was seen where, and judges their order. */
#ifndef RW_VERIFIER_SIGHTINGS_H
#define RW_VERIFIER_SIGHTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "verifier/film.h"
#include "verifier/reader.h"
#include "verifier/sequence.h"

/* Where a symbol lies in a still, in pixels. */
struct sightings_place {
    int32_t id;
    float along;  /* the film */
    float across; /* it */
    float height; /* of the symbol */
    struct picture_point centre;
    float down[2]; /* the label: a direction of length 1 */
};

/* Stills show each bag once, or beside a neighbour in two; a video shows it in many frames. */
struct sightings {
    struct rw_arena *arena;
    struct sequence_sighting *list; /* of stills */
    size_t count;
    size_t room;
    struct film *film; /* NULL: stills */
    struct film_sighting now[READER_READINGS_MAX];
    size_t now_count;
    struct sightings_place places[READER_READINGS_MAX]; /* of stills: now_count of them */
    int32_t (*roomy)[2]; /* of stills: neighbours that are known to have room between them */
    size_t roomy_count;
    size_t roomy_room;
    bool is_up;     /* stills: the film runs up the labels, not across them */
    bool shows_way; /* stills: one showed two bags of the roll, so that their order is known */
    float axis[2];
    float way[2];           /* stills: the axis of the last frame of several symbols */
    bool knows_way;         /* stills: a frame had more labels that point that way than the other */
    float pitch_per_symbol; /* from bag to bag, in sides of the symbol; 0 = not known yet */
    float above_part;       /* of a bag, that lies above the middle of its symbol */
    float pitch_px;         /* 0 = nothing was read yet */
    int32_t frame;
};

RW_MUST_USE bool sightings_open(struct rw_arena *arena, bool moving,
                                struct sightings *ret_sightings, struct rw_error *err);
/* Before those of a frame are added. */
void sightings_begin(struct sightings *sightings, const struct readings *readings);
/* `id` is an index in the plan, or the number of a stranger from SIGHTINGS_STRANGER down; `whole`:
 * all of its label lies in the frame. */
#define SIGHTINGS_STRANGER (-16)
RW_MUST_USE bool sightings_add(struct sightings *sightings, int32_t id,
                               const struct picture_quad *symbol, bool whole, struct rw_error *err);
RW_MUST_USE bool sightings_end(struct sightings *sightings, const struct picture *picture,
                               struct rw_arena *arena, struct rw_error *err);
/* Frames are missing before the next one. */
void sightings_lose(struct sightings *sightings);
/* As sequence_check; frames are those of the run. */
RW_MUST_USE bool sightings_check(struct sightings *sightings, size_t bag_count,
                                 struct sequence_finding *ret_findings, struct rw_error *err);

#endif
