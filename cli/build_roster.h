/* SPDX-License-Identifier: Apache-2.0 */
/* Which client stands in which files, in the order of their ids. */
#ifndef RW_CLI_BUILD_ROSTER_H
#define RW_CLI_BUILD_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/build_glance.h"
#include "cli/build_names.h"
#include "cli/build_spool.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/error.h"
#include "core/model/order.h"

#define BUILD_CLIENTS_MAX 500000 /* of one run */

/* One file. Files with the same bytes are read once. What a file of one client says is not kept
 * but read again when that client's turn comes, so that memory does not grow with their number. */
struct build_source {
    const char *path; /* as given */
    const char *name; /* without its folder, unless two files share that name */
    char digest[RW_HEX_SHA256_MAX];
    uint64_t check;           /* rw_text_hash of its bytes: when it is read again it is compared */
    uint32_t place;           /* on the command line */
    bool kept;                /* `orders` is filled: several clients, or no file to read again */
    bool strays;              /* somebody in it is not known */
    struct order_list orders; /* lives as long as the run */
};

/* One client and the files that speak of them. */
struct build_client {
    const char *id;
    const char *number;                  /* of the first roll; set by the caller */
    const struct build_source **sources; /* in the order of their digests */
    size_t source_count;
};

/* The files whose orders stay in memory lie in `kept`; all else lies in spools. */
struct build_roster {
    struct rw_arena *arena;    /* of the run */
    struct build_spool places; /* a client in a file, as they are found */
    struct build_spool clients;
    const struct build_source **kept;
    size_t kept_count;
    size_t kept_room;
};

void build_roster_init(struct build_roster *roster, struct rw_arena *arena);
/* `first`: no other client of this file was noted yet. */
RW_MUST_USE bool build_roster_note(struct build_roster *roster, const struct build_source *source,
                                   const char *client, bool first, struct rw_error *err);

/* Told of each file whose bytes were there before. */
struct build_repeats {
    void *self;
    void (*repeated)(void *self, const char *path);
};
/* Sorts what was noted; nothing can be noted any more. */
RW_MUST_USE bool build_roster_close_notes(struct build_roster *roster,
                                          const struct build_repeats *repeats,
                                          struct rw_error *err);
/* Also in a process that was forked since. */
RW_MUST_USE bool build_roster_get(const struct build_roster *roster, size_t index,
                                  struct rw_arena *arena, struct build_client *ret_client,
                                  struct rw_error *err);
void build_roster_close(struct build_roster *roster);

#endif
