/* SPDX-License-Identifier: Apache-2.0 */
/* The clock on the wall of the pharmacy: its zone and its day. */
#ifndef RW_API_WALL_H
#define RW_API_WALL_H

#include <stdbool.h>
#include <stdint.h>

#include "api/exchange.h"
#include "core/base/attributes.h"
#include "core/base/zone.h"
#include "db/scope.h"

struct service;

/* The zone of the policy that holds; the caller closes it. */
RW_MUST_USE bool wall_open(struct service *service, struct exchange *exchange,
                           struct rw_zone **ret_zone, struct rw_error *err);
/* The same inside a transaction. */
RW_MUST_USE bool wall_zone(const struct scope *scope, struct rw_zone **ret_zone,
                           struct rw_error *err);
/* The day of the exchange there; by UTC where the database cannot say which zone that is. */
int32_t wall_today(struct service *service, struct exchange *exchange);

#endif
