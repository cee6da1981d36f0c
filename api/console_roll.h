/* SPDX-License-Identifier: Apache-2.0 */
/* The page of one roll: all that is known of it, and what may be done. */
#ifndef RW_API_CONSOLE_ROLL_H
#define RW_API_CONSOLE_ROLL_H

#include "api/exchange.h"
#include "core/base/error.h"

struct service;

/* Answers with the page of the roll that the address names, and the trouble on top of it. */
void console_roll_show(struct service *service, struct exchange *exchange,
                       const struct rw_error *trouble);

#endif
