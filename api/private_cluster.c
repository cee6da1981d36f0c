/* SPDX-License-Identifier: Apache-2.0 */
/* Makes and runs a PostgreSQL of the service's own. */
#define _GNU_SOURCE
#include "api/private_cluster.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "api/cluster_files.h"
#include "api/pid_file.h"
#include "api/socket_folder.h"
#include "api/supervisor.h"
#include "core/base/clock.h"
#include "core/base/text.h"
#include "db/migrate.h"

#define START_MS_MAX 120000 /* crash recovery included */
#define STOP_MS_MAX 20000
#define QUIT_MS_MAX 10000 /* after five seconds the server kills what does not hear it */
#define STEP_MS 10
#define LOOK_MS 100              /* between two looks at what no change of a file tells */
#define ARCHIVE_COMMAND_MAX 4096 /* seven paths of CONFIG_ARCHIVE_MAX and what is between them */
#define ARCHIVE_ARGS 7           /* the last ends the list */
#define RESTARTS_MAX 20 /* tries, six seconds, while what a killed server left behind goes away */

struct private_cluster {
    struct cluster_files files;
    char socket[SOCKET_FOLDER_MAX];
    char owner[CONN_TEXT_MAX];
    char app[CONN_TEXT_MAX];
    const char *wal_archive;
    struct conn *conn; /* of the owner, until it is taken */
    pid_t pid;         /* 0 = not running */
    int watch;         /* of the folder of data, while the server starts; else -1 */
};

const char *private_cluster_owner(const struct private_cluster *cluster)
{
    return cluster->owner;
}

const char *private_cluster_app(const struct private_cluster *cluster)
{
    return cluster->app;
}

static void sleep_step(void)
{
    const struct timespec step = { .tv_nsec = STEP_MS * 1000000L };
    (void)nanosleep(&step, NULL);
}

/* Is this process a server of our folder? Its working folder tells. */
static bool runs_here(const struct cluster_files *files, pid_t pid)
{
    char link[64];
    char folder[RW_FILE_PATH_MAX];
    (void)snprintf(link, sizeof link, "/proc/%d/cwd", (int)pid);
    ssize_t length = readlink(link, folder, sizeof folder - 1);
    if (length < 0)
        return false;
    folder[length] = '\0';
    char data[RW_FILE_PATH_MAX];
    return realpath(files->data, data) && rw_text_equal(folder, data);
}

/* After a kill of the service its server stops by itself; it is waited for, and in the end told. */
static void end_leftover(const struct cluster_files *files)
{
    pid_t pid = pid_file_pid(files->data);
    if (pid == 0)
        return;
    for (int32_t waited = 0; waited < STOP_MS_MAX; waited += STEP_MS) {
        if (!runs_here(files, pid) || child_stop_asked())
            return;
        if (waited == STOP_MS_MAX / 3)
            (void)kill(pid, SIGQUIT);
        sleep_step();
    }
}

/* A file that is there already is never written over; after a crash the server may bring one for
 * the second time, which is the same then. Once a minute even a WAL that is not full is put there,
 * so that no more than that is lost with the machine: what it lacks are zeros, which compressed are
 * next to nothing. */
static void add_archive(const struct private_cluster *cluster, const char **args, char *command,
                        size_t room)
{
    const char *to = cluster->wal_archive;
    const char *const more[ARCHIVE_ARGS] = { "-c", "archive_mode=on", "-c", "archive_timeout=60",
                                             "-c", command,           NULL };
    (void)snprintf(command, room,
                   "archive_command=if test -e %s/%%f.gz; then gzip -dc %s/%%f.gz | cmp -s - %%p; "
                   "else gzip -nc %%p > %s/.%%f && sync %s/.%%f && mv %s/.%%f %s/%%f.gz && "
                   "sync %s; fi",
                   to, to, to, to, to, to, to);
    memcpy(args, more, sizeof more);
}

