/* SPDX-License-Identifier: Apache-2.0 */
/* Gives the service what waits in the spool, beside the judging. */
#ifndef RW_VERIFIER_SENDER_H
#define RW_VERIFIER_SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/net/enrol.h"
#include "verifier/spool.h"

#define SENDER_ROOM 8192        /* bodies that wait on the disk */
#define SENDER_REST_MS 5000     /* after a failure the network is left alone this long */
#define SENDER_TIMEOUT_MS 20000 /* of one request */
#define SENDER_BODY_MAX ((size_t)8 * 1024 * 1024) /* bytes of one PNG */

/* One spool, one connection that is kept open, and from sender_start to sender_stop a thread that
 * sends the oldest body, then the next. All functions but start, stop and flush may be called while
 * the thread runs, by one other thread. */
struct sender;

/* `identity` outlives the sender. */
RW_MUST_USE bool sender_open(const char *state_folder, const struct enrol_identity *identity,
                             const struct rw_clock *clock, struct sender **ret_sender,
                             struct rw_error *err);
void sender_close(struct sender *sender);

/* True once the bytes are on the disk. Never waits for the network. */
RW_MUST_USE bool sender_add(struct sender *sender, const struct spool_entry *entry,
                            const void *bytes, size_t length, struct rw_error *err);
size_t sender_waiting(struct sender *sender);

RW_MUST_USE bool sender_start(struct sender *sender, struct rw_error *err);
/* Ends the thread, once the request that it is at has its answer. */
void sender_stop(struct sender *sender);
/* Without the thread: sends until nothing waits or the network fails. False: the service refused
 * something for good, now or while the thread ran; the first of it. */
RW_MUST_USE bool sender_flush(struct sender *sender, struct rw_error *err);

/* What a status other than 2xx means: always false. */
bool sender_refused(const char *what, int32_t status, struct rw_error *err);

#endif
