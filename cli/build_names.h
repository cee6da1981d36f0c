/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the files that are meant, and names that tell them apart. */
#ifndef RW_CLI_BUILD_NAMES_H
#define RW_CLI_BUILD_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/build_spool.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define BUILD_NAMES_MAX 1000000 /* files of one run */

/* One file that is meant. Both texts borrow from the arena. */
struct build_name {
    uint32_t place; /* of what stood on the command line: the file itself, or its folder */
    const char *path;
    const char *name; /* without its folder, unless two files share that name */
};

/* A folder stands for its files; those that begin with a dot and folders in it are left out.
 * Anything else stands for itself. The names are in the order of the files' own names. */
RW_MUST_USE bool build_names_expand(char *const *given, size_t count, struct build_spool *names,
                                    struct rw_error *err);
RW_MUST_USE bool build_names_get(const struct build_spool *names, size_t index,
                                 struct rw_arena *arena, struct build_name *ret_name,
                                 struct rw_error *err);

#endif
