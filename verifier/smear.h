/* SPDX-License-Identifier: Apache-2.0 */
/* Finds ink that was dragged over a row of letters. */
#ifndef RW_VERIFIER_SMEAR_H
#define RW_VERIFIER_SMEAR_H

#include <stddef.h>

#include "verifier/laying.h"

/* How far the ink beside the letters of a stretch is from good where it lies over several that
 * stand in a row: more than 1 = a smear. Each of them may be a good letter by itself. */
float smear_of(const struct laying *laying, size_t stretch, struct plane_box *ret_box);

#endif
