/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps bodies on the disk until the service has taken them. */
#ifndef RW_VERIFIER_SPOOL_H
#define RW_VERIFIER_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/bag.h"
#include "core/model/roll.h"

/* STATE/spool holds one file for each body: "NUMBER-KIND-ROLL-SERIAL", numbers rising, each written
 * whole or not at all. STATE/refused holds what the service would not have. A second program that
 * opens the spool of a first gets RW_CONFLICT. */
enum spool_kind { SPOOL_GLANCE, SPOOL_VERDICT, SPOOL_PICTURE, SPOOL_KIND_COUNT };
struct spool_entry {
    int64_t number; /* given by spool_add */
    enum spool_kind kind;
    char roll[ROLL_NUMBER_MAX];
    char serial[BAG_SERIAL_MAX];
};
struct spool;

RW_MUST_USE bool spool_open(const char *state_folder, size_t max, struct spool **ret_spool,
                            struct rw_error *err);
void spool_close(struct spool *spool);
size_t spool_count(const struct spool *spool);
RW_MUST_USE bool spool_add(struct spool *spool, const struct spool_entry *entry, const void *bytes,
                           size_t length, struct rw_error *err);
/* False when the spool is empty. */
bool spool_oldest(const struct spool *spool, struct spool_entry *ret_entry);
RW_MUST_USE bool spool_read(const struct spool *spool, const struct spool_entry *entry, size_t max,
                            struct rw_arena *arena, char **ret_bytes, size_t *ret_length,
                            struct rw_error *err);
/* Of the oldest entry. */
RW_MUST_USE bool spool_remove(struct spool *spool, const struct spool_entry *entry,
                              struct rw_error *err);
RW_MUST_USE bool spool_set_aside(struct spool *spool, const struct spool_entry *entry,
                                 struct rw_error *err);

#endif
