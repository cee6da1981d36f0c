/* SPDX-License-Identifier: Apache-2.0 */
/* What one file says of its clients, as bytes that processes exchange. */
#ifndef RW_CLI_BUILD_GLANCE_H
#define RW_CLI_BUILD_GLANCE_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/build_crew.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/error.h"
#include "core/model/order.h"

/* An agreement that names nobody we know. */
struct build_stray {
    const char *pointer;
    const char *id;
};

/* `err` other than RW_OK: the file cannot be used, and the rest says nothing. */
struct build_glance {
    struct rw_error err;
    bool apart; /* speaks of several clients, or is no file that can be read again */
    char digest[RW_HEX_SHA256_MAX];
    uint64_t check;       /* rw_text_hash of the bytes */
    const char **clients; /* one after the other is never the same */
    size_t client_count;
    struct build_stray *strays;
    size_t stray_count;
};

/* Does a line stand for something that somebody takes, so that losing it would be an omission? */
bool build_glance_is_agreement(const struct order *order);

/* Clients and strays borrow from the orders. */
RW_MUST_USE bool build_glance_make(const char *bytes, size_t length,
                                   const struct order_list *orders, struct rw_arena *arena,
                                   struct build_glance *ret_glance, struct rw_error *err);
RW_MUST_USE bool build_glance_pack(const struct build_glance *glance, struct rw_arena *arena,
                                   struct build_piece *ret_piece, struct rw_error *err);
/* Texts borrow from the piece. */
RW_MUST_USE bool build_glance_unpack(const struct build_piece *piece, struct rw_arena *arena,
                                     struct build_glance *ret_glance, struct rw_error *err);

#endif
