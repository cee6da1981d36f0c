/* SPDX-License-Identifier: Apache-2.0 */
/* Counts strangers, so that a flood is a few rows of the journal. */
#include "api/refusals.h"

#include <pthread.h>

#include "core/base/text.h"

/* The minute of one address; the last of them is everybody for whom there was no room. */
struct span {
    struct refusals_row row;
    bool used;
    int64_t ends_ms; /* monotonic */
};
struct refusals {
    pthread_mutex_t lock;
    struct span spans[REFUSALS_ROWS_MAX];
};

bool refusals_open(struct rw_arena *arena, struct refusals **ret_refusals, struct rw_error *err)
{
    struct refusals *refusals = rw_arena_alloc(arena, sizeof *refusals, err);
    if (!refusals)
        return false;
    *refusals = (struct refusals){ 0 };
    (void)pthread_mutex_init(&refusals->lock, NULL); /* cannot fail with default attributes */
    *ret_refusals = refusals;
    return true;
}

void refusals_close(struct refusals *refusals)
{
    (void)pthread_mutex_destroy(&refusals->lock);
}

static struct span *span_of(struct refusals *refusals, const char *source)
{
    struct span *empty = &refusals->spans[REFUSALS_ADDRESSES_MAX];
    for (size_t i = 0; i < REFUSALS_ADDRESSES_MAX; i++) {
        struct span *span = &refusals->spans[i];
        if (span->used && rw_text_equal(span->row.source, source))
            return span;
        if (!span->used && empty == &refusals->spans[REFUSALS_ADDRESSES_MAX])
            empty = span;
    }
    return empty;
}

bool refusals_add(struct refusals *refusals, const char *source, int64_t now_ms,
                  const char **ret_source)
{
    (void)pthread_mutex_lock(&refusals->lock);
    struct span *span = span_of(refusals, source);
    const bool others = span == &refusals->spans[REFUSALS_ADDRESSES_MAX];
    const bool first = !span->used;
    if (first) {
        *span = (struct span){ .used = true, .ends_ms = now_ms + REFUSALS_SPAN_MS };
        if (others || !rw_text_copy(span->row.source, sizeof span->row.source, source))
            (void)rw_text_copy(span->row.source, sizeof span->row.source, REFUSALS_OTHERS);
    } else {
        span->row.count++;
    }
    (void)pthread_mutex_unlock(&refusals->lock);
    *ret_source = others ? REFUSALS_OTHERS : source;
    return first;
}

size_t refusals_take(struct refusals *refusals, int64_t now_ms,
                     struct refusals_row ret_rows[REFUSALS_ROWS_MAX])
{
    size_t count = 0;
    (void)pthread_mutex_lock(&refusals->lock);
    for (size_t i = 0; i < REFUSALS_ROWS_MAX; i++) {
        struct span *span = &refusals->spans[i];
        if (!span->used || now_ms < span->ends_ms)
            continue;
        if (span->row.count > 0)
            ret_rows[count++] = span->row;
        span->used = false;
    }
    (void)pthread_mutex_unlock(&refusals->lock);
    return count;
}
