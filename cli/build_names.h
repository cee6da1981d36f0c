/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the files that are meant, and names that tell them apart. */
#ifndef RW_CLI_BUILD_NAMES_H
#define RW_CLI_BUILD_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define BUILD_NAMES_MAX 1000000 /* files of one run */

/* A folder stands for its files, in the order of their names; those that begin with a dot and
 * folders in it are left out. Anything else stands for itself. */
RW_MUST_USE bool build_names_expand(char *const *given, size_t count, struct rw_arena *arena,
                                    char ***ret_paths, size_t *ret_count, struct rw_error *err);
/* One for each path: the name without its folder, or the path where two files share that name. */
RW_MUST_USE bool build_names_make(char *const *paths, size_t count, struct rw_arena *arena,
                                  const char ***ret_names, struct rw_error *err);

#endif
