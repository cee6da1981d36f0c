/* SPDX-License-Identifier: Apache-2.0 */
/* Marks from A to F, as the methods of grading share them. */
#ifndef RW_VERIFIER_MARKS_H
#define RW_VERIFIER_MARKS_H

#include <stdbool.h>
#include <stdint.h>

#include "verifier/codewords.h"
#include "verifier/modules.h"

/* A module's distance from the threshold for that of a perfect one, 0 … 1; on the wrong side 0 or
 * less. Row by row with one ring of the quiet zone, as in struct modules. */
struct marks_sheet {
    const struct codewords_layout *layout;
    float margin[MODULES_ROOM];
};

/* 4 = A … 0 = F, by limits of A, B, C and D. */
int8_t marks_at_least(float value, const float limits[4]);
int8_t marks_at_most(float value, const float limits[4]);
int8_t marks_of_unused(float unused); /* error correction that is left, 0 … 1 */

/* Is the module dark in a perfect print? The ring is light. `dark` is that of codewords_draw. */
bool marks_is_dark(const struct symbology *size, const uint8_t *dark, int row, int col);
/* The overlay of ISO/IEC 15415 7.8.4: the best level at which error correction could still make up
 * for the codewords that have a module below it. */
int8_t marks_of_words(const struct marks_sheet *sheet, float *ret_worst);
/* Fixed pattern damage, ISO/IEC 16022 annex M: L, its quiet zones and clock tracks. `by_level`: a
 * module below the margin of a level is damaged for that level; else only one on the wrong side. */
int8_t marks_of_frame(const struct marks_sheet *sheet, bool by_level, float *ret_damage);

#endif
