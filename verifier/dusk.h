/* SPDX-License-Identifier: Apache-2.0 */
/* Looks once more at letters on things that are nearly as dark as ink. */
#ifndef RW_VERIFIER_DUSK_H
#define RW_VERIFIER_DUSK_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "verifier/cell.h"
#include "verifier/laying.h"

/* On a black tablet ink is darker than its ground by a few grey levels alone, and where the tablet
 * ends within a letter one half of it drowns the other. Here each place counts for how dark ink can
 * be there; made when first asked for. Begin with `laying` alone. */
struct dusk {
    const struct laying *laying;
    bool is_made;
    float black; /* grey level of ink on such a thing */
    struct cell_planes planes;
};

/* A letter on such a thing that is as alike as a good one elsewhere is no fault. What cannot be
 * seen there keeps the fault that it has. */
RW_MUST_USE bool dusk_judge(struct dusk *dusk, const struct cell *cell,
                            const struct cell_usual *usual, struct rw_arena *arena,
                            struct cell_fault *fault, struct rw_error *err);
/* Does something nearly as dark as ink lie at a place of the seen label, or right beside it? */
bool dusk_lies_at(const struct laying *laying, const struct plane_box *place);

#endif
