/* SPDX-License-Identifier: Apache-2.0 */
/* Lends connections to the threads that serve requests. */
#include "db/pool.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t came_back;
    struct conn *free[POOL_CONNS_MAX];
    size_t free_count;
    size_t conn_count;
};

struct pool *pool_open(const char *text, const char *role, size_t conn_count)
{
    assert(conn_count > 0 && conn_count <= POOL_CONNS_MAX);
    struct pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return NULL;
    (void)pthread_mutex_init(&pool->lock, NULL);     /* cannot fail with default attributes */
    (void)pthread_cond_init(&pool->came_back, NULL); /* nor can this */
    for (size_t i = 0; i < conn_count; i++) {
        struct conn *conn = conn_open(text, role);
        if (!conn) {
            pool_close(pool);
            return NULL;
        }
        pool->free[pool->free_count++] = conn;
        pool->conn_count++;
    }
    return pool;
}

void pool_close(struct pool *pool)
{
    if (!pool)
        return;
    assert(pool->free_count == pool->conn_count);
    for (size_t i = 0; i < pool->free_count; i++)
        conn_close(pool->free[i]);
    (void)pthread_cond_destroy(&pool->came_back);
    (void)pthread_mutex_destroy(&pool->lock);
    free(pool);
}

static struct conn *lend(struct pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    while (pool->free_count == 0)
        (void)pthread_cond_wait(&pool->came_back, &pool->lock);
    struct conn *conn = pool->free[--pool->free_count];
    (void)pthread_mutex_unlock(&pool->lock);
    return conn;
}

static void take_back(struct pool *pool, struct conn *conn)
{
    (void)pthread_mutex_lock(&pool->lock);
    pool->free[pool->free_count++] = conn;
    (void)pthread_cond_signal(&pool->came_back);
    (void)pthread_mutex_unlock(&pool->lock);
}

bool pool_transact(struct pool *pool, const struct conn_work *work, struct rw_error *err)
{
    struct conn *conn = lend(pool);
    bool done = conn_transact(conn, work, err);
    take_back(pool, conn);
    return done;
}
