/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a file whole and writes a file whole or not at all. */
#ifndef RW_CORE_BASE_FILE_H
#define RW_CORE_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define RW_FILE_INPUT_MAX ((size_t)64 * 1024 * 1024) /* bytes of one input file */
#define RW_FILE_PATH_MAX 4096                        /* bytes of a path, NUL included */

/* Reads a regular file, a pipe, or standard input for "-". The bytes are followed by a NUL that is
 * not counted. More than `max` bytes: RW_TOO_LARGE without reading on. A folder, a missing file or
 * a failed read: RW_UNREADABLE with the reason of the system. */
RW_MUST_USE bool rw_file_read(const char *path, size_t max, struct rw_arena *arena,
                              char **ret_bytes, size_t *ret_length, struct rw_error *err);

/* Writes to a file without a name (where the file system has none, to one beside it that ends in
 * ".draft"), syncs, and names it. On failure (RW_UNAVAILABLE) the old file is untouched and nothing
 * half-written stays, nor does it when the process is killed. "-" is standard output. */
RW_MUST_USE bool rw_file_write(const char *path, const void *bytes, size_t length, int mode,
                               struct rw_error *err);

/* Makes the folder and its parents; one that exists is fine. */
RW_MUST_USE bool rw_file_make_folder(const char *path, int mode, struct rw_error *err);
/* Joins folder and name; false when the path would be too long. */
RW_MUST_USE bool rw_file_join(char ret_path[RW_FILE_PATH_MAX], const char *folder, const char *name,
                              struct rw_error *err);

#endif
