/* SPDX-License-Identifier: Apache-2.0 */
/* Lays the text of a label, stretch by stretch, over how it was seen. */
#ifndef RW_VERIFIER_LAYING_H
#define RW_VERIFIER_LAYING_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "core/model/print.h"
#include "verifier/cell.h"
#include "verifier/register.h"

#define LAYING_CELLS_MAX 4096     /* about a letter each; a label of 70 x 60 mm has some 800 */
#define LAYING_STRETCHES_MAX 1024 /* of a label */
#define LAYING_CELL_UM 1700       /* about a letter */

/* A piece of a line, laid by one shift; its cells follow each other. */
struct laying_stretch {
    struct plane_box box;
    struct plane_shift shift;
    size_t first; /* of its cells */
    size_t count;
    bool is_followed; /* found by where its neighbours lie alone */
};

/* Both pictures, and what of the wanted one lies where in the seen one. */
struct laying {
    const struct registration *registration;
    struct picture seen_paper;
    struct picture wanted_print; /* alone, on white … */
    struct picture wanted_soft;  /* … and as soft as it was seen */
    struct cell_planes planes;
    float px_per_um;
    float softer_px;    /* sigma of it, 0 = none */
    float paper;        /* grey level of the seen paper, print counted in */
    float wanted_paper; /* … and of the rendered one */
    float black;        /* grey level of ink itself */
    struct cell_usual usual;
    struct cell *cells; /* measured */
    size_t count;
    struct laying_stretch *stretches;
    size_t stretch_count;
};

RW_MUST_USE bool laying_make(const struct registration *registration, const struct print *print,
                             struct rw_arena *arena, struct laying *ret_laying,
                             struct rw_error *err);

/* How alike letters from all over the label are where another drawing of the same label, at the
 * same scale and as soft, is laid in their place: 0 … 1. */
RW_MUST_USE bool laying_try(const struct laying *laying, const struct picture *drawing,
                            struct rw_arena *arena, float *ret_alike, struct rw_error *err);

#endif
