/* SPDX-License-Identifier: Apache-2.0 */
/* Grades the print of a symbol as ISO/IEC 15415 and 29158 do. */
#ifndef RW_VERIFIER_GRADE_H
#define RW_VERIFIER_GRADE_H

#include "core/model/light.h"
#include "core/model/picture.h"
#include "core/model/verdict.h"
#include "verifier/codewords.h"
#include "verifier/modules.h"
#include "verifier/reader.h"

/* What the marks were given for; parts of one, not percent. */
struct grade_measures {
    float contrast;        /* SC: lightest less darkest module */
    float modulation;      /* MOD: the worst module, whatever it should be */
    float margin;          /* RM: the same, 0 on the wrong side */
    float axial;           /* ANU */
    float grid;            /* GNU, in modules */
    float unused;          /* UEC */
    float frame;           /* part of the worst frame segment that is damaged */
    float cell_contrast;   /* CC of 29158 */
    float cell_modulation; /* CM: the worst module */
};

struct grade_desk {
    const struct light *light; /* NULL: not calibrated */
    struct modules modules;    /* scratch space */
};

/* Grades 4 (A) to 0 (F); the overall grade is the lowest. Without a light that is known, or for a
 * frame of another size than it was measured with, this is a trend of the line, not a grade: then
 * white is full reflectance, and frame modules count as damaged on the wrong side alone. */
void grade_symbol(struct grade_desk *desk, const struct picture *picture,
                  const struct reading *reading, const struct codewords_layout *layout,
                  struct verdict_grade *ret_grade, struct grade_measures *ret_measures);
/* The marks that come from the modules alone: contrast, modulation, margin and fixed pattern.
 * `modules` has reflectances as aperture_sample gives them. */
void grade_modules(const struct codewords_layout *layout, const uint8_t *words,
                   const struct modules *modules, bool is_calibrated,
                   struct verdict_grade *ret_grade, struct grade_measures *ret_measures);

#endif
