/* SPDX-License-Identifier: Apache-2.0 */
/* A real PostgreSQL made for one test program, with our schema in it. */
#define _GNU_SOURCE
#include "tests/unit/db/database.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/private_cluster.h"
#include "core/base/crypto.h"
#include "db/migrate.h"
#include "db/settings.h"

static struct database one;

static bool open_all(struct database *database, struct rw_error *err)
{
    struct rw_clock clock = rw_clock_system();
    int32_t applied = 0;
    if (!rw_crypto_init(err) ||
        !private_cluster_begin(database->folder, NULL, &clock, database->whole, &database->cluster,
                               err) ||
        !private_cluster_finish(database->cluster, err))
        return false;
    const char *app = private_cluster_app(database->cluster);
    database->owner =
        conn_open(&(struct conn_target){ .text = private_cluster_owner(database->cluster) });
    database->app = conn_open(&(struct conn_target){ .text = app, .pharmacy = "952000" });
    database->other = conn_open(&(struct conn_target){ .text = app, .pharmacy = "952001" });
    database->none = conn_open(&(struct conn_target){ .text = app });
    database->scope = (struct scope){ .conn = database->app,
                                      .pharmacy = "952000",
                                      .arena = database->arena,
                                      .now_ms = 1795000000000,
                                      .actor = "tester",
                                      .role = "administrator",
                                      .source = "127.0.0.1" };
    return database->owner && database->app && database->other && database->none &&
           migrate_run(database->owner, migrate_files, 1, &applied, err) &&
           migrate_fence(database->owner, err) && migrate_grant(database->owner, err) &&
           settings_add_pharmacy(&database->scope, err);
}

int database_setup(void **state)
{
    struct rw_error err = { 0 };
    if (!scratch_make(one.folder))
        return -1;
    one.whole = rw_arena_open(RW_ARENA_MIB);
    one.arena = rw_arena_open((size_t)64 * RW_ARENA_MIB);
    if (!one.whole || !one.arena || !open_all(&one, &err)) {
        (void)fprintf(stderr, "no database for the test: %s\n", err.text);
        return -1;
    }
    *state = &one;
    return 0;
}

int database_teardown(void **state)
{
    struct database *database = *state;
    char command[160];
    conn_close(database->owner);
    conn_close(database->app);
    conn_close(database->other);
    conn_close(database->none);
    private_cluster_close(database->cluster);
    rw_arena_close(database->arena);
    rw_arena_close(database->whole);
    (void)snprintf(command, sizeof command, "rm -rf %s", database->folder);
    return system(command);
}

bool database_work(struct database *database,
                   bool (*run)(void *self, struct conn *conn, struct rw_error *err),
                   struct rw_error *err)
{
    const struct conn_work work = { database, run };
    rw_arena_reset(database->arena);
    return conn_transact(database->app, &work, err);
}
