/* SPDX-License-Identifier: Apache-2.0 */
/* What the conformance kit asks the service, and what it remembers. */
#ifndef RW_DISPENSER_KIT_CALL_H
#define RW_DISPENSER_KIT_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/model/event.h"
#include "core/net/enrol.h"
#include "core/net/fetch.h"

#define KIT_CALL_TIMEOUT_MS 20000
#define KIT_CALL_ETAG_MAX 128
#define KIT_CALL_EVENTS_MAX 4                  /* events of one batch that the kit posts */
#define KIT_CALL_FAR_AHEAD INT64_C(1000000000) /* no dispenser counts so far in a trial */

/* The trial while it runs: what one rule learns, the next ones use. */
struct kit_call {
    const struct enrol_identity *identity;
    const struct enrol_identity *revoked; /* NULL = none was given */
    struct rw_clock clock;
    struct rw_arena *arena; /* of one rule */
    struct fetch *fetch;
    char etag[KIT_CALL_ETAG_MAX];
    int64_t version; /* of the schedule that was downloaded; 0 = none */
    int64_t stored;  /* the last event that the service has */
    bool skipped;    /* nothing was given to check the rule with */
};

/* Whether there is a schedule that a rule can be checked with. */
RW_MUST_USE bool kit_call_has_schedule(const struct kit_call *kit, struct rw_error *err);
/* Says that something else came. Always false. */
bool kit_call_broken(struct rw_error *err, const char *what, const struct fetch_answer *answer);
/* The address of something of a dispenser; NULL on failure. */
const char *kit_call_address(struct kit_call *kit, const char *dispenser, const char *what,
                             struct rw_error *err);
/* `condition` is the value of If-None-Match; NULL = none is sent. */
RW_MUST_USE bool kit_call_get(struct kit_call *kit, const char *what, const char *condition,
                              struct fetch_answer *answer, struct rw_error *err);
/* Posts a body to the events of a dispenser. */
RW_MUST_USE bool kit_call_send(struct kit_call *kit, const char *dispenser, const char *body,
                               size_t length, struct fetch_answer *answer, struct rw_error *err);
/* Posts `count` events "online" from `seq` on, by a clock that is `ahead_ms` wrong. */
RW_MUST_USE bool kit_call_post(struct kit_call *kit, const char *dispenser, int64_t seq,
                               size_t count, int64_t ahead_ms, struct fetch_answer *answer,
                               struct rw_error *err);
/* Asks for the schedule as somebody else; `ret_status` is 0 when no answer came. */
RW_MUST_USE bool kit_call_as(struct kit_call *kit, const struct fetch_identity *files,
                             int32_t *ret_status, struct rw_error *err);

#endif
