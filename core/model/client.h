/* SPDX-License-Identifier: Apache-2.0 */
/* The person a roll is made for. */
#ifndef RW_CORE_MODEL_CLIENT_H
#define RW_CORE_MODEL_CLIENT_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define CLIENT_ID_MAX 64
#define CLIENT_NAME_MAX 128

/* Texts are borrowed from the arena of whoever read them. `id` is the pharmacy's own id, never a
 * BSN. Name and birth date appear on bags and in the roll, never in an error, a log or a code. */
struct client {
    const char *id;
    const char *name;
    const char *born; /* "1941-03-14" */
};

/* May this id name a file? Letters, digits, ".", "-", "_"; begins with none of "." and "-"; at most
 * CLIENT_ID_MAX - 1 bytes. */
bool client_is_id(const char *text);
/* The id of somebody who is known by an insurance card alone. Its number names the person
 * everywhere, so only a hash of it is kept; every format that bears the card gives the same id. */
RW_MUST_USE bool client_card_id(const char *number, struct rw_arena *arena, const char **ret_id,
                                struct rw_error *err);

#endif
