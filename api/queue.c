/* SPDX-License-Identifier: Apache-2.0 */
/* Lines up requests that sleep until one thread has served many. */
#define _GNU_SOURCE
#include "api/queue.h"

#include <assert.h>
#include <pthread.h>
#include <time.h>

#define LOOK_MS 100 /* how often the thread looks whether the service is stopping */

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t came;
    struct queue_entry *first;
    struct queue_entry **last; /* where the next one is hung */
    size_t waiting;
    int64_t join_us;
    bool busy; /* the last round took more than one */
    bool ended;
};

bool queue_open(int64_t join_us, struct rw_arena *arena, struct queue **ret_queue,
                struct rw_error *err)
{
    struct queue *queue = rw_arena_alloc(arena, sizeof *queue, err);
    pthread_condattr_t monotonic;
    if (!queue)
        return false;
    (void)pthread_condattr_init(&monotonic); /* none of these can fail with what they are given */
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&queue->came, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    (void)pthread_mutex_init(&queue->lock, NULL);
    queue->last = &queue->first;
    queue->join_us = join_us;
    *ret_queue = queue;
    return true;
}

void queue_close(struct queue *queue)
{
    assert(queue->waiting == 0);
    (void)pthread_cond_destroy(&queue->came);
    (void)pthread_mutex_destroy(&queue->lock);
}

bool queue_add(struct queue *queue, struct queue_entry *entry)
{
    entry->next = NULL;
    (void)pthread_mutex_lock(&queue->lock);
    bool taken = !queue->ended && queue->waiting < QUEUE_WAITING_MAX;
    if (taken) {
        *queue->last = entry;
        queue->last = &entry->next;
        queue->waiting++;
        if (queue->waiting == 1 || queue->waiting == QUEUE_ENOUGH)
            (void)pthread_cond_signal(&queue->came);
    }
    (void)pthread_mutex_unlock(&queue->lock);
    return taken;
}

static struct timespec from_now(int64_t us)
{
    struct timespec then;
    (void)clock_gettime(CLOCK_MONOTONIC, &then);
    int64_t ns = then.tv_nsec + us * 1000;
    then.tv_sec += ns / 1000000000;
    then.tv_nsec = ns % 1000000000;
    return then;
}

/* With the lock held. While many ask, those who come in one moment share a round, which costs the
 * database little more than one alone; where one asks now and then, nobody waits for others. */
static void let_join(struct queue *queue)
{
    if (queue->join_us == 0 || !queue->busy)
        return;
    const struct timespec until = from_now(queue->join_us);
    while (!queue->ended && queue->waiting < QUEUE_ENOUGH) { /* ends: that time comes */
        if (pthread_cond_timedwait(&queue->came, &queue->lock, &until) != 0)
            return;
    }
}

void queue_take(struct queue *queue, void *self,
                bool (*take)(void *self, struct queue_entry *entry))
{
    const struct timespec until = from_now(LOOK_MS * 1000);
    (void)pthread_mutex_lock(&queue->lock);
    if (!queue->first)
        (void)pthread_cond_timedwait(&queue->came, &queue->lock, &until);
    if (queue->first)
        let_join(queue);
    const size_t before = queue->waiting;
    while (queue->first && take(self, queue->first)) { /* each round takes one out */
        queue->first = queue->first->next;
        if (!queue->first)
            queue->last = &queue->first;
        queue->waiting--;
    }
    queue->busy = before > queue->waiting + 1;
    (void)pthread_mutex_unlock(&queue->lock);
}

void queue_end(struct queue *queue)
{
    (void)pthread_mutex_lock(&queue->lock);
    queue->ended = true;
    (void)pthread_cond_signal(&queue->came);
    (void)pthread_mutex_unlock(&queue->lock);
}

void queue_resume(const struct queue_entry *entry)
{
    entry->resume(entry->connection);
}