static bool run_server(struct private_cluster *cluster, struct rw_error *err)
{
    static const char *const settings[] = { "listen_addresses=", "unix_socket_permissions=0700",
                                            "max_connections=60", "log_min_messages=warning",
                                            /* statements may hold names */
                                            "log_min_error_statement=panic",
                                            "log_error_verbosity=terse", "log_timezone=UTC",
                                            "fsync=on", "synchronous_commit=on",
                                            /* before a recovery: one pass, not each file */
                                            "recovery_init_sync_method=syncfs",
                                            "default_toast_compression=lz4",
                                            /* each is tried at the start with two calls */
                                            "max_files_per_process=256",
                                            /* nobody subscribes here: one process fewer */
                                            "max_logical_replication_workers=0",
                                            /* what is set up before the first connection */
                                            "shared_buffers=64MB", "wal_buffers=1MB",
                                            /* no transaction here is SERIALIZABLE */
                                            "max_pred_locks_per_transaction=10" };
    const struct cluster_files *files = &cluster->files;
    char postgres[RW_FILE_PATH_MAX];
    char socket[128];
    char archive[ARCHIVE_COMMAND_MAX];
    const char *args[CHILD_ARGS_MAX] = { postgres, "-D", files->data, "-c", socket };
    size_t count = 5;
    (void)snprintf(socket, sizeof socket, "unix_socket_directories=%s", cluster->socket);
    if (!rw_file_join(postgres, files->bin, "postgres", err))
        return false;
    for (size_t i = 0; i < RW_COUNT(settings); i++) {
        args[count++] = "-c";
        args[count++] = settings[i];
    }
    assert(count + ARCHIVE_ARGS <= CHILD_ARGS_MAX);
    if (cluster->wal_archive)
        add_archive(cluster, args + count, archive, sizeof archive);
    return child_start(&files->account, args, files->log, SIGINT, &cluster->pid, err);
}

/* Also a server that takes connections and says nothing is known after two seconds. */
static bool answers(const struct private_cluster *cluster)
{
    char text[CONN_TEXT_MAX];
    (void)snprintf(text, sizeof text,
                   "host=%s port=5432 dbname=template1 user=rolwacht_owner connect_timeout=2",
                   cluster->socket);
    return conn_server_answers(text);
}

/* Waits until the server says that it takes connections; false without an error when it ended
 * instead. To ask it would cost a connection each time. */
static bool wait_until_ready(struct private_cluster *cluster)
{
    const struct cluster_files *files = &cluster->files;
    int64_t ends_ms = rw_clock_monotonic_ms(&files->clock) + START_MS_MAX;
    while (rw_clock_monotonic_ms(&files->clock) < ends_ms) {
        int status = 0;
        if (pid_file_is_ready(files->data, cluster->pid, cluster->socket))
            return true;
        if (waitpid(cluster->pid, &status, WNOHANG) != 0) {
            cluster->pid = 0;
            return false;
        }
        if (child_stop_asked())
            return false;
        supervisor_beat();
        pid_file_wait(cluster->watch, LOOK_MS);
    }
    return false;
}

static void stop_server(struct private_cluster *cluster)
{
    static const struct {
        int signal;
        int32_t wait_ms;
    } steps[] = {
        { SIGINT, STOP_MS_MAX },  /* fast: sessions are ended, everything is written */
        { SIGQUIT, QUIT_MS_MAX }, /* nothing is written; the next start recovers */
        { SIGKILL, QUIT_MS_MAX },
    };
    int status = 0;
    size_t first = cluster->pid != 0 && !answers(cluster) ? 1 : 0; /* it would not hear the first */
    for (size_t i = first; i < RW_COUNT(steps) && cluster->pid != 0; i++) {
        (void)kill(cluster->pid, steps[i].signal);
        (void)kill(cluster->pid, SIGCONT); /* one that was stopped would not hear the rest */
        if (child_wait(cluster->pid, steps[i].wait_ms, &status))
            cluster->pid = 0;
    }
    cluster->pid = 0;
}

static void end_watch(struct private_cluster *cluster)
{
    if (cluster->watch >= 0)
        (void)close(cluster->watch); /* nothing was written to it */
    cluster->watch = -1;
}

/* The watch stands before the server starts, so that nothing it says is missed. */
static bool start_server(struct private_cluster *cluster, struct rw_error *err)
{
    cluster->watch = pid_file_watch(cluster->files.data);
    return run_server(cluster, err);
}

/* For a server that was started; one that ends at once is started again. */
static bool wait_for_server(struct private_cluster *cluster, struct rw_error *err)
{
    for (int i = 0; i < RESTARTS_MAX && !child_stop_asked(); i++) {
        if (cluster->pid == 0 && !start_server(cluster, err))
            return false;
        bool ready = wait_until_ready(cluster);
        end_watch(cluster);
        if (ready)
            return true;
        stop_server(cluster);
        if (!child_may_enter(&cluster->files.account, cluster->files.base))
            return rw_error_set(err, RW_UNAVAILABLE, "",
                                "the database's account may not enter %s any more",
                                cluster->files.base);
        for (int step = 0; step < 30; step++)
            sleep_step();
    }
    return rw_error_set(err, RW_UNAVAILABLE, "", "could not start the database; %s says why",
                        cluster->files.log);
}

/* The role that owns the tables is the one initdb made; the running service has another. The empty
 * database that initdb made takes our name: another copy of its thousand files costs as much as all
 * tables. ALTER DATABASE would want a connection to a third one for this change of a row. */
