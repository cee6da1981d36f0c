/* SPDX-License-Identifier: Apache-2.0 */
/* A message of the outbox on its way to one exit. */
#ifndef RW_API_MESSAGE_H
#define RW_API_MESSAGE_H

#include <stdbool.h>

#include "api/config.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/model/alarm.h"
#include "core/net/fetch.h"
#include "db/outbox.h"

#define MESSAGE_SUPERVISION "supervision"

/* All borrowed for one try. */
struct message {
    const struct config_exit *exit;
    const struct outbox_row *row;
    struct rw_arena *arena;
    struct rw_clock clock;
};

bool message_is_supervision(const struct message *message);
/* What the payload of an alarm says, as api/raise.c wrote it. */
RW_MUST_USE bool message_alarm(const struct message *message, struct alarm *ret_alarm,
                               struct rw_error *err);

/* A try to hand it over; true once the other side has taken it. `ret_wait_s`: so long it asks to be
 * left alone, when it answered. */
RW_MUST_USE bool message_send_webhook(const struct message *message, struct fetch *fetch,
                                      int64_t *ret_wait_s, struct rw_error *err);
RW_MUST_USE bool message_send_centre(const struct message *message, struct rw_error *err);

#endif
