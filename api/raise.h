/* SPDX-License-Identifier: Apache-2.0 */
/* Raises alarms, once for each trouble. */
#ifndef RW_API_RAISE_H
#define RW_API_RAISE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attributes.h"
#include "core/base/random.h"
#include "core/model/alarm.h"
#include "db/events.h"
#include "db/scope.h"

struct service;

/* The trouble is raised unless it was before; with it go a journal row and a message for others,
 * all in the caller's transaction. `alarm` needs type, client, dispenser, roll, bag, due and
 * dedupe_key. */
RW_MUST_USE bool raise_alarm(struct service *service, const struct scope *scope,
                             const struct alarm *alarm, struct rw_error *err);
/* A bag was not handed out in time, and stands as missed: withheld instead, without an alarm, where
 * its moment lies in a pause of its client. */
RW_MUST_USE bool raise_missed(struct service *service, const struct scope *scope,
                              const struct events_moment *moment, struct rw_error *err);
/* The bag is out after all: closes the alarm about it, if there is one, and says why to others. */
RW_MUST_USE bool raise_made_good(const struct scope *scope, const struct events_moment *moment,
                                 const char *how, struct rw_error *err);
/* Looks for moments that went by unnoticed; in a transaction of its own. */
RW_MUST_USE bool raise_overdue(struct service *service, struct rw_arena *arena, size_t *ret_raised,
                               struct rw_error *err);
/* Looks for dispensers that were not heard since then; in a transaction of its own. One silence
 * raises one alarm (REQ-018). */
RW_MUST_USE bool raise_silent(struct service *service, int64_t since_ms, struct rw_arena *arena,
                              size_t *ret_raised, struct rw_error *err);

/* Closes the alarms about the silence of dispensers that are heard again, and says so to others. */
RW_MUST_USE bool raise_end_silence(struct service *service, struct rw_arena *arena,
                                   struct rw_error *err);

/* What befell an alarm after it was raised: journalled, and told to others. */
RW_MUST_USE bool raise_tell(const struct scope *scope, const struct alarm *alarm,
                            const char *action, const char *detail, const char *topic,
                            struct rw_error *err);

/* Once in each period, whichever node comes first: tells the exits that want to know it that we are
 * there. */
RW_MUST_USE bool raise_supervision(struct service *service, int64_t period_ms,
                                   struct rw_arena *arena, struct rw_error *err);
/* A person tries the chain: an alarm like any other, but for its type. RW_NOT_FOUND when there is
 * no such dispenser. */
RW_MUST_USE bool raise_test(struct service *service, const struct scope *scope,
                            const char *dispenser_id, char ret_id[RW_UUID_TEXT_MAX],
                            struct rw_error *err);

#endif
