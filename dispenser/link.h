/* SPDX-License-Identifier: Apache-2.0 */
/* Speaks the protocol for dispensers: schedule, stream, events. */
#ifndef RW_DISPENSER_LINK_H
#define RW_DISPENSER_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/event.h"
#include "core/net/enrol.h"
#include "core/net/fetch.h"

#define LINK_TIMEOUT_MS 15000
#define LINK_SILENCE_MS 65000 /* the service beats every 25 s; two missed beats are a dead line */
#define LINK_ETAG_MAX 128

/* Two connections with the dispenser's certificate: one for requests, one for the stream. */
struct link;

RW_MUST_USE bool link_open(const struct enrol_identity *identity, struct link **ret_link,
                           struct rw_error *err);
void link_close(struct link *link);

/* Downloads the schedule unless the one with the ETag of the last download still holds; then
 * `ret_bytes` is NULL. RW_NOT_FOUND when nothing was released for this dispenser. */
RW_MUST_USE bool link_schedule(struct link *link, struct rw_arena *arena, const char **ret_bytes,
                               size_t *ret_length, struct rw_error *err);
/* Makes the next download unconditional: the last one could not be kept. */
void link_forget_schedule(struct link *link);
/* What the service says to a batch: the newest event that it has now, and how many keys for
 * schedules it knows (0 = it does not say). */
struct link_stored {
    int64_t stored;
    int64_t signing_keys;
};
/* Posts one batch. One that the service refuses because of a gap (409) is an answer too. */
RW_MUST_USE bool link_events(struct link *link, const struct event *events, size_t count,
                             struct link_stored *ret_stored, struct rw_error *err);
/* Downloads the list of keys that schedules are signed with. */
RW_MUST_USE bool link_keys(struct link *link, struct rw_arena *arena, const char **ret_bytes,
                           size_t *ret_length, struct rw_error *err);
/* Reads the stream of versions; see fetch_listen. */
RW_MUST_USE bool link_listen(struct link *link, const struct fetch_stream *stream,
                             struct rw_error *err);

#endif
