/* SPDX-License-Identifier: Apache-2.0 */
/* A picture as the reader looks at it: large enough, print dark. */
#ifndef RW_VERIFIER_SCENE_H
#define RW_VERIFIER_SCENE_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "verifier/locate.h"

/* Small pictures are enlarged and get a light margin, as a symbol may fill them to the edge. The
 * place p of the given picture is p * scale + margin here. */
struct scene {
    const struct picture *given;
    struct picture picture;
    struct picture reverse; /* light for dark; no pixels before it was asked for */
    struct locate_levels levels;
    float scale;
    float margin;
    bool inverted; /* print that was light is dark here */
};

RW_MUST_USE bool scene_make(const struct picture *given, bool inverted, struct budget *budget,
                            struct rw_arena *arena, struct scene *ret_scene, struct rw_error *err);
/* The scene, or its reverse, in which light print is dark. */
RW_MUST_USE bool scene_look(struct scene *scene, bool reverse, struct rw_arena *arena,
                            const struct picture **ret_picture, struct rw_error *err);
/* A quad of the scene as it lies in the given picture. */
struct picture_quad scene_given_quad(const struct scene *scene, const struct picture_quad *quad);
/* The surroundings of a place, `part` of its longer side wide; false = it lies outside. */
bool scene_crop(const struct scene *scene, const struct picture_quad *quad, float part,
                struct picture *ret_crop);

#endif
