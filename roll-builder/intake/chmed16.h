/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the dosage of one position of CHMED16A. */
#ifndef RW_ROLL_BUILDER_INTAKE_CHMED16_H
#define RW_ROLL_BUILDER_INTAKE_CHMED16_H

#include <stdbool.h>

#include "roll-builder/intake/chmed_line.h"

/* `position` is an element of Pos. What cannot be understood is refused in the line's findings. */
RW_MUST_USE bool chmed16_read(struct chmed_line *line, const struct json *position,
                              struct rw_error *err);

#endif
