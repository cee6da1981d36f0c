/* SPDX-License-Identifier: Apache-2.0 */
/* Who may follow a client, as the client allowed it. */
#ifndef RW_API_CONSENT_H
#define RW_API_CONSENT_H

#include <stdbool.h>

#include "core/base/attributes.h"
#include "db/follows.h"
#include "db/scope.h"

struct service;

/* `given` needs client_id, follower, kind, what is allowed, and the reason. RW_INVALID when nobody
 * of that name, and of the role that the kind names, could follow. */
RW_MUST_USE bool consent_give(struct service *service, const struct scope *who,
                              const struct follows_row *given, struct rw_error *err);
RW_MUST_USE bool consent_end(struct service *service, const struct scope *who,
                             const char *client_id, const char *follower, struct rw_error *err);
/* Those that ended too, the last first. */
RW_MUST_USE bool consent_list(struct service *service, const struct scope *who,
                              const char *client_id, struct follows_list *ret_list,
                              struct rw_error *err);

#endif
