/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the schedules that hold, so that few downloads ask the table. */
#include "api/schedule_cache.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "api/exchange.h"
#include "core/base/text.h"
#include "core/model/schedule.h"

#define BUCKETS 4096
#define NOBODY (-1)
#define DOCUMENT_MAX (SCHEDULE_BYTES_MAX + 256) /* and what lies beside it */

/* Goes with its last holder: the table, and each answer that is on its way. */
struct document {
    struct rw_arena *arena; /* holds this struct and the bytes */
    atomic_int holders;
    const char *bytes;
    size_t length;
};

struct entry {
    char dispenser[EXCHANGE_ARG_MAX]; /* "" = free */
    int64_t version;
    struct document *document; /* NULL without bytes */
    int32_t next;              /* in its bucket */
    bool asked;                /* since the hand last passed */
};

struct schedule_cache {
    pthread_mutex_t lock;
    int32_t buckets[BUCKETS];
    size_t hand; /* goes round and takes who was not asked for since it last came by */
    struct entry entries[SCHEDULE_CACHE_MAX];
};

bool schedule_cache_open(struct rw_arena *arena, struct schedule_cache **ret_cache,
                         struct rw_error *err)
{
    struct schedule_cache *cache = rw_arena_alloc(arena, sizeof *cache, err);
    if (!cache)
        return false;
    (void)pthread_mutex_init(&cache->lock, NULL); /* cannot fail with default attributes */
    for (size_t i = 0; i < BUCKETS; i++)
        cache->buckets[i] = NOBODY;
    *ret_cache = cache;
    return true;
}

/* FNV-1a; the keys are ids that we gave out ourselves. */
static int32_t *bucket_of(struct schedule_cache *cache, const char *dispenser)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; dispenser[i]; i++)
        hash = (hash ^ (unsigned char)dispenser[i]) * 16777619U;
    return &cache->buckets[hash % BUCKETS];
}

static struct entry *find(struct schedule_cache *cache, const char *dispenser)
{
    for (int32_t at = *bucket_of(cache, dispenser); at != NOBODY; at = cache->entries[at].next) {
        struct entry *entry = &cache->entries[at];
        if (rw_text_equal(entry->dispenser, dispenser)) {
            if (!entry->asked) /* what is written goes from processor to processor */
                entry->asked = true;
            return entry;
        }
    }
    return NULL;
}

void schedule_cache_give_back(void *document)
{
    struct document *mine = document;
    if (mine && atomic_fetch_sub(&mine->holders, 1) == 1)
        rw_arena_close(mine->arena);
}

static void drop_document(struct entry *entry)
{
    schedule_cache_give_back(entry->document);
    entry->document = NULL;
}

static void free_entry(struct schedule_cache *cache, struct entry *entry)
{
    int32_t number = (int32_t)(entry - cache->entries);
    int32_t *link = bucket_of(cache, entry->dispenser);
    while (*link != number) /* ends: the entry stands in its bucket */
        link = &cache->entries[*link].next;
    *link = entry->next;
    drop_document(entry);
    *entry = (struct entry){ 0 };
}

/* A second chance for who was asked for; ends after two rounds at most. */
static struct entry *make_room(struct schedule_cache *cache)
{
    for (size_t i = 0; i <= (size_t)2 * SCHEDULE_CACHE_MAX; i++) {
        struct entry *entry = &cache->entries[cache->hand];
        cache->hand = (cache->hand + 1) % SCHEDULE_CACHE_MAX;
        if (!entry->dispenser[0])
            return entry;
        if (!entry->asked) {
            free_entry(cache, entry);
            return entry;
        }
        entry->asked = false;
    }
    assert(false);
    return NULL;
}

