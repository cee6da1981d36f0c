/* SPDX-License-Identifier: Apache-2.0 */
/* Holds connections that wait for a newer version of something. */
#include "api/waiters.h"

#include <assert.h>
#include <pthread.h>

#include "core/base/text.h"

struct waiters {
    pthread_mutex_t lock;
    struct waiter *buckets[WAITERS_BUCKETS];
    size_t count;
    bool ended;
};

bool waiters_open(struct rw_arena *arena, struct waiters **ret_waiters, struct rw_error *err)
{
    struct waiters *waiters = rw_arena_alloc(arena, sizeof *waiters, err);
    if (!waiters)
        return false;
    (void)pthread_mutex_init(&waiters->lock, NULL); /* cannot fail with default attributes */
    *ret_waiters = waiters;
    return true;
}

void waiters_close(struct waiters *waiters)
{
    assert(waiters->count == 0);
    (void)pthread_mutex_destroy(&waiters->lock);
}

/* FNV-1a; the keys are ids that we gave out ourselves. */
static size_t bucket_of(const char *key)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; key[i]; i++)
        hash = (hash ^ (unsigned char)key[i]) * 16777619U;
    return hash % WAITERS_BUCKETS;
}

bool waiters_add(struct waiters *waiters, struct waiter *waiter)
{
    (void)pthread_mutex_lock(&waiters->lock);
    bool taken = !waiters->ended;
    waiter->timed_out = false;
    waiter->ended = !taken;
    if (taken) {
        struct waiter **head = &waiters->buckets[bucket_of(waiter->key)];
        waiter->waiting = true;
        waiter->previous = NULL;
        waiter->next = *head;
        if (*head)
            (*head)->previous = waiter;
        *head = waiter;
        waiters->count++;
    }
    (void)pthread_mutex_unlock(&waiters->lock);
    return taken;
}

static void take_out(struct waiters *waiters, struct waiter *waiter)
{
    assert(waiter->waiting);
    if (waiter->previous)
        waiter->previous->next = waiter->next;
    else
        waiters->buckets[bucket_of(waiter->key)] = waiter->next;
    if (waiter->next)
        waiter->next->previous = waiter->previous;
    waiter->waiting = false;
    waiters->count--;
    waiter->resume(waiter->self);
}

void waiters_wake(struct waiters *waiters, const char *key, int64_t version)
{
    (void)pthread_mutex_lock(&waiters->lock);
    struct waiter *next = NULL;
    for (struct waiter *one = waiters->buckets[bucket_of(key)]; one; one = next) {
        next = one->next;
        if (one->version >= version || !rw_text_equal(one->key, key))
            continue;
        one->version = version;
        take_out(waiters, one);
    }
    (void)pthread_mutex_unlock(&waiters->lock);
}

void waiters_dismiss(struct waiters *waiters, const char *key)
{
    (void)pthread_mutex_lock(&waiters->lock);
    struct waiter *next = NULL;
    for (struct waiter *one = waiters->buckets[bucket_of(key)]; one; one = next) {
        next = one->next;
        if (!rw_text_equal(one->key, key))
            continue;
        one->ended = true;
        take_out(waiters, one);
    }
    (void)pthread_mutex_unlock(&waiters->lock);
}

void waiters_expire(struct waiters *waiters, int64_t now_ms)
{
    (void)pthread_mutex_lock(&waiters->lock);
    for (size_t i = 0; i < WAITERS_BUCKETS && waiters->count > 0; i++) {
        struct waiter *next = NULL;
        for (struct waiter *one = waiters->buckets[i]; one; one = next) {
            next = one->next;
            if (one->deadline_ms > now_ms)
                continue;
            one->timed_out = true;
            take_out(waiters, one);
        }
    }
    (void)pthread_mutex_unlock(&waiters->lock);
}

void waiters_end(struct waiters *waiters)
{
    (void)pthread_mutex_lock(&waiters->lock);
    waiters->ended = true;
    for (size_t i = 0; i < WAITERS_BUCKETS; i++) {
        struct waiter *next = NULL;
        for (struct waiter *one = waiters->buckets[i]; one; one = next) {
            next = one->next;
            one->ended = true;
            take_out(waiters, one);
        }
    }
    (void)pthread_mutex_unlock(&waiters->lock);
}

void waiters_visit(struct waiters *waiters, void *self, void (*visit)(void *self, const char *key))
{
    (void)pthread_mutex_lock(&waiters->lock);
    for (size_t i = 0; i < WAITERS_BUCKETS && waiters->count > 0; i++) {
        for (struct waiter *one = waiters->buckets[i]; one; one = one->next)
            visit(self, one->key);
    }
    (void)pthread_mutex_unlock(&waiters->lock);
}

size_t waiters_count(struct waiters *waiters)
{
    (void)pthread_mutex_lock(&waiters->lock);
    size_t count = waiters->count;
    (void)pthread_mutex_unlock(&waiters->lock);
    return count;
}
