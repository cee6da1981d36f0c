/* SPDX-License-Identifier: Apache-2.0 */
/* Says which symbols may lie at a place, and how they lie there. */
#ifndef RW_VERIFIER_FIT_H
#define RW_VERIFIER_FIT_H

#include <stdbool.h>

#include "core/model/picture.h"
#include "verifier/grid.h"
#include "verifier/pattern.h"
#include "verifier/symbology.h"
#include "verifier/wave.h"

#define FIT_KEPT_MAX 4 /* sizes and turns of one place */

/* What proposed a place: an outline all around it, or two edges that meet in its first corner. */
enum fit_source { FIT_OUTLINE, FIT_EDGES };

/* What is looked for. */
struct fit {
    const struct picture *picture;
    const struct pattern *patterns; /* of every size */
    struct wave_table *waves;
    bool sizes[SYMBOLOGY_COUNT]; /* those looked for */
};

/* The frames that are most like the place, the best first, before their corners are moved to where
 * they fit best. Gives their number; 0 = there is hardly a symbol. */
int fit_place(const struct fit *fit, const struct picture_quad *quad, enum fit_source from,
              struct grid kept[FIT_KEPT_MAX]);

#endif
