/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps dispensers and the signed schedules they download. */
#ifndef RW_DB_DISPENSERS_H
#define RW_DB_DISPENSERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/scope.h"

#define DISPENSERS_CHANGES_MAX 10000 /* changes read at once */
#define DISPENSERS_SILENT_MAX 500    /* silent ones taken up at once */

struct dispensers_row {
    const char *dispenser_id;
    int64_t version;  /* of its schedule; 0 = none yet */
    int64_t epoch;    /* how often it was reset: events count from 1 in each */
    int64_t last_seq; /* of its events in this epoch */
    int64_t seen_ms;
    int64_t paused_ms; /* since when its client is away; 0 = is not */
};
/* A dispenser that has bags to hand out and says nothing. */
struct dispensers_silent {
    const char *dispenser_id;
    int64_t heard_ms;
    const char *roll;
    const char *pseudonym;
};
struct dispensers_schedule {
    const char *dispenser_id;
    int64_t version;
    const char *roll;
    int64_t roll_version;
    const char *bytes; /* NULL when there is none */
    size_t length;
    bool downloaded; /* at least once */
};
struct dispensers_change {
    const char *dispenser_id;
    int64_t version;     /* of its schedule; 0 = none of these changes made one */
    int64_t refusals;    /* changes that refused a certificate of the device */
    const char *refusal; /* the id of the last of these; "" = none */
};

/* Makes a dispenser known; one that is starts its events anew (it was reset and enrols again). */
RW_MUST_USE bool dispensers_enrol(const struct scope *scope, const char *dispenser_id,
                                  struct rw_error *err);
/* Locks the row until the transaction ends; RW_NOT_FOUND. */
RW_MUST_USE bool dispensers_get(const struct scope *scope, const char *dispenser_id,
                                struct dispensers_row *ret_row, struct rw_error *err);
RW_MUST_USE bool dispensers_update(const struct scope *scope, const struct dispensers_row *row,
                                   struct rw_error *err);
/* Since when it is paused, by its own clock; 0 = no more. */
RW_MUST_USE bool dispensers_set_paused(const struct scope *scope, const char *dispenser_id,
                                       int64_t paused_ms, struct rw_error *err);
/* These were heard now; who was heard within the last `fine_ms` keeps its time. */
RW_MUST_USE bool dispensers_heard(const struct scope *scope, const char *const *names, size_t count,
                                  int64_t fine_ms, struct rw_error *err);
/* Those that were not heard since `since_ms`, have had their schedule as long, have bags to hand
 * out, are not paused, and for which no alarm speaks of this silence. */
RW_MUST_USE bool dispensers_silent(const struct scope *scope, int64_t since_ms,
                                   struct dispensers_silent **ret_silent, size_t *ret_count,
                                   struct rw_error *err);
/* The key of the alarm about the silence that began then. */
#define DISPENSERS_SILENCE_KEY "silent:%s:%lld"
RW_MUST_USE bool dispensers_insert_schedule(const struct scope *scope,
                                            const struct dispensers_schedule *schedule,
                                            struct rw_error *err);
/* The schedule that holds. */
RW_MUST_USE bool dispensers_find_schedule(const struct scope *scope, const char *dispenser_id,
                                          struct dispensers_schedule *ret_schedule,
                                          struct rw_error *err);
/* The same for many, in their order; a name may come twice. Version 0 where there is none. */
RW_MUST_USE bool dispensers_find_schedules(const struct scope *scope, const char *const *names,
                                           size_t count, struct dispensers_schedule *ret_schedules,
                                           struct rw_error *err);
/* The version that holds; 0 where there is none. */
RW_MUST_USE bool dispensers_find_version(const struct scope *scope, const char *dispenser_id,
                                         int64_t *ret_version, struct rw_error *err);
/* The first download of this version: `ret_pseudonym` is its client's. NULL at every later one. */
RW_MUST_USE bool dispensers_download(const struct scope *scope,
                                     const struct dispensers_schedule *schedule,
                                     const char **ret_pseudonym, struct rw_error *err);
/* Says that waiting connections of this dispenser must be woken, and wakes the other nodes. Version
 * 0: a certificate of this device is refused from now on. */
RW_MUST_USE bool dispensers_announce(const struct scope *scope, const char *dispenser_id,
                                     int64_t version, struct rw_error *err);
/* The change that a notification tells of: dispenser and version alone. False when it tells of none
 * that made a version, or of another pharmacy's. */
bool dispensers_read_hint(const char *hint, const char *pharmacy, struct rw_arena *arena,
                          struct dispensers_change *ret_change);
/* The changes since a moment; the caller overlaps and takes repeats. */
RW_MUST_USE bool dispensers_changes(const struct scope *scope, int64_t since_ms,
                                    struct dispensers_change **ret_changes, size_t *ret_count,
                                    struct rw_error *err);

#endif
