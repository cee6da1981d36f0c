/* SPDX-License-Identifier: Apache-2.0 */
/* Finds print that slipped out of line with the print around it. */
#ifndef RW_VERIFIER_SLIP_H
#define RW_VERIFIER_SLIP_H

#include <stdbool.h>
#include <stddef.h>

#include "verifier/laying.h"

/* Does this stretch lie well in itself, but not where one of the stretches before it says? */
bool slip_is_out(const struct laying *laying, size_t stretch);

#endif
