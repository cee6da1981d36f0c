/* SPDX-License-Identifier: Apache-2.0 */
/* Decides in which folder the service's own cluster lies. */
#ifndef RW_API_CLUSTER_PLACE_H
#define RW_API_CLUSTER_PLACE_H

#include <stdbool.h>

#include "api/child.h"
#include "core/base/attributes.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/file.h"

struct cluster_place {
    char base[RW_FILE_PATH_MAX];
    bool elsewhere; /* not under the state folder */
};

/* Where a cluster is, there it stays; a new one lies under the state folder, or under
 * /var/lib/rolwacht where the account may not enter that. Refused: one in each place, and one
 * elsewhere that was not made with the keys of this state folder. */
RW_MUST_USE bool cluster_place_choose(const struct child_account *account,
                                      const struct rw_clock *clock, const char *state,
                                      struct cluster_place *ret_place, struct rw_error *err);
/* Notes beside a cluster elsewhere with whose keys it goes. Its folder is there. */
RW_MUST_USE bool cluster_place_mark(const struct cluster_place *place, const char *state,
                                    struct rw_error *err);

#endif
