/* SPDX-License-Identifier: Apache-2.0 */
/* An invented strip of bags and its schedule, for tests. */
#ifndef RW_TESTS_UNIT_DISPENSER_STRIP_H
#define RW_TESTS_UNIT_DISPENSER_STRIP_H

#include <stdint.h>

#include "core/model/schedule.h"

#define STRIP_BAGS 12
#define STRIP_DAY 20780 /* 2026-11-23, a Monday; winter time */

/* Twelve bags from 08:00 on, each two hours behind the one before; open 30 minutes before, closed
 * 60 minutes after. */
struct strip {
    struct schedule schedule;
    struct schedule_bag bags[STRIP_BAGS];
    char serials[STRIP_BAGS][BAG_SERIAL_MAX];
    char tags[STRIP_BAGS][24];
    char codes[STRIP_BAGS][BAG_CODE_MAX];
    const char *revoked[1];
};

void strip_make(struct strip *strip, int32_t version, const char *dispenser);
/* The same of another roll. */
void strip_make_of(struct strip *strip, const char *roll, int32_t version, const char *dispenser);
/* The instant of a wall time of the first day. */
int64_t strip_ms(int32_t hour, int32_t minute);

#endif
