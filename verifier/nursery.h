/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps a worker process that answers, and replaces a dead one. */
#ifndef RW_VERIFIER_NURSERY_H
#define RW_VERIFIER_NURSERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define NURSERY_ASK_MAX 66000     /* bytes of one question */
#define NURSERY_ANSWER_MAX 8192   /* bytes of one answer */
#define NURSERY_LIMIT_MS_MAX 2000 /* a worker that is busy for longer is ended */
#define NURSERY_DEATHS_MAX 1000000
#define NURSERY_WORKER_BYTES (64 << 20) /* that a worker may take beyond what it was born with */

/* A nursery is a process without threads that forks a worker, and another whenever one dies. Every
 * question has exactly one answer; that of a worker that died or was late is "lost". */
struct nursery;

/* Runs in the worker: fills `answer` (zeroed, NURSERY_ANSWER_MAX bytes), gives its length. The
 * limit is one of the time that it computes (its processor's, not the wall's). */
typedef size_t nursery_work(void *ask, size_t length, int limit_ms, void *answer);

/* Call before any thread of this process is started. */
RW_MUST_USE bool nursery_open(nursery_work *work, struct rw_arena *arena,
                              struct nursery **ret_nursery, struct rw_error *err);
void nursery_close(struct nursery *nursery);

/* False: lost. The answer is valid until the next question. */
RW_MUST_USE bool nursery_ask(struct nursery *nursery, const void *ask, size_t length, int limit_ms,
                             const void **ret_answer);
/* The process that works now (0 = none), and how many questions were lost so far. */
pid_t nursery_worker(const struct nursery *nursery);
uint32_t nursery_lost(const struct nursery *nursery);

#endif
