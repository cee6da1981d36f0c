/* SPDX-License-Identifier: Apache-2.0 */
/* Ends what people hold open once they are signed in no more. */
#ifndef RW_API_DEPARTURE_H
#define RW_API_DEPARTURE_H

#include <stdint.h>

#include "core/base/arena.h"

struct service;

#define DEPARTURE_OWNERS_MAX 16384   /* looked at in one round; people hold far fewer */
#define DEPARTURE_UNCHECKED_MS 60000 /* longer than the change of a database's leader */

/* Whoever signed out, on any node, or whose session or token is over: their streams end. The
 * database says who that is; where it could not since `checked_ms` (monotonic, kept by the caller),
 * all streams of people and programs end after DEPARTURE_UNCHECKED_MS. Those of dispensers live on:
 * each holds but its own, and must hear of a newer schedule as soon as there can be one. */
void departure_look(struct service *service, int64_t *checked_ms, struct rw_arena *arena);

#endif
