/* SPDX-License-Identifier: Apache-2.0 */
/* Holds connections that wait for a newer version of something. */
#include "api/waiters.h"

#include <assert.h>
#include <pthread.h>

#include "core/base/text.h"

/* Who comes for the lock holds `next` until he has it: one that lets go of the lock and wants it
 * again at once comes behind who waited meanwhile. */
struct waiters {
    pthread_mutex_t lock;
    pthread_mutex_t next;
    struct waiter *buckets[WAITERS_BUCKETS];
    struct waiter *slots[WAITERS_SLOTS];
    struct waiter *owned; /* those with an owner: few beside the others */
    int64_t looked;       /* number of the slot that was looked at last */
    size_t count;
    bool ended;
};

bool waiters_open(struct rw_arena *arena, struct waiters **ret_waiters, struct rw_error *err)
{
    struct waiters *waiters = rw_arena_alloc(arena, sizeof *waiters, err);
    if (!waiters)
        return false;
    (void)pthread_mutex_init(&waiters->lock, NULL); /* cannot fail with default attributes */
    (void)pthread_mutex_init(&waiters->next, NULL);
    *ret_waiters = waiters;
    return true;
}

void waiters_close(struct waiters *waiters)
{
    assert(waiters->count == 0);
    (void)pthread_mutex_destroy(&waiters->lock);
    (void)pthread_mutex_destroy(&waiters->next);
}

static void enter(struct waiters *waiters)
{
    (void)pthread_mutex_lock(&waiters->next);
    (void)pthread_mutex_lock(&waiters->lock);
    (void)pthread_mutex_unlock(&waiters->next);
}

static void leave(struct waiters *waiters)
{
    (void)pthread_mutex_unlock(&waiters->lock);
}

/* FNV-1a; the keys are ids that we gave out ourselves. */
static size_t bucket_of(const char *key)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; key[i]; i++)
        hash = (hash ^ (unsigned char)key[i]) * 16777619U;
    return hash % WAITERS_BUCKETS;
}

static struct waiter **slot_of(struct waiters *waiters, int64_t number)
{
    return &waiters->slots[(size_t)number % WAITERS_SLOTS];
}

static void enter_list(struct waiter **head, struct waiter *waiter, enum waiter_list list)
{
    waiter->links[list] = (struct waiter_link){ *head, head };
    if (*head)
        (*head)->links[list].at = &waiter->links[list].next;
    *head = waiter;
}

static void leave_list(struct waiter *waiter, enum waiter_list list)
{
    const struct waiter_link *link = &waiter->links[list];
    *link->at = link->next;
    if (link->next)
        link->next->links[list].at = link->at;
}

/* What is due already stands in the slot that is looked at next. */
static void enter_slot(struct waiters *waiters, struct waiter *waiter)
{
    int64_t number = waiter->deadline_ms / WAITERS_SLOT_MS;
    enter_list(slot_of(waiters, number > waiters->looked ? number : waiters->looked), waiter,
               WAITER_BY_DEADLINE);
}

bool waiters_add(struct waiters *waiters, struct waiter *waiter)
{
    enter(waiters);
    bool taken = !waiters->ended;
    waiter->ended = !taken;
    if (taken) {
        enter_list(&waiters->buckets[bucket_of(waiter->key)], waiter, WAITER_BY_KEY);
        enter_slot(waiters, waiter);
        if (waiter->owner)
            enter_list(&waiters->owned, waiter, WAITER_BY_OWNER);
        waiters->count++;
    }
    leave(waiters);
    return taken;
}

static void take_out(struct waiters *waiters, struct waiter *waiter)
{
    leave_list(waiter, WAITER_BY_KEY);
    leave_list(waiter, WAITER_BY_DEADLINE);
    if (waiter->owner)
        leave_list(waiter, WAITER_BY_OWNER);
    waiters->count--;
    waiter->resume(waiter->self);
}

/* Who can be told where it waits keeps its place. */
static void tell(struct waiters *waiters, struct waiter *waiter)
{
    if (!waiter->tell || !waiter->tell(waiter->self)) {
        take_out(waiters, waiter);
        return;
    }
    leave_list(waiter, WAITER_BY_DEADLINE);
    enter_slot(waiters, waiter);
}

