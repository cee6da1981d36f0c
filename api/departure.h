/* SPDX-License-Identifier: Apache-2.0 */
/* Ends what people hold open once they are signed in no more. */
#ifndef RW_API_DEPARTURE_H
#define RW_API_DEPARTURE_H

#include "core/base/arena.h"

struct service;

#define DEPARTURE_OWNERS_MAX 16384 /* looked at in one round; people hold far fewer */

/* Whoever signed out, on any node, is not enrolled any more, or whose session or token is over:
 * their streams end. The database says who that is; while it cannot, nothing new comes either. */
void departure_look(struct service *service, struct rw_arena *arena);

#endif
