/* SPDX-License-Identifier: Apache-2.0 */
/* A person says that a client is away, and is back. */
#ifndef RW_API_PAUSE_H
#define RW_API_PAUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/pause_bags.h"
#include "api/withdraw.h"
#include "core/base/attributes.h"
#include "core/base/zone.h"
#include "core/json/json_write.h"
#include "db/pauses.h"
#include "db/scope.h"

struct service;

#define PAUSE_DAYS_MAX 366    /* from its first to its last day */
#define PAUSE_PAST_DAYS_MAX 7 /* somebody may say so afterwards */
#define PAUSE_TOLD_MAX 4      /* dispensers that one client's rolls lie in */

struct pause_request {
    const char *client;
    const char *carer; /* who may do it only where the client let that person; NULL: the pharmacy */
    const char *kind;  /* "away": bags go along; "pause": they are withheld */
    struct rw_stamp from;
    struct rw_stamp until;
    bool open; /* until somebody says that the client is back; of "pause" alone */
    const char *reason;
};
struct pause_result {
    const char *pause_id;
    struct pause_bags bags;
    struct withdraw_told told[PAUSE_TOLD_MAX];
    size_t told_count;
};

/* Nothing is handed out, missed or alarmed while it lasts. The dispensers hear it; a bag that goes
 * along may be taken out before its time; what was called missed in it is withheld, and its alarm
 * over. RW_CONFLICT when another pause of the client has a moment in common with it. */
RW_MUST_USE bool pause_set(struct service *service, const struct scope *who,
                           const struct pause_request *request, struct pause_result *ret_result,
                           struct rw_error *err);

struct pause_end_request {
    const char *client;
    const char *carer;
    const char *pause_id;
    bool unchanged; /* the medicines are those of the roll (C.8); without it a new roll is made */
    const char *reason;
};
/* The client is back, or does not leave after all. */
RW_MUST_USE bool pause_end(struct service *service, const struct scope *who,
                           const struct pause_end_request *request, struct pause_result *ret_result,
                           struct rw_error *err);

/* The pauses of a client, the last first. */
RW_MUST_USE bool pause_list(struct service *service, const struct scope *who, const char *client,
                            const char *carer, struct pauses_list *ret_list, struct rw_error *err);
/* Members of a pause: which, of what kind, from when, until when. */
void pause_write(struct json_writer *json, const struct pauses_row *row);

#endif
