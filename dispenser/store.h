/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps a dispenser's state, events and schedule through loss of power. */
#ifndef RW_DISPENSER_STORE_H
#define RW_DISPENSER_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/event.h"
#include "dispenser/loop.h"

#define STORE_EVENTS_MAX 20000     /* events that wait: years without a network */
#define STORE_KEPT EVENT_BATCH_MAX /* acknowledged events kept, for a service that fell back */
#define STORE_JOURNAL_MAX ((size_t)8 * 1024 * 1024)
#define STORE_JOURNAL_TIDY \
    ((size_t)1024 * 1024) /* a longer journal is written anew at the opening */

/* REQ-017. A folder with "journal" (one line for each step: a hash, the state after it, its events)
 * and "schedule.jws" as it was downloaded. A line that loss of power tore is dropped, and its step
 * never happened: nothing moves before its line is on the disk. A damaged line elsewhere is an
 * error. One program at a time may have it open. */
struct store;

RW_MUST_USE bool store_open(const char *folder, struct store **ret_store, struct rw_error *err);
void store_close(struct store *store);

const struct loop_state *store_state(const struct store *store);
/* seq of the newest event, and of the newest one that the service has; 0 = none. */
int64_t store_newest(const struct store *store);
int64_t store_acknowledged(const struct store *store);
size_t store_waiting(const struct store *store);

/* Gives the events their ids and numbers and writes them with the state: all of it or nothing. */
RW_MUST_USE bool store_record(struct store *store, const struct loop_state *state,
                              const struct loop_event *events, size_t count, struct rw_error *err);
/* The oldest events that wait, at most EVENT_BATCH_MAX; borrowed until the next call that writes.
 */
const struct event *store_pending(const struct store *store, size_t *ret_count);
/* The service holds everything up to `seq`. One that fell back is sent again what is still kept;
 * RW_CONFLICT when that is gone, or when the service knows events that were never made here. */
RW_MUST_USE bool store_acknowledge(struct store *store, int64_t seq, struct rw_error *err);
/* The last `count` events, oldest first, for a report. */
const struct event *store_latest(const struct store *store, size_t count, size_t *ret_count);

RW_MUST_USE bool store_schedule_keep(struct store *store, const char *bytes, size_t length,
                                     struct rw_error *err);
/* `ret_bytes` is NULL when none is kept. */
RW_MUST_USE bool store_schedule_read(const struct store *store, struct rw_arena *arena,
                                     char **ret_bytes, size_t *ret_length, struct rw_error *err);

#endif
