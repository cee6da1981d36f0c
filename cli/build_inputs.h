/* SPDX-License-Identifier: Apache-2.0 */
/* Reads order files and sorts their lines by client. */
#ifndef RW_CLI_BUILD_INPUTS_H
#define RW_CLI_BUILD_INPUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/model/order.h"

#define BUILD_CLIENTS_MAX 20000 /* of one run */

/* One file as it was read. Files with the same bytes are read once. */
struct build_source {
    const char *path; /* as given */
    const char *name; /* without its folder, unless two files share that name */
    char digest[RW_HEX_SHA256_MAX];
    struct order_list orders;
    bool nameless; /* holds an agreement whose client is not known */
};

/* One client with all lines, in an order that depends on the bytes of the files alone. */
struct build_client {
    const char *id;
    const struct order **orders;
    size_t order_count;
    const struct build_source **sources; /* in the order of their digests */
    size_t source_count;
};

struct build_inputs {
    struct build_source *sources; /* in the order of their digests */
    size_t source_count;
    struct build_client *clients; /* by id */
    size_t client_count;
};

/* Told of each file that could not be read or was given twice. */
struct build_listener {
    void *self;
    void (*unreadable)(void *self, const char *path, const struct rw_error *err);
    void (*repeated)(void *self, const char *path);
};

/* Every file must be readable: a file left out could be half of somebody's medicines. On failure
 * `err` is that of the worst one, and the listener has heard of all. */
RW_MUST_USE bool build_inputs_read(char *const *paths, size_t count, const struct rw_zone *zone,
                                   const struct build_listener *listener, struct rw_arena *arena,
                                   struct build_inputs *ret_inputs, struct rw_error *err);

/* Does a line stand for something that somebody takes, so that losing it would be an omission? */
bool build_inputs_is_agreement(const struct order *order);

#endif
