/* SPDX-License-Identifier: Apache-2.0 */
/* Lends connections to the threads that serve requests. */
#define _POSIX_C_SOURCE 200809L
#include "db/pool.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "core/base/clock.h"

#define WAIT_S 10      /* for a connection that comes back */
#define ASK_MS 1000    /* between two callers who find out whether the server answers again */
#define ANSWER_MS 6000 /* what one of them may need: WIRE_CONNECT_S and a little */
#define HEARD_MS 4000  /* who answered somebody since is not silent; a wait takes longer */

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t came_back;
    struct rw_clock clock;
    struct conn *idle[POOL_CONNS_MAX];
    size_t idle_count;
    size_t conn_count;
    const atomic_bool *stopping;
    atomic_bool silent;
    atomic_bool full;
    int64_t ask_ms;   /* monotonic: while nobody answers, nobody asks before that */
    int64_t heard_ms; /* monotonic: somebody's last answer */
};

/* None of these can fail with what they are given. */
static void init_locks(struct pool *pool)
{
    pthread_condattr_t monotonic;
    (void)pthread_mutex_init(&pool->lock, NULL);
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&pool->came_back, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
}

bool pool_open(const struct conn_target *target, size_t conn_count, struct rw_arena *arena,
               struct pool **ret_pool, struct rw_error *err)
{
    assert(conn_count > 0 && conn_count <= POOL_CONNS_MAX);
    struct pool *pool = rw_arena_alloc(arena, sizeof *pool, err);
    if (!pool)
        return false;
    pool->clock = rw_clock_system();
    pool->stopping = target->stopping;
    init_locks(pool);
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

/* Connections that were there when the server fell silent are not waited for once more each. */
static void note_silence(struct pool *pool)
{
    pool->ask_ms = rw_clock_monotonic_ms(&pool->clock) + ASK_MS;
    for (size_t i = 0; i < pool->idle_count; i++)
        conn_drop(pool->idle[i]);
    (void)pthread_cond_broadcast(&pool->came_back); /* who waits waits in vain */
}

/* While nobody answers one caller in a while finds out whether that is still so. */
static bool may_ask(struct pool *pool)
{
    if (!atomic_load(&pool->silent))
        return true;
    int64_t now_ms = rw_clock_monotonic_ms(&pool->clock);
    if (now_ms < pool->ask_ms || (pool->stopping && atomic_load(pool->stopping)))
        return false;
    pool->ask_ms = now_ms + ANSWER_MS;
    return true;
}

static bool wait_for_one(struct pool *pool)
{
    struct timespec until;
    bool asks = may_ask(pool);
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WAIT_S;
    while (asks && pool->idle_count == 0) { /* ends: that time comes */
        if (pthread_cond_timedwait(&pool->came_back, &pool->lock, &until) != 0)
            break;
        asks = !atomic_load(&pool->silent);
    }
    return asks && pool->idle_count > 0;
}

static bool lend(struct pool *pool, struct conn **ret_conn, struct rw_error *err)
{
    (void)pthread_mutex_lock(&pool->lock);
    struct conn *conn = wait_for_one(pool) ? pool->idle[--pool->idle_count] : NULL;
    (void)pthread_mutex_unlock(&pool->lock);
    if (!conn)
        return rw_error_set(err, RW_UNAVAILABLE, "",
                            pool_is_silent(pool) ? "the database does not answer"
                                                 : "the database has too much to do");
    *ret_conn = conn;
    return true;
}

/* Whoever is lent one next gets one that answered. */
static void put_last(struct pool *pool, struct conn *conn)
{
    memmove(pool->idle + 1, pool->idle, pool->idle_count * sizeof pool->idle[0]);
    pool->idle[0] = conn;
    pool->idle_count++;
}

/* One that waits in vain while others are answered is alone in that. Who is stopping tries no
 * other. */
static bool is_alone(const struct pool *pool, int64_t now_ms)
{
    bool stopping = pool->stopping && atomic_load(pool->stopping);
    return !stopping && pool->heard_ms > 0 && now_ms - pool->heard_ms < HEARD_MS;
}

static void take_back(struct pool *pool, struct conn *conn, bool done)
{
    bool silent = !done && conn_is_silent(conn);
    (void)pthread_mutex_lock(&pool->lock);
    int64_t now_ms = rw_clock_monotonic_ms(&pool->clock);
    bool alone = silent && is_alone(pool, now_ms);
    if (silent) {
        put_last(pool, conn);
    } else {
        pool->idle[pool->idle_count++] = conn;
        pool->heard_ms = now_ms;
    }
    if (!alone)
        atomic_store(&pool->silent, silent);
    if (!done && conn_is_full(conn))
        atomic_store(&pool->full, true);
    if (silent && !alone)
        note_silence(pool);
    (void)pthread_cond_signal(&pool->came_back);
    (void)pthread_mutex_unlock(&pool->lock);
}

void pool_warm(struct pool *pool)
{
    struct conn *conn = NULL;
    struct rw_error failure = { 0 };
    if (lend(pool, &conn, &failure))
        take_back(pool, conn, conn_ready(conn, &failure));
}

bool pool_transact(struct pool *pool, const struct conn_work *work, struct rw_error *err)
{
    struct conn *conn = NULL;
    if (!lend(pool, &conn, err))
        return false;
    bool done = conn_transact(conn, work, err);
    take_back(pool, conn, done);
    return done;
}

bool pool_read(struct pool *pool, const struct conn_work *work, struct rw_error *err)
{
    struct conn *conn = NULL;
    if (!lend(pool, &conn, err))
        return false;
    bool done = conn_read(conn, work, err);
    take_back(pool, conn, done);
    return done;
}

bool pool_is_silent(const struct pool *pool)
{
    return atomic_load(&pool->silent);
}

bool pool_is_full(const struct pool *pool)
{
    return atomic_load(&pool->full);
}

void pool_note_room(struct pool *pool)
{
    atomic_store(&pool->full, false);
}
