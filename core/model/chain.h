/* SPDX-License-Identifier: Apache-2.0 */
/* The chain of hashes that seals the rows of the journal. */
#ifndef RW_CORE_MODEL_CHAIN_H
#define RW_CORE_MODEL_CHAIN_H

#include <stdint.h>

#include "core/base/crypto.h"

/* What the first row is chained to. */
#define CHAIN_FIRST_HASH "0000000000000000000000000000000000000000000000000000000000000000"

/* A row of the journal as it is sealed; no text is NULL. */
struct chain_row {
    const char *id;
    int64_t at_ms;
    const char *actor;
    const char *role;
    const char *action;
    const char *object_type;
    const char *object_id;
    const char *client;
    const char *detail;
    const char *source;
};

/* SHA-256 over the previous hash, the number and every column, each with its length before it, so
 * that no two rows write the same bytes. */
void chain_hash(const char *previous, int64_t seq, const struct chain_row *row,
                char ret_hash[RW_HEX_SHA256_MAX]);

#endif
