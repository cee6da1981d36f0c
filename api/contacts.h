/* SPDX-License-Identifier: Apache-2.0 */
/* Remembers which dispensers were heard since the last look. */
#ifndef RW_API_CONTACTS_H
#define RW_API_CONTACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "api/exchange.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"

#define CONTACTS_MAX \
    16384 /* dispensers between two looks; who is one too many is heard next time */

/* A request costs a look in this table and no statement; the caretaker writes them all at once.
 * Thread-safe. */
struct contacts;

RW_MUST_USE bool contacts_open(struct rw_arena *arena, struct contacts **ret_contacts,
                               struct rw_error *err);
void contacts_close(struct contacts *contacts);
void contacts_note(struct contacts *contacts, const char *dispenser);
/* Gives those that were noted, each once, and forgets them. The names live in the arena. */
RW_MUST_USE bool contacts_take(struct contacts *contacts, struct rw_arena *arena,
                               const char ***ret_names, size_t *ret_count, struct rw_error *err);

#endif
