/* SPDX-License-Identifier: Apache-2.0 */
/* Finds ink that was dragged over a row of letters. */
#ifndef RW_VERIFIER_SMEAR_H
#define RW_VERIFIER_SMEAR_H

#include <stddef.h>

#include "verifier/laying.h"

/* How far the ink beside letters is from good where it lies over several that stand in a row, the
 * given cell being the first of them, whatever stretch or field the next ones are of: more than
 * 1 = a smear. Each of them may be a good letter by itself. Gives where it lies, if anywhere. */
float smear_of(const struct laying *laying, size_t cell, struct plane_box *ret_box);

#endif
