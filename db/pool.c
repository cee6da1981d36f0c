/* SPDX-License-Identifier: Apache-2.0 */
/* Lends connections to the threads that serve requests. */
#include "db/pool.h"

#include <assert.h>
#include <pthread.h>

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t came_back;
    struct conn *idle[POOL_CONNS_MAX];
    size_t idle_count;
    size_t conn_count;
};

bool pool_open(const struct conn_target *target, size_t conn_count, struct rw_arena *arena,
               struct pool **ret_pool, struct rw_error *err)
{
    assert(conn_count > 0 && conn_count <= POOL_CONNS_MAX);
    struct pool *pool = rw_arena_alloc(arena, sizeof *pool, err);
    if (!pool)
        return false;
    (void)pthread_mutex_init(&pool->lock, NULL);     /* cannot fail with default attributes */
    (void)pthread_cond_init(&pool->came_back, NULL); /* nor can this */
    for (size_t i = 0; i < conn_count; i++) {
        struct conn *conn = conn_open(target);
        if (!conn) {
            pool_close(pool);
            return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a connection");
        }
        pool->idle[pool->idle_count++] = conn;
        pool->conn_count++;
    }
    *ret_pool = pool;
    return true;
}

void pool_close(struct pool *pool)
{
    if (!pool)
        return;
    assert(pool->idle_count == pool->conn_count);
    for (size_t i = 0; i < pool->idle_count; i++)
        conn_close(pool->idle[i]);
    (void)pthread_cond_destroy(&pool->came_back);
    (void)pthread_mutex_destroy(&pool->lock);
}

static struct conn *lend(struct pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    while (pool->idle_count == 0)
        (void)pthread_cond_wait(&pool->came_back, &pool->lock);
    struct conn *conn = pool->idle[--pool->idle_count];
    (void)pthread_mutex_unlock(&pool->lock);
    return conn;
}

static void take_back(struct pool *pool, struct conn *conn)
{
    (void)pthread_mutex_lock(&pool->lock);
    pool->idle[pool->idle_count++] = conn;
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

bool pool_read(struct pool *pool, const struct conn_work *work, struct rw_error *err)
{
    struct conn *conn = lend(pool);
    bool done = conn_read(conn, work, err);
    take_back(pool, conn);
    return done;
}
