/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts connections that take too long over a request. */
#include "api/reaper.h"

#include <stddef.h>
#include <sys/socket.h>

void reaper_init(struct reaper *reaper)
{
    *reaper = (struct reaper){ 0 };
    (void)pthread_mutex_init(&reaper->lock, NULL); /* cannot fail with default attributes */
}

void reaper_release(struct reaper *reaper)
{
    (void)pthread_mutex_destroy(&reaper->lock);
}

void reaper_watch(struct reaper *reaper, struct reaper_watched *one, int64_t until_ms)
{
    (void)pthread_mutex_lock(&reaper->lock);
    reaper_allow(one, until_ms);
    one->previous = NULL;
    one->next = reaper->first;
    if (reaper->first)
        reaper->first->previous = one;
    reaper->first = one;
    (void)pthread_mutex_unlock(&reaper->lock);
}

void reaper_forget(struct reaper *reaper, struct reaper_watched *one)
{
    (void)pthread_mutex_lock(&reaper->lock);
    if (one->previous)
        one->previous->next = one->next;
    else
        reaper->first = one->next;
    if (one->next)
        one->next->previous = one->previous;
    (void)pthread_mutex_unlock(&reaper->lock);
}

/* Three times a request: without the lock, which all connections share. */
void reaper_allow(struct reaper_watched *one, int64_t until_ms)
{
    atomic_store_explicit(&one->until_ms, until_ms, memory_order_relaxed);
}

void reaper_reap(struct reaper *reaper, int64_t now_ms)
{
    (void)pthread_mutex_lock(&reaper->lock);
    for (struct reaper_watched *one = reaper->first; one; one = one->next) {
        long long until_ms = atomic_load_explicit(&one->until_ms, memory_order_relaxed);
        if (until_ms == 0 || until_ms > now_ms)
            continue;
        (void)shutdown(one->socket, SHUT_RDWR); /* it may be gone already */
        reaper_allow(one, 0);
    }
    (void)pthread_mutex_unlock(&reaper->lock);
}
