/* SPDX-License-Identifier: Apache-2.0 */
/* Passes on alarms that nobody acknowledges, rung by rung. */
#ifndef RW_API_LADDER_H
#define RW_API_LADDER_H

#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

struct service;

/* In a transaction of its own: what is open about clients who are away now is over; then what
 * others were told of `after_ms` ago (0 = never) goes to who stands on the next rung, unless it
 * waits for the day and it is night. One rung at a time, also after hours in which no service ran.
 */
RW_MUST_USE bool ladder_climb(struct service *service, int64_t after_ms, struct rw_arena *arena,
                              struct rw_error *err);

#endif
