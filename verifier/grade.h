/* SPDX-License-Identifier: Apache-2.0 */
/* Grades the print of a symbol as ISO/IEC 15415 does. */
#ifndef RW_VERIFIER_GRADE_H
#define RW_VERIFIER_GRADE_H

#include "core/model/picture.h"
#include "core/model/verdict.h"
#include "verifier/codewords.h"
#include "verifier/modules.h"
#include "verifier/reader.h"

/* What the marks were given for; parts of one, not percent. */
struct grade_measures {
    float contrast;   /* SC: lightest less darkest module */
    float modulation; /* the worst module, 0 … 1 */
    float axial;      /* ANU */
    float grid;       /* GNU, in modules */
    float unused;     /* UEC */
    float frame;      /* part of the worst frame segment that is damaged */
};

/* Grades 4 (A) to 0 (F); the overall grade is the lowest. Without a calibrated light and aperture
 * this is a trend of the line, not a certificate. `modules` is scratch space. */
void grade_symbol(const struct picture *picture, const struct reading *reading,
                  const struct codewords_layout *layout, struct modules *modules,
                  struct verdict_grade *ret_grade, struct grade_measures *ret_measures);

#endif
