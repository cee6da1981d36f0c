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

static bool read_process(struct conn *conn, struct rw_arena *arena, int64_t *ret_process,
                         struct rw_error *err)
{
    struct conn_rows rows;
    if (!conn_run(conn, "SELECT pg_backend_pid()", NULL, 0, arena, &rows, err))
        return false;
    *ret_process = conn_cell_int(&rows, 0, 0);
    return true;
}

/* Forwards, then backwards: whichever free session a pooler hands out, the newest or each in turn,
 * some connection gets that of another or not its own again. */
static bool read_processes(struct pool *pool, struct rw_arena *arena, bool *ret_own,
                           struct rw_error *err)
{
    int64_t processes[POOL_CONNS_MAX] = { 0 };
    bool own = true;
    for (size_t i = 0; i < 2 * pool->conn_count; i++) {
        bool again = i >= pool->conn_count;
        size_t at = again ? 2 * pool->conn_count - 1 - i : i;
        int64_t process = 0;
        if (!read_process(pool->idle[at], arena, &process, err))
            return false;
        for (size_t j = 0; j < at && !again; j++)
            own = own && processes[j] != process;
        own = own && (!again || processes[at] == process);
        processes[at] = process;
    }
    *ret_own = own;
    return true;
}

bool pool_check_sessions(struct pool *pool, struct rw_arena *arena, struct rw_error *err)
{
    struct rw_error failure = { 0 };
    bool own = false;
    assert(pool->idle_count == pool->conn_count);
    bool answered = read_processes(pool, arena, &own, &failure);
    if (answered && own)
        return true;
    /* A statement that one connection prepared is known there already, or not, to another. */
    if (answered || failure.code == RW_BUG)
        return rw_error_set(err, RW_CONFLICT, "",
                            "a pooler between here and the database pools transactions; it must "
                            "pool sessions");
    *err = failure;
    return false;
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
