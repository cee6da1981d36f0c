/* SPDX-License-Identifier: Apache-2.0 */
/* Knows whose the other rolls of a folder are. */
#ifndef RW_CLI_VERIFY_OTHERS_H
#define RW_CLI_VERIFY_OTHERS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "verifier/match.h"

#define VERIFY_OTHERS_MAX 10000 /* rolls of one folder */

/* Reads every NAME.roll.json of the folder, as `build` writes them. */
RW_MUST_USE bool verify_others_read(const char *folder, struct rw_arena *arena,
                                    const struct match_other **ret_others, size_t *ret_count,
                                    struct rw_error *err);

#endif
