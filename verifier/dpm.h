/* SPDX-License-Identifier: Apache-2.0 */
/* Marks cells as ISO/IEC 29158 does, for film that is not white. */
#ifndef RW_VERIFIER_DPM_H
#define RW_VERIFIER_DPM_H

#include <stdint.h>

#include "verifier/codewords.h"
#include "verifier/modules.h"

/* What ISO/IEC 15415 calls contrast and modulation, for the light modules as they are: a film or a
 * metal that reflects little may still bear a good symbol. */
struct dpm_marks {
    int8_t contrast;
    int8_t modulation;
    int8_t fixed_pattern;
    float cell_contrast;   /* CC: of the mean light and dark module, for the light one */
    float cell_modulation; /* CM: the worst module */
};

/* `modules` has reflectances; `words` are the corrected codewords. */
void dpm_mark(const struct codewords_layout *layout, const uint8_t *words,
              const struct modules *modules, struct dpm_marks *ret_marks);

#endif
