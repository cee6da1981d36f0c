/* SPDX-License-Identifier: Apache-2.0 */
/* Writes down what is agreed about a client beside the orders. */
#ifndef RW_API_CLIENT_RECORD_H
#define RW_API_CLIENT_RECORD_H

#include <stdbool.h>

#include "core/base/attributes.h"
#include "core/model/schedule.h"
#include "db/records.h"
#include "db/scope.h"
#include "roll-builder/people.h"

struct service;

#define CLIENT_RECORD_ALARM_MAX_MIN 1440
#define CLIENT_RECORD_BASELINE_MAX 200
#define CLIENT_RECORD_VISITS_MAX 1000

/* The next version of a client's record, journalled with its reason. */
RW_MUST_USE bool client_record_put(struct service *service, const struct scope *who,
                                   const char *client, const struct records_row *row,
                                   int64_t *ret_version, struct rw_error *err);
/* Journalled as a reading. RW_NOT_FOUND when there is no such client. */
RW_MUST_USE bool client_record_get(struct service *service, const struct scope *who,
                                   const char *client, struct records_row *ret_row,
                                   struct rw_error *err);
/* Follow-up visits of a month, "2026-11". */
RW_MUST_USE bool client_record_visits(struct service *service, const struct scope *who,
                                      const char *client, const char *month, int64_t visits,
                                      struct rw_error *err);
bool client_record_is_month(const char *text);
/* In the caller's transaction: what a plan asks of the client (D3, D30). False in `ret_known`
 * where the pharmacy keeps no records at all: then none is missed. */
RW_MUST_USE bool client_record_person(const struct scope *scope, const char *client,
                                      struct person *ret_person, bool *ret_known,
                                      struct rw_error *err);

#endif
