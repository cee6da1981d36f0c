/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps signed ends of the journal's chain. */
#ifndef RW_DB_CHECKPOINTS_H
#define RW_DB_CHECKPOINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/scope.h"

#define CHECKPOINTS_PAGE 500

struct checkpoints_row {
    int64_t seq;
    int64_t at_ms;
    const char *text; /* as it was signed */
};

RW_MUST_USE bool checkpoints_insert(const struct scope *scope, const struct checkpoints_row *row,
                                    struct rw_error *err);
/* The last of them, without its text; all zero = there is none. */
RW_MUST_USE bool checkpoints_last(const struct scope *scope, struct checkpoints_row *ret_row,
                                  struct rw_error *err);
/* Those behind `after` up to and with `to`, in their order, at most CHECKPOINTS_PAGE. */
RW_MUST_USE bool checkpoints_find(const struct scope *scope, int64_t after, int64_t to,
                                  struct checkpoints_row **ret_rows, size_t *ret_count,
                                  struct rw_error *err);

#endif
