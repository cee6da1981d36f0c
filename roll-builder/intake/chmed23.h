/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the dosage of one position of CHMED23A. */
#ifndef RW_ROLL_BUILDER_INTAKE_CHMED23_H
#define RW_ROLL_BUILDER_INTAKE_CHMED23_H

#include <stdbool.h>

#include "roll-builder/intake/chmed_line.h"

/* `position` is an element of pos. What cannot be understood is refused in the line's findings. */
RW_MUST_USE bool chmed23_read(struct chmed_line *line, const struct json *position,
                              struct rw_error *err);

#endif
