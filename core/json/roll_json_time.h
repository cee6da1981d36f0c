/* SPDX-License-Identifier: Apache-2.0 */
/* Writes and reads the times of a line beside a roll. */
#ifndef RW_CORE_JSON_ROLL_JSON_TIME_H
#define RW_CORE_JSON_ROLL_JSON_TIME_H

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/json/json_read.h"
#include "core/json/json_write.h"
#include "core/model/roll_time.h"

/* A member "times": [{"time", "milli", "days", "weekdays"}], weekdays as numbers, 1 = Monday. */
void roll_json_time_write(struct json_writer *writer, const struct roll_times *times);
/* Absent in rolls of before: none. */
RW_MUST_USE bool roll_json_time_read(const struct json *node, struct rw_arena *arena,
                                     struct roll_times *ret_times, struct rw_error *err);

#endif