void waiters_wake(struct waiters *waiters, const char *key, int64_t version)
{
    enter(waiters);
    struct waiter *next = NULL;
    for (struct waiter *one = waiters->buckets[bucket_of(key)]; one; one = next) {
        next = one->links[WAITER_BY_KEY].next;
        if (one->version >= version || !rw_text_equal(one->key, key))
            continue;
        one->version = version;
        tell(waiters, one);
    }
    leave(waiters);
}

/* Those of one list whose key or owner is `name`. */
static void dismiss(struct waiters *waiters, struct waiter *first, enum waiter_list list,
                    const char *name)
{
    struct waiter *next = NULL;
    for (struct waiter *one = first; one; one = next) {
        next = one->links[list].next;
        if (!rw_text_equal(list == WAITER_BY_OWNER ? one->owner : one->key, name))
            continue;
        one->ended = true;
        take_out(waiters, one);
    }
}

void waiters_dismiss(struct waiters *waiters, const char *key)
{
    enter(waiters);
    dismiss(waiters, waiters->buckets[bucket_of(key)], WAITER_BY_KEY, key);
    leave(waiters);
}

/* With the lock held: one of the slot whose time is up, NULL when there is none. Who was told again
 * has a later deadline and is passed over, wherever it stands then. */
static struct waiter *find_due(struct waiters *waiters, int64_t number, int64_t now_ms)
{
    for (struct waiter *one = *slot_of(waiters, number); one;
         one = one->links[WAITER_BY_DEADLINE].next) {
        if (one->deadline_ms <= now_ms)
            return one;
    }
    return NULL;
}

static bool expire_one(struct waiters *waiters, int64_t number, int64_t now_ms)
{
    enter(waiters);
    waiters->looked = number; /* and once more the next time: some of it lies ahead */
    struct waiter *due = find_due(waiters, number, now_ms);
    if (due)
        tell(waiters, due);
    leave(waiters);
    return due != NULL;
}

/* The lock is free after each of them: to tell a beat takes long enough for a new version, which is
 * waited for, to come in between. */
void waiters_expire(struct waiters *waiters, int64_t now_ms)
{
    int64_t last = now_ms / WAITERS_SLOT_MS;
    enter(waiters);
    int64_t first =
        last - waiters->looked < WAITERS_SLOTS ? waiters->looked : last - WAITERS_SLOTS + 1;
    const size_t most = waiters->count;
    leave(waiters);
    for (int64_t number = first; number <= last; number++) {
        for (size_t i = 0; expire_one(waiters, number, now_ms) && i < most; i++) {
        }
    }
}

void waiters_end(struct waiters *waiters)
{
    enter(waiters);
    waiters->ended = true;
    for (size_t i = 0; i < WAITERS_BUCKETS; i++) {
        while (waiters->buckets[i]) { /* each round takes one out */
            waiters->buckets[i]->ended = true;
            take_out(waiters, waiters->buckets[i]);
        }
    }
    leave(waiters);
}

void waiters_visit(struct waiters *waiters, void *self, void (*visit)(void *self, const char *key))
{
    for (size_t i = 0; i < WAITERS_BUCKETS; i++) { /* the lock is free in between */
        enter(waiters);
        for (const struct waiter *one = waiters->buckets[i]; one;
             one = one->links[WAITER_BY_KEY].next)
            visit(self, one->key);
        leave(waiters);
    }
}

void waiters_visit_owners(struct waiters *waiters, void *self,
                          void (*visit)(void *self, const char *owner))
{
    enter(waiters);
    for (const struct waiter *one = waiters->owned; one; one = one->links[WAITER_BY_OWNER].next)
        visit(self, one->owner);
    leave(waiters);
}

void waiters_dismiss_owner(struct waiters *waiters, const char *owner)
{
    enter(waiters);
    dismiss(waiters, waiters->owned, WAITER_BY_OWNER, owner);
    leave(waiters);
}

size_t waiters_count(struct waiters *waiters)
{
    enter(waiters);
    size_t count = waiters->count;
    leave(waiters);
    return count;
}
