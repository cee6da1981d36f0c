/* SPDX-License-Identifier: Apache-2.0 */
/* Opens the database that the service works on. */
#include "api/database.h"

#include <pthread.h>

#include "api/private_cluster.h"
#include "api/service.h"
#include "db/conninfo.h"
#include "db/migrate.h"
#include "db/pool.h"

#define APP_ROLE "rolwacht_app"
#define CONNS 12
#define CHECKED_CONNS 4

static bool open_pool(struct service *service, struct rw_arena *arena, struct rw_error *err)
{
    const struct conn_target target = service_database(service);
    return pool_open(&target, CONNS, arena, &service->pool, err);
}

/* The schema is brought up to date by who owns it; the service runs under a role with less. */
static bool open_schema(const struct service *service, struct conn *conn, struct rw_error *err)
{
    int32_t applied = 0;
    if (!conn)
        return rw_error_set(err, RW_USAGE, "", "the connection string is too long");
    bool done = conn_ready(conn, err) &&
                migrate_run(conn, migrate_files, rw_clock_utc_ms(&service->clock), &applied, err) &&
                (applied > 0 || migrate_fence(conn, err)) && migrate_grant(conn, err);
    conn_close(conn);
    return done;
}

bool database_open(struct service *service, const char *text, const char *owner,
                   struct rw_arena *arena, struct rw_error *err)
{
    const struct conn_target target = { .text = owner ? owner : text,
                                        .statement_ms = MIGRATE_STATEMENT_MS };
    service->database = text;
    service->database_role = APP_ROLE;
    return open_pool(service, arena, err) && conninfo_check(text, err) &&
           conninfo_check(target.text, err) && pool_check_sessions(service->pool, arena, err) &&
           open_schema(service, conn_open(&target), err);
}

static void *warm_main(void *pool)
{
    pool_warm(pool);
    return NULL;
}

/* The service's first connection is made while the owner's works: a tenth of a start. */
bool database_open_own(struct service *service, struct private_cluster *cluster,
                       struct rw_arena *arena, struct rw_error *err)
{
    pthread_t warmer;
    if (!private_cluster_finish(cluster, err))
        return false;
    service->database = private_cluster_app(cluster);
    service->database_role = NULL;
    if (!open_pool(service, arena, err))
        return false;
    bool warms = pthread_create(&warmer, NULL, warm_main, service->pool) == 0;
    bool done = open_schema(service, private_cluster_take_conn(cluster), err);
    if (warms)
        (void)pthread_join(warmer, NULL);
    return done;
}

bool database_check(const char *text, struct rw_arena *arena, struct rw_error *err)
{
    const struct conn_target target = { .text = text };
    struct pool *pool = NULL;
    if (!conninfo_check(text, err) || !pool_open(&target, CHECKED_CONNS, arena, &pool, err))
        return false;
    bool good = pool_check_sessions(pool, arena, err);
    pool_close(pool);
    return good;
}
