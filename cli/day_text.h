/* SPDX-License-Identifier: Apache-2.0 */
/* Writes days and times as a person at the counter reads them. */
#ifndef RW_CLI_DAY_TEXT_H
#define RW_CLI_DAY_TEXT_H

#include <stdint.h>

#include "core/base/text.h"
#include "core/base/zone.h"

void day_text_add(struct rw_text *text, int32_t day); /* "Mon 2026-11-23" */
const char *day_text_weekday(int32_t weekday);        /* 1: "Mon" */
/* "08:00 1.5": a time of day and how many pieces. */
void day_text_add_dose(struct rw_text *text, int32_t minute, int64_t milli);
void day_text_add_moment(struct rw_text *text, struct rw_stamp at); /* "Mon 2026-11-23 08:00" */

#endif
