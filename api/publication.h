/* SPDX-License-Identifier: Apache-2.0 */
/* Signs a schedule, stores it and says that it is there. */
#ifndef RW_API_PUBLICATION_H
#define RW_API_PUBLICATION_H

#include <stdbool.h>

#include "core/base/attributes.h"
#include "core/model/schedule.h"
#include "db/dispensers.h"
#include "db/scope.h"

struct service;

#define PUBLICATION_TYP "rolwacht-schedule+json"

/* What becomes of the moments that are watched. */
enum publication_moments {
    PUBLICATION_NEW,  /* those of the schedule, and of its part before as they are */
    PUBLICATION_SAME, /* as they are: the caller ended those that no longer count */
    PUBLICATION_ENDED /* none */
};

/* All in the caller's transaction: the signed bytes under the dispenser's next version, with the
 * client's pauses as they stand, the moments that are watched from now on, the change that wakes
 * who waits, and a message for others. `dispenser` is locked; its version becomes the schedule's.
 */
RW_MUST_USE bool publication_store(struct service *service, const struct scope *scope,
                                   struct schedule *schedule, struct dispensers_row *dispenser,
                                   enum publication_moments moments, struct rw_error *err);
/* The schedule that holds, for who will store the next one: until the transaction ends nobody else
 * does, so that nothing that another revoked meanwhile comes back. */
RW_MUST_USE bool publication_open(struct service *service, const struct scope *scope,
                                  const char *dispenser_id, struct schedule **ret_schedule,
                                  struct rw_error *err);
/* The schedule that a dispenser has, its signature checked; NULL when it has none. */
RW_MUST_USE bool publication_read(struct service *service, const struct scope *scope,
                                  const char *dispenser_id, struct schedule **ret_schedule,
                                  struct rw_error *err);

#endif
