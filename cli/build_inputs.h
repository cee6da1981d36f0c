/* SPDX-License-Identifier: Apache-2.0 */
/* Reads order files and sorts their lines by client. */
#ifndef RW_CLI_BUILD_INPUTS_H
#define RW_CLI_BUILD_INPUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/build_glance.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/model/order.h"

#define BUILD_CLIENTS_MAX 500000 /* of one run */

/* One file. Files with the same bytes are read once. What a file of one client says is not kept
 * but read again when that client's turn comes, so that memory does not grow with their number. */
struct build_source {
    const char *path; /* as given */
    const char *name; /* without its folder, unless two files share that name */
    char digest[RW_HEX_SHA256_MAX];
    bool kept;                /* `orders` is filled: several clients, or no file to read again */
    struct order_list orders; /* lives as long as the run */
    struct build_stray *strays;
    size_t stray_count;
};

/* One client and the files that speak of them. */
struct build_client {
    const char *id;
    const char *number;                  /* of the first roll; set by the caller */
    const struct build_source **sources; /* in the order of their digests */
    size_t source_count;
};
/* All lines of a client, in an order that depends on the bytes of the files alone. */
struct build_lines {
    const struct order **orders;
    size_t count;
};

struct build_inputs {
    struct build_source *sources;        /* as given */
    const struct build_source **ordered; /* in the order of their digests */
    size_t source_count;
    struct build_client *clients; /* by id */
    size_t client_count;
};

/* Told of each file that could not be read or was given twice, and after each file. */
struct build_listener {
    void *self;
    void (*unreadable)(void *self, const char *path, const struct rw_error *err);
    void (*repeated)(void *self, const char *path);
    void (*passed)(void *self, size_t files);
};

/* Read by `jobs` processes, 0 = one a processor. Every file must be readable: a file left out could
 * be half of somebody's medicines. On failure `err` is that of the worst one, and the listener has
 * heard of all. */
RW_MUST_USE bool build_inputs_read(char *const *paths, size_t count, const struct rw_zone *zone,
                                   const struct build_listener *listener, size_t jobs,
                                   struct rw_arena *arena, struct build_inputs *ret_inputs,
                                   struct rw_error *err);

/* Reads the lines of one client, again where they were not kept; a file that is no longer what it
 * was is RW_UNREADABLE. */
RW_MUST_USE bool build_inputs_load(const struct build_client *client, const struct rw_zone *zone,
                                   struct rw_arena *arena, struct build_lines *ret_lines,
                                   struct rw_error *err);

#endif
