/* SPDX-License-Identifier: Apache-2.0 */
/* Lines up requests that sleep until one thread has served many. */
#ifndef RW_API_QUEUE_H
#define RW_API_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define QUEUE_WAITING_MAX 20000
#define QUEUE_ENOUGH 32 /* wait: no round lets more join */

/* A request that sleeps, as part of what is asked. Lives in the arena of its request. */
struct queue_entry {
    void (*resume)(void *connection);
    void *connection;
    struct queue_entry *next;
};

/* Thread-safe. */
struct queue;

/* `join_us`: how long, after a round that took more than one, the next lets others join; 0 = not.
 */
RW_MUST_USE bool queue_open(int64_t join_us, struct rw_arena *arena, struct queue **ret_queue,
                            struct rw_error *err);
void queue_close(struct queue *queue); /* nobody waits any more */
/* The entry's two first members are set. False when it is full or was ended. */
RW_MUST_USE bool queue_add(struct queue *queue, struct queue_entry *entry);
/* Takes from the head what `take` takes, until it does not; waits a moment for the first. */
void queue_take(struct queue *queue, void *self,
                bool (*take)(void *self, struct queue_entry *entry));
/* From now on nobody is added; who came before is still there. */
void queue_end(struct queue *queue);
void queue_resume(const struct queue_entry *entry);

#endif
