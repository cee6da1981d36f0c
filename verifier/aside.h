/* SPDX-License-Identifier: Apache-2.0 */
/* Finds letters that film carried farther than the print around. */
#ifndef RW_VERIFIER_ASIDE_H
#define RW_VERIFIER_ASIDE_H

#include <stdbool.h>

#include "verifier/cell.h"

/* What is wrong with a letter that is not alike where it was laid: where it lies whole and good
 * nearby, a wrinkle or a lens may have carried it there, and what differs is in doubt. Another
 * letter is alike nowhere. */
struct cell_fault aside_judge(const struct cell_planes *planes, const struct cell *cell,
                              const struct cell_usual *usual, struct cell_fault fault);

#endif
