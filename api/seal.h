/* SPDX-License-Identifier: Apache-2.0 */
/* Seals the journal and exports the signed head of its chain. */
#ifndef RW_API_SEAL_H
#define RW_API_SEAL_H

#include <stdbool.h>
#include <stdint.h>

#include "api/key_files.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "db/journal.h"

struct service;

#define SEAL_HEAD_FILE "journal.head"
#define SEAL_TYP "rolwacht-journal-head+json"
#define SEAL_CHECKPOINT_MS (INT64_C(3600) * 1000) /* between two that are kept in the table */

/* A signed end of the chain. It names the checkpoint before it, so that one that is taken out of
 * the table is missed. */
struct seal_end {
    struct journal_head head;
    int64_t before; /* its seq; 0 = there was none, SEAL_UNTOLD = signed before this was told */
    bool kept;      /* this end is a checkpoint itself */
};
#define SEAL_UNTOLD (-1)

/* Seals what is new since `since_ms` and, when there was something, writes the signed head beside
 * the keys: a chain without an anchor outside the database proves nothing against its keeper. A
 * head that the chain does not pass through stays as it is. */
RW_MUST_USE bool seal_journal(struct service *service, int64_t since_ms, struct rw_arena *arena,
                              int64_t *ret_sealed, struct rw_error *err);
/* A start that finds sealed rows and no head says so in the journal. The head that follows this row
 * vouches for all before it, though nobody knows what else had stood there. */
RW_MUST_USE bool seal_note_missing_head(struct service *service, struct rw_arena *arena,
                                        struct rw_error *err);
/* The exported head as it was signed; NULL when none was exported yet. */
RW_MUST_USE bool seal_read_head(const struct service *service, struct rw_arena *arena,
                                const char **ret_head, struct rw_error *err);
/* What a signed head or checkpoint says, when one of the keys signed it. */
RW_MUST_USE bool seal_open(const struct keyring *keys, const char *signed_head,
                           struct rw_arena *arena, struct seal_end *ret_end, struct rw_error *err);
/* Checks the whole chain, that every checkpoint and the exported head lie on it, and that no
 * checkpoint and no head is missing. */
RW_MUST_USE bool seal_check(struct service *service, struct rw_arena *arena,
                            struct journal_report *ret_report, struct rw_error *err);

#endif
