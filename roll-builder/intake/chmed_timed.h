/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the timed dosages of CHMED23A: how much, and when. */
#ifndef RW_ROLL_BUILDER_INTAKE_CHMED_TIMED_H
#define RW_ROLL_BUILDER_INTAKE_CHMED_TIMED_H

#include <stdbool.h>
#include <stdint.h>

#include "roll-builder/intake/chmed_line.h"

/* A member whose published tables and examples spell it differently: "tdo" and "td". NULL when
 * neither is there; both at once are refused. */
const struct json *chmed_timed_member(struct chmed_line *line, const struct json *node,
                                      const char *name, const char *other);

/* What a timed dosage says. */
struct chmed_timed {
    struct chmed_slots slots;
    uint8_t weekdays; /* bit 0 = Monday; 0 = not said */
    uint32_t days;    /* bit 0 = the first of the month; 0 = not said */
    bool is_interval; /* only the least time between two doses is said */
};

/* False when nothing of it can be planned; why stands in the line's findings. */
RW_MUST_USE bool chmed_timed_read(struct chmed_line *line, const struct json *timed,
                                  struct chmed_timed *ret_timed, bool *ret_usable,
                                  struct rw_error *err);
/* The time units of the value set: 1 = second … 7 = year; DOSING_NO_UNIT for others. */
enum dosing_unit chmed_timed_unit(struct chmed_line *line, const struct json *node,
                                  const char *name);

#endif
