/* SPDX-License-Identifier: Apache-2.0 */
/* Counts what comes again and again, so that a flood is a few rows. */
#include "api/repeats.h"

#include <pthread.h>

#include "core/base/text.h"

/* The minute of one key; the last of them is everybody for whom there was no room. */
struct span {
    struct repeats_row row;
    bool used;
    int64_t ends_ms; /* monotonic */
};
struct repeats {
    pthread_mutex_t lock;
    struct span spans[REPEATS_ROWS_MAX];
};

bool repeats_open(struct rw_arena *arena, struct repeats **ret_repeats, struct rw_error *err)
{
    struct repeats *repeats = rw_arena_alloc(arena, sizeof *repeats, err);
    if (!repeats)
        return false;
    *repeats = (struct repeats){ 0 };
    (void)pthread_mutex_init(&repeats->lock, NULL); /* cannot fail with default attributes */
    *ret_repeats = repeats;
    return true;
}

void repeats_close(struct repeats *repeats)
{
    (void)pthread_mutex_destroy(&repeats->lock);
}

static struct span *span_of(struct repeats *repeats, const char *key)
{
    struct span *empty = &repeats->spans[REPEATS_KEYS_MAX];
    for (size_t i = 0; i < REPEATS_KEYS_MAX; i++) {
        struct span *span = &repeats->spans[i];
        if (span->used && rw_text_equal(span->row.key, key))
            return span;
        if (!span->used && empty == &repeats->spans[REPEATS_KEYS_MAX])
            empty = span;
    }
    return empty;
}

bool repeats_add(struct repeats *repeats, const char *key, int64_t now_ms, const char **ret_key)
{
    (void)pthread_mutex_lock(&repeats->lock);
    struct span *span = span_of(repeats, key);
    const bool others = span == &repeats->spans[REPEATS_KEYS_MAX];
    const bool first = !span->used;
    if (first) {
        *span = (struct span){ .used = true, .ends_ms = now_ms + REPEATS_SPAN_MS };
        if (others || !rw_text_copy(span->row.key, sizeof span->row.key, key))
            (void)rw_text_copy(span->row.key, sizeof span->row.key, REPEATS_OTHERS);
    } else {
        span->row.count++;
    }
    (void)pthread_mutex_unlock(&repeats->lock);
    *ret_key = others ? REPEATS_OTHERS : key;
    return first;
}

size_t repeats_take(struct repeats *repeats, int64_t now_ms,
                    struct repeats_row ret_rows[REPEATS_ROWS_MAX])
{
    size_t count = 0;
    (void)pthread_mutex_lock(&repeats->lock);
    for (size_t i = 0; i < REPEATS_ROWS_MAX; i++) {
        struct span *span = &repeats->spans[i];
        if (!span->used || now_ms < span->ends_ms)
            continue;
        if (span->row.count > 0)
            ret_rows[count++] = span->row;
        span->used = false;
    }
    (void)pthread_mutex_unlock(&repeats->lock);
    return count;
}
