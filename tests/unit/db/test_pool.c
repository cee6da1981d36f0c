/* SPDX-License-Identifier: Apache-2.0 */
/* Tests whom a connection that is waited for in vain puts off. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "api/private_cluster.h"
#include "db/pool.h"
#include "tests/unit/db/database.h"

#define SLOW_MS 4200 /* longer than a server that answers needs */
#define STEP_MS 50

static atomic_bool slow; /* whoever dials waits in vain */
static atomic_int dials;
static atomic_bool ended; /* the one who dialled was told so */

/* Of libpq; the first in its place. */
void *PQconnectdbParams(const char *const *names, const char *const *values, int expand);

static void wait_ms(int32_t ms)
{
    const struct timespec pause = { ms / 1000, ms % 1000 * 1000000L };
    (void)nanosleep(&pause, NULL);
}

void *PQconnectdbParams(const char *const *names, const char *const *values, int expand)
{
    void *(*theirs)(const char *const *, const char *const *, int) = NULL;
    const char *const nowhere[] = { "host=/nowhere", NULL };
    const char *const name[] = { "dbname", NULL };
    void *found = dlsym(RTLD_NEXT, "PQconnectdbParams");
    memcpy(&theirs, &found, sizeof theirs);
    atomic_fetch_add(&dials, 1);
    if (!atomic_load(&slow))
        return theirs(names, values, expand);
    wait_ms(SLOW_MS);
    return theirs(name, nowhere, expand);
}

/* What a test and the one who dials beside it share. */
struct trial {
    struct pool *pool;
    struct rw_arena *arena;
    pthread_t dialler;
    bool dials_beside; /* inside its work the trial starts the other */
};

static struct trial begin(const struct database *database, size_t conn_count)
{
    struct trial trial = { .arena = database->arena };
    struct rw_error err = { 0 };
    const struct conn_target target = { .text = private_cluster_app(database->cluster),
                                        .pharmacy = "952000" };
    rw_arena_reset(trial.arena);
    atomic_store(&slow, false);
    atomic_store(&ended, false);
    assert_true(pool_open(&target, conn_count, trial.arena, &trial.pool, &err));
    return trial;
}

static void *dial(void *self)
{
    struct trial *trial = self;
    struct rw_error err = { 0 };
    const struct conn_work none = { 0 };
    bool done = pool_read(trial->pool, &none, &err);
    atomic_store(&ended, true);
    return done || err.code != RW_UNAVAILABLE ? self : NULL;
}

static bool ask(void *self, struct conn *conn, struct rw_error *err)
{
    struct trial *trial = self;
    int before = atomic_load(&dials);
    if (trial->dials_beside) {
        assert_int_equal(pthread_create(&trial->dialler, NULL, dial, trial), 0);
        while (atomic_load(&dials) == before) /* ends: it has no other connection */
            wait_ms(1);
    }
    return conn_run(conn, "SELECT 1", NULL, 0, trial->arena, NULL, err);
}

static bool is_answered(struct trial *trial)
{
    struct rw_error err = { 0 };
    const struct conn_work work = { trial, ask };
    return pool_read(trial->pool, &work, &err);
}

/* One in a thousand sockets to a busy server, say. */
static void one_that_waits_in_vain_puts_off_itself_alone(void **state)
{
    struct trial trial = begin(*state, 2);
    void *wrong = NULL;
    assert_true(is_answered(&trial));
    atomic_store(&slow, true);
    trial.dials_beside = true;
    assert_true(is_answered(&trial));
    trial.dials_beside = false;
    int before = atomic_load(&dials);
    while (!atomic_load(&ended)) { /* ends: it waits for a while */
        assert_true(is_answered(&trial));
        wait_ms(STEP_MS);
    }
    assert_int_equal(pthread_join(trial.dialler, &wrong), 0);
    assert_null(wrong);
    assert_false(pool_is_silent(trial.pool));
    assert_true(is_answered(&trial)); /* on the connection that answered */
    assert_int_equal(atomic_load(&dials), before);
    pool_close(trial.pool);
}

static void where_nobody_is_answered_all_are_put_off_at_once(void **state)
{
    struct trial trial = begin(*state, 2);
    atomic_store(&slow, true);
    assert_false(is_answered(&trial));
    assert_true(pool_is_silent(trial.pool));
    int before = atomic_load(&dials);
    assert_false(is_answered(&trial));
    assert_int_equal(atomic_load(&dials), before); /* nobody waited */
    pool_close(trial.pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_that_waits_in_vain_puts_off_itself_alone),
        cmocka_unit_test(where_nobody_is_answered_all_are_put_off_at_once),
    };
    return cmocka_run_group_tests(tests, database_setup, database_teardown);
}
