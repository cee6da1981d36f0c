/* SPDX-License-Identifier: Apache-2.0 */
/* Records the first download of each schedule, later where it must be. */
#ifndef RW_API_DOWNLOADS_H
#define RW_API_DOWNLOADS_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "db/dispensers.h"

struct service;

#define DOWNLOADS_OWED_MAX 4096   /* that wait for room; one more is refused */
#define DOWNLOADS_FINISH_MS 10000 /* of the time that a stop has */

/* Downloads that the journal does not hold yet. Thread-safe. */
struct downloads;

RW_MUST_USE bool downloads_open(struct rw_arena *arena, struct downloads **ret_downloads,
                                struct rw_error *err);
void downloads_close(struct downloads *downloads);

/* Nothing leaves without its row in the journal; what was downloaded before has one. Where the
 * database's disk is full the medicine is not withheld for want of the row: it is told to the log,
 * and written as soon as there is room. False: the schedule must not be handed over. */
RW_MUST_USE bool downloads_record(struct service *service, const struct scope *who,
                                  const struct dispensers_schedule *schedule, struct rw_error *err);
/* Writes some of what is owed, if there is room; true when more could be written. */
bool downloads_catch_up(struct service *service, struct rw_arena *arena);
/* All of it, before the service ends, unless that takes too long. */
void downloads_finish(struct service *service, struct rw_arena *arena);

#endif
