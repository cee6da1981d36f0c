/* SPDX-License-Identifier: Apache-2.0 */
/* Reads and writes a schedule as rolwacht/schedule/1. */
#ifndef RW_CORE_JSON_SCHEDULE_JSON_H
#define RW_CORE_JSON_SCHEDULE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/schedule.h"

#define SCHEDULE_JSON_TYP "rolwacht-schedule+json" /* typ of the signed document */

RW_MUST_USE bool schedule_json_write(const struct schedule *schedule, struct rw_arena *arena,
                                     const char **ret_bytes, size_t *ret_length,
                                     struct rw_error *err);
RW_MUST_USE bool schedule_json_read(const char *bytes, size_t length, struct rw_arena *arena,
                                    struct schedule **ret_schedule, struct rw_error *err);

#endif
