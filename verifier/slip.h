/* SPDX-License-Identifier: Apache-2.0 */
/* Finds print that slipped out of line with the print around it. */
#ifndef RW_VERIFIER_SLIP_H
#define RW_VERIFIER_SLIP_H

#include <stddef.h>

#include "verifier/laying.h"

/* How far a stretch that lies well in itself is from where one of the stretches before it says:
 * more than 1 = farther than film bends. Film that was followed piece by piece is always in doubt.
 */
float slip_of(const struct laying *laying, size_t stretch);

#endif
