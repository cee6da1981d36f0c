/* SPDX-License-Identifier: Apache-2.0 */
/* Writes what a packaging machine must put into each bag. */
#ifndef RW_LABELS_ORDERFILE_H
#define RW_LABELS_ORDERFILE_H

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/roll.h"

#define ORDERFILE_BYTES_MAX ((size_t)32 * 1024 * 1024)

/* Makers keep their formats to themselves, so both are ours and documented (docs/LABELS.md): one
 * row or object for each product in each dose bag. The client stands in them by id, not by name. */
RW_MUST_USE bool orderfile_write_csv(const struct roll *roll, struct rw_arena *arena,
                                     const char **ret_bytes, size_t *ret_length,
                                     struct rw_error *err);
RW_MUST_USE bool orderfile_write_json(const struct roll *roll, struct rw_arena *arena,
                                      const char **ret_bytes, size_t *ret_length,
                                      struct rw_error *err);

#endif