static bool make_database(struct conn *conn, bool *ret_made, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(64 * RW_ARENA_KIB);
    struct conn_rows role = { 0 };
    struct conn_rows database = { 0 };
    bool done = arena &&
                conn_run(conn, "SELECT 1 FROM pg_roles WHERE rolname = 'rolwacht_app'", NULL, 0,
                         arena, &role, err) &&
                (role.count == 1 || conn_script(conn, "CREATE ROLE rolwacht_app LOGIN", err)) &&
                conn_run(conn,
                         "UPDATE pg_database SET datname = 'rolwacht' WHERE datname = 'postgres'"
                         " AND NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = 'rolwacht')",
                         NULL, 0, arena, &database, err);
    *ret_made = database.affected == 1;
    rw_arena_close(arena);
    return done;
}

static bool open_conn(struct private_cluster *cluster, const char *database, struct rw_error *err)
{
    char text[CONN_TEXT_MAX];
    (void)snprintf(text, sizeof text, "host=%s port=5432 dbname=%s user=rolwacht_owner",
                   cluster->socket, database);
    conn_close(cluster->conn);
    cluster->conn =
        conn_open(&(struct conn_target){ .text = text, .statement_ms = MIGRATE_STATEMENT_MS });
    if (!cluster->conn)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a connection");
    return conn_ready(cluster->conn, err);
}

/* A database that has our name has the role as well: that was made first. Why one that is there
 * does not open is told, and not that there is none to rename. */
static bool prepare_database(struct private_cluster *cluster, struct rw_error *err)
{
    struct rw_error absent = { 0 };
    struct rw_error failure = { 0 };
    bool made = false;
    bool is_new = cluster->files.draft[0] != '\0';
    (void)snprintf(cluster->owner, sizeof cluster->owner,
                   "host=%s port=5432 dbname=rolwacht user=rolwacht_owner", cluster->socket);
    (void)snprintf(cluster->app, sizeof cluster->app,
                   "host=%s port=5432 dbname=rolwacht user=rolwacht_app", cluster->socket);
    if (!is_new && open_conn(cluster, "rolwacht", &absent))
        return true;
    if (open_conn(cluster, "postgres", &failure) && make_database(cluster->conn, &made, &failure) &&
        made)
        return true;
    *err = is_new ? failure : absent;
    return false;
}

struct conn *private_cluster_take_conn(struct private_cluster *cluster)
{
    struct conn *conn = cluster->conn;
    cluster->conn = NULL;
    return conn;
}

static bool start_whole(struct private_cluster *cluster, struct rw_error *err)
{
    if (!cluster_files_finish(&cluster->files, err) ||
        !socket_folder_make(&cluster->files.account, cluster->files.base, cluster->socket, err))
        return false;
    end_leftover(&cluster->files);
    return start_server(cluster, err);
}

bool private_cluster_begin(const char *state_folder, const char *wal_archive,
                           const struct rw_clock *clock, struct rw_arena *arena,
                           struct private_cluster **ret_cluster, struct rw_error *err)
{
    struct private_cluster *cluster = rw_arena_alloc(arena, sizeof *cluster, err);
    if (!cluster)
        return false;
    cluster->files.clock = *clock;
    cluster->wal_archive = wal_archive;
    cluster->files.lock = -1;
    cluster->watch = -1;
    if (!cluster_files_begin(&cluster->files, state_folder, err) ||
        (cluster->files.initdb == 0 && !start_whole(cluster, err))) {
        private_cluster_close(cluster);
        return false;
    }
    *ret_cluster = cluster;
    return true;
}

bool private_cluster_finish(struct private_cluster *cluster, struct rw_error *err)
{
    return (cluster->files.initdb == 0 || start_whole(cluster, err)) &&
           wait_for_server(cluster, err) && prepare_database(cluster, err);
}

bool private_cluster_has_ended(struct private_cluster *cluster)
{
    int status = 0;
    if (cluster->pid != 0 && waitpid(cluster->pid, &status, WNOHANG) != 0)
        cluster->pid = 0;
    return cluster->pid == 0;
}

bool private_cluster_restart(struct private_cluster *cluster, struct rw_error *err)
{
    assert(cluster->pid == 0);
    end_leftover(&cluster->files);
    return wait_for_server(cluster, err);
}

void private_cluster_close(struct private_cluster *cluster)
{
    if (!cluster)
        return;
    conn_close(cluster->conn);
    end_watch(cluster);
    stop_server(cluster);
    if (cluster->socket[0])
        socket_folder_remove(cluster->socket);
    cluster_files_close(&cluster->files);
}
