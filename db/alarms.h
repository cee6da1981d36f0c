/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps what somebody must look at, and who did. */
#ifndef RW_DB_ALARMS_H
#define RW_DB_ALARMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model/alarm.h"
#include "db/scope.h"

#define ALARMS_LISTED_MAX 500

/* Raises the alarm unless one with its dedupe key was raised before; `ret_new` says which. */
RW_MUST_USE bool alarms_insert(const struct scope *scope, const struct alarm *alarm, bool *ret_new,
                               struct rw_error *err);
/* Open ones first, of these the urgent, then the newest; those with this state or
 * (ALARM_STATE_COUNT) all. */
RW_MUST_USE bool alarms_find(const struct scope *scope, enum alarm_state state,
                             struct alarm **ret_alarms, size_t *ret_count, struct rw_error *err);
/* From open to acknowledged. RW_NOT_FOUND, or RW_CONFLICT when it is not open. */
RW_MUST_USE bool alarms_acknowledge(const struct scope *scope, const char *alarm_id,
                                    const char **ret_pseudonym, struct rw_error *err);
/* Closes the alarms about the silence of dispensers that were heard since; those that were closed
 * by it are given. */
RW_MUST_USE bool alarms_end_silence(const struct scope *scope, struct alarm **ret_alarms,
                                    size_t *ret_count, struct rw_error *err);

/* When an alarm was last raised, passed on, acknowledged or closed; 0 = there never was one. */
RW_MUST_USE bool alarms_changed(const struct scope *scope, int64_t *ret_changed_ms,
                                struct rw_error *err);
/* Closes the alarm about this trouble; false when there is none, or it is closed. */
RW_MUST_USE bool alarms_close(const struct scope *scope, const char *dedupe_key,
                              struct alarm *ret_alarm, bool *ret_closed, struct rw_error *err);

struct alarms_counts {
    int64_t open;
    int64_t unanswered; /* open behind the last rung of the ladder */
};
RW_MUST_USE bool alarms_count(const struct scope *scope, struct alarms_counts *ret_counts,
                              struct rw_error *err);
/* Who climbs: what others were last told of so long ago. */
struct alarms_climb {
    int64_t after_ms;
    enum alarm_severity severity;
};
/* Is there one that would climb? */
RW_MUST_USE bool alarms_may_climb(const struct scope *scope, const struct alarms_climb *climb,
                                  bool *ret_any, struct rw_error *err);
/* One rung up for each of them that is open, up to ALARM_RUNGS_MAX; those that climbed are given.
 */
RW_MUST_USE bool alarms_escalate(const struct scope *scope, const struct alarms_climb *climb,
                                 struct alarm **ret_alarms, size_t *ret_count,
                                 struct rw_error *err);
/* Closes what is open about clients who are away now, but recalls and tests; those are given. */
RW_MUST_USE bool alarms_excuse(const struct scope *scope, struct alarm **ret_alarms,
                               size_t *ret_count, struct rw_error *err);

#endif
