/* SPDX-License-Identifier: Apache-2.0 */
/* Divides the clients of a run over several processes. */
#ifndef RW_CLI_BUILD_CREW_H
#define RW_CLI_BUILD_CREW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define BUILD_CREW_JOBS_MAX 16
#define BUILD_CREW_CHUNK_MAX 128 /* clients whose files are synced together */
#define BUILD_CREW_BYTES_MAX ((uint64_t)1024 * 1024 * 1024) /* of one piece */

/* What came of one client: bytes that only the caller understands. */
struct build_piece {
    const char *bytes;
    size_t length;
};

/* What the crew does. All but `take` may run in a process of its own, with the memory as it was
 * when the crew began; `take` runs in this one, client after client, whatever `jobs` is. */
struct build_crew {
    void *self;
    bool (*make)(void *self, size_t client, struct rw_arena *arena, struct build_piece *ret_piece,
                 struct rw_error *err);
    /* `client` is made soon, in the chunk that follows. */
    void (*expect)(void *self, size_t client, struct rw_arena *arena);
    /* Ends a chunk: what was made is safe on the disk afterwards. */
    bool (*settle)(void *self, struct rw_error *err);
    /* `client` failed: told before the crew stops. */
    void (*failed)(void *self, size_t client);
    bool (*take)(void *self, size_t client, const struct build_piece *piece, struct rw_error *err);
    size_t clients;
    size_t jobs;
    size_t memory; /* ceiling of one chunk */
};

/* How many processes this many units of work are worth; `wanted` 0 = one more than
 * processors. */
size_t build_crew_jobs(size_t wanted, size_t units);
RW_MUST_USE bool build_crew_run(const struct build_crew *crew, struct rw_error *err);

#endif
