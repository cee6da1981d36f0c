/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers share: JSON bodies in, rolls and failures out. */
#ifndef RW_API_RESPOND_H
#define RW_API_RESPOND_H

#include <stdbool.h>

#include "api/exchange.h"
#include "api/step.h"
#include "core/base/attributes.h"
#include "core/base/text.h"
#include "core/json/json_read.h"
#include "core/json/json_write.h"

struct service;

/* A reply under construction. */
struct respond {
    struct rw_text text;
    struct json_writer json;
};

/* Our own faults are told to the log, everything else to the caller alone; that the database is
 * silent is told once by who watches it. */
void respond_log(struct service *service, const struct exchange *exchange,
                 const struct rw_error *err);
/* Answers with the problem; our own faults are told to the log as well. */
void respond_error(struct service *service, struct exchange *exchange, const struct rw_error *err);
/* The body as an object of which every member is one of `names` (ended by NULL). */
RW_MUST_USE bool respond_read(struct exchange *exchange, const char *const *names,
                              const struct json **ret_root, struct rw_error *err);
void respond_begin(struct respond *respond, struct exchange *exchange);
/* Answers with what was written. */
void respond_end(struct service *service, struct exchange *exchange, struct respond *respond,
                 int32_t status);
/* {"roll":…,"version":…,"state":…,"fingerprint":…} with the strong ETag of that version. */
void respond_step(struct service *service, struct exchange *exchange, const struct step *step);
/* True when If-None-Match names this tag: the reply is then 304. */
bool respond_not_modified(struct exchange *exchange, const char *tag);

#endif
