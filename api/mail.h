/* SPDX-License-Identifier: Apache-2.0 */
/* Writes an alarm as a mail in plain words, without names and drugs. */
#ifndef RW_API_MAIL_H
#define RW_API_MAIL_H

#include <stdbool.h>

#include "api/message.h"

/* A try to hand it over; true once the server has taken it for everybody. */
RW_MUST_USE bool mail_send(const struct message *message, struct rw_error *err);

#endif
