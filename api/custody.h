/* SPDX-License-Identifier: Apache-2.0 */
/* Asks whether a folder of keys is the one that a journal goes with. */
#ifndef RW_API_CUSTODY_H
#define RW_API_CUSTODY_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

struct service;

/* Is the last checkpoint of the journal signed by a key of this folder? A folder that was made
 * beside the database, or that is another pharmacy's, has none that did: its schedules are refused
 * by each dispenser that there is. A journal without a checkpoint goes with any. */
RW_MUST_USE bool custody_is_ours(struct service *service, struct rw_arena *arena, bool *ret_is,
                                 struct rw_error *err);
/* The same; what is not ours is a conflict that says what a person can do. */
RW_MUST_USE bool custody_check(struct service *service, struct rw_arena *arena,
                               struct rw_error *err);
/* A journal has an end that was signed here, so there was a list of the keys for schedules, too:
 * one that is gone is not begun anew, since no dispenser takes what another key signs. */
RW_MUST_USE bool custody_check_schedules(struct service *service, struct rw_arena *arena,
                                         struct rw_error *err);
/* The folder that signed so far is lost for good: the journal says so, and its next end, a
 * checkpoint, is signed by this one. `ret_taken` is false where it was ours all along. */
RW_MUST_USE bool custody_take(struct service *service, struct rw_arena *arena, bool *ret_taken,
                              struct rw_error *err);

#endif
