/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps what lines saw of bags while the film still ran. */
#ifndef RW_DB_GLANCES_H
#define RW_DB_GLANCES_H

#include "db/bags.h"
#include "db/scope.h"

/* The glance takes the place of the one before; `ret_new` is false when this line gave the same
 * bytes last. */
RW_MUST_USE bool glances_put(const struct scope *scope, const struct bags_verdict *glance,
                             bool *ret_new, struct rw_error *err);
/* The bag has its verdict: what was seen of it before says nothing more. */
RW_MUST_USE bool glances_settle(const struct scope *scope, const char *roll, const char *serial,
                                struct rw_error *err);

#endif