/* The entry of the dispenser at this version; NULL when a newer one is known. */
static struct entry *raise_entry(struct schedule_cache *cache, const char *dispenser,
                                 int64_t version)
{
    struct entry *entry = find(cache, dispenser);
    if (!entry) {
        int32_t *bucket = bucket_of(cache, dispenser);
        entry = make_room(cache);
        if (!rw_text_copy(entry->dispenser, sizeof entry->dispenser, dispenser))
            return NULL;
        entry->asked = true;
        entry->next = *bucket;
        *bucket = (int32_t)(entry - cache->entries);
    }
    if (entry->version > version)
        return NULL;
    if (entry->version < version)
        drop_document(entry);
    entry->version = version;
    return entry;
}

int64_t schedule_cache_version(struct schedule_cache *cache, const char *dispenser)
{
    (void)pthread_mutex_lock(&cache->lock);
    const struct entry *entry = find(cache, dispenser);
    int64_t version = entry ? entry->version : 0;
    (void)pthread_mutex_unlock(&cache->lock);
    return version;
}

bool schedule_cache_borrow(struct schedule_cache *cache, const char *dispenser, int64_t version,
                           struct schedule_cache_loan *ret_loan)
{
    (void)pthread_mutex_lock(&cache->lock);
    const struct entry *entry = find(cache, dispenser);
    struct document *document = entry && entry->version == version ? entry->document : NULL;
    if (document)
        atomic_fetch_add(&document->holders, 1);
    (void)pthread_mutex_unlock(&cache->lock);
    if (!document)
        return false;
    *ret_loan = (struct schedule_cache_loan){ document->bytes, document->length, document };
    return true;
}

void schedule_cache_raise(struct schedule_cache *cache, const char *dispenser, int64_t version)
{
    (void)pthread_mutex_lock(&cache->lock);
    (void)raise_entry(cache, dispenser, version);
    (void)pthread_mutex_unlock(&cache->lock);
}

static struct document *document_make(const char *bytes, size_t length)
{
    struct rw_error ignored = { 0 }; /* without memory it is asked elsewhere */
    struct rw_arena *arena = rw_arena_open(DOCUMENT_MAX);
    struct document *document = arena ? rw_arena_alloc(arena, sizeof *document, &ignored) : NULL;
    const char *copy = document ? rw_arena_text_n(arena, bytes, length, &ignored) : NULL;
    if (!copy) {
        rw_arena_close(arena);
        return NULL;
    }
    document->arena = arena;
    document->bytes = copy;
    document->length = length;
    atomic_init(&document->holders, 1);
    return document;
}

/* The entry that takes a document of this version, with the lock held; NULL when none does. */
static struct entry *wanting(struct schedule_cache *cache, const char *dispenser, int64_t version)
{
    struct entry *entry = raise_entry(cache, dispenser, version);
    return entry && !entry->document ? entry : NULL;
}

/* The copy is made without the lock, and only if it was wanted before. */
void schedule_cache_put(struct schedule_cache *cache, const char *dispenser, int64_t version,
                        const char *bytes, size_t length)
{
    (void)pthread_mutex_lock(&cache->lock);
    bool wanted = wanting(cache, dispenser, version) != NULL;
    (void)pthread_mutex_unlock(&cache->lock);
    struct document *document = wanted ? document_make(bytes, length) : NULL;
    if (!document)
        return;
    (void)pthread_mutex_lock(&cache->lock);
    struct entry *entry = wanting(cache, dispenser, version);
    if (entry) {
        entry->document = document;
        document = NULL;
    }
    (void)pthread_mutex_unlock(&cache->lock);
    schedule_cache_give_back(document);
}

void schedule_cache_clear(struct schedule_cache *cache)
{
    (void)pthread_mutex_lock(&cache->lock);
    for (size_t i = 0; i < SCHEDULE_CACHE_MAX; i++) {
        if (cache->entries[i].dispenser[0])
            free_entry(cache, &cache->entries[i]);
    }
    (void)pthread_mutex_unlock(&cache->lock);
}

void schedule_cache_close(struct schedule_cache *cache)
{
    schedule_cache_clear(cache);
    (void)pthread_mutex_destroy(&cache->lock);
}
