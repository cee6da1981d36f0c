/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps what dispensers report and which moments are to come. */
#ifndef RW_DB_EVENTS_H
#define RW_DB_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model/event.h"
#include "core/model/schedule.h"
#include "db/dispensers.h"
#include "db/scope.h"

#define EVENTS_OVERDUE_MAX 500 /* moments taken up at once */

/* A bag that a dispenser should hand out. */
struct events_moment {
    const char *dispenser_id;
    const char *roll;
    int64_t n;
    const char *serial;
    const char *at;   /* planned time */
    int64_t alarm_ms; /* from then on it is missed */
    const char *state;
    int64_t leaves_ms; /* from then on its bag may leave; told of a bag that was settled */
};

/* What one dispenser reports, and what the row of the dispenser says. */
struct events_report {
    const char *dispenser_id;
    const struct event *events; /* numbered on without gaps */
    size_t count;               /* at least one */
    bool kept;                  /* else the rest says nothing */
    int64_t epoch;
    int64_t paused_ms; /* since when its client is away */
};

/* Appends the events of each report, of another dispenser each, that begins right behind the last
 * that is kept, moves that mark, and holds the dispenser's row until the transaction ends. Of any
 * other report nothing is kept. */
RW_MUST_USE bool events_keep(const struct scope *scope, struct events_report *reports, size_t count,
                             struct rw_error *err);
RW_MUST_USE bool events_insert_moment(const struct scope *scope, const struct events_moment *moment,
                                      struct rw_error *err);
/* A bag that waits may leave from then on, if that is sooner than was said before. */
RW_MUST_USE bool events_set_leaves(const struct scope *scope, const char *dispenser_id,
                                   const char *serial, int64_t leaves_ms, struct rw_error *err);
/* Ends the moments of a dispenser that are still to come: its schedule was replaced. Those of the
 * part of another roll that goes on stay (NULL = none does). */
RW_MUST_USE bool events_end_moments(const struct scope *scope, const char *dispenser_id,
                                    const struct schedule *part, struct rw_error *err);
/* Ends the moment of one bag, if it is still to come. */
RW_MUST_USE bool events_end_bag(const struct scope *scope, const char *serial,
                                struct rw_error *err);
/* All moments of a roll in the order of its bags. */
RW_MUST_USE bool events_of_roll(const struct scope *scope, const char *roll,
                                struct events_moment **ret_moments, size_t *ret_count,
                                struct rw_error *err);
/* How a bag of this dispenser stands; NULL: it never had such a bag. */
RW_MUST_USE bool events_state_of(const struct scope *scope, const char *dispenser_id,
                                 const char *serial, const char **ret_state, struct rw_error *err);
/* The bag that an event is about: the one it names if the dispenser was ever to hand it out, else
 * the next that it is to hand out, else (n = 0) none of the roll that it had last. `roll` is NULL
 * when it had none. */
RW_MUST_USE bool events_at_hand(const struct scope *scope, const char *dispenser_id,
                                const char *serial, struct events_moment *ret_moment,
                                struct rw_error *err);
/* The bag was handed out ("released") or was not ("missed", if its time is over by our clock, or
 * "withheld" in a pause, only if it was still to come). `ret_moment->serial` is NULL when nothing
 * changed; `ret_last` says whether no other moment of its roll is still to come. */
RW_MUST_USE bool events_settle(const struct scope *scope, const char *dispenser_id,
                               const char *serial, const char *state,
                               struct events_moment *ret_moment, bool *ret_last,
                               struct rw_error *err);
/* A bag that stands as missed is withheld instead: its client is away. */
RW_MUST_USE bool events_excuse(const struct scope *scope, const char *serial, struct rw_error *err);
/* Is another bag of the same time of the same roll missed? A moment may have several bags. */
RW_MUST_USE bool events_is_missed_beside(const struct scope *scope,
                                         const struct events_moment *moment, bool *ret_missed,
                                         struct rw_error *err);
/* Moments that fell into a pause and are still to come get as much time after it as they would have
 * had after their own. */
RW_MUST_USE bool events_put_off(const struct scope *scope, const char *dispenser_id,
                                int64_t paused_ms, int64_t resumed_ms, struct rw_error *err);
/* Moments still to come whose alarm time lies before now, and not in a pause that lasts. */
RW_MUST_USE bool events_overdue(const struct scope *scope, struct events_moment **ret_moments,
                                size_t *ret_count, struct rw_error *err);

#endif
