/* SPDX-License-Identifier: Apache-2.0 */
/* The chain of hashes that seals the rows of the journal. */
#include "core/model/chain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/attributes.h"

static void add_text(struct rw_sha256 *hash, const char *text)
{
    char size[24];
    size_t length = strlen(text);
    int written = snprintf(size, sizeof size, "%zu:", length);
    rw_sha256_add(hash, size, (size_t)written);
    rw_sha256_add(hash, text, length);
}

static void add_number(struct rw_sha256 *hash, int64_t number)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRId64, number);
    add_text(hash, text);
}

void chain_hash(const char *previous, int64_t seq, const struct chain_row *row,
                char ret_hash[RW_HEX_SHA256_MAX])
{
    const char *const texts[] = { row->actor,     row->role,   row->action, row->object_type,
                                  row->object_id, row->client, row->detail, row->source };
    struct rw_sha256 hash;
    uint8_t digest[RW_SHA256_BYTES];
    rw_sha256_begin(&hash);
    add_text(&hash, previous);
    add_number(&hash, seq);
    add_text(&hash, row->id);
    add_number(&hash, row->at_ms);
    for (size_t i = 0; i < RW_COUNT(texts); i++)
        add_text(&hash, texts[i]);
    rw_sha256_end(&hash, digest);
    rw_hex_sha256(digest, ret_hash);
}
