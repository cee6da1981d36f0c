/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that the own PostgreSQL starts anywhere and always ends. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "api/child.h"
#include "api/private_cluster.h"
#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/base/text.h"

struct place {
    char folder[64];
    struct rw_arena *arena;
    struct rw_clock clock;
};

static int make_place(void **state)
{
    static struct place place;
    struct rw_error err = { 0 };
    (void)snprintf(place.folder, sizeof place.folder, "/tmp/rolwacht-test-XXXXXX");
    if (!mkdtemp(place.folder) || chmod(place.folder, 0711) != 0 || !rw_crypto_init(&err))
        return -1;
    place.arena = rw_arena_open((size_t)4 * RW_ARENA_MIB);
    place.clock = rw_clock_system();
    *state = &place;
    return place.arena ? 0 : -1;
}

static int remove_place(void **state)
{
    struct place *place = *state;
    char command[160];
    rw_arena_close(place->arena);
    (void)snprintf(command, sizeof command, "rm -rf %s", place->folder);
    return system(command);
}

static bool open_cluster(const struct place *place, const char *folder,
                         struct private_cluster **ret_cluster, struct rw_error *err)
{
    struct private_cluster *cluster = NULL;
    if (!private_cluster_begin(folder, NULL, &place->clock, place->arena, &cluster, err))
        return false;
    if (!private_cluster_finish(cluster, err)) {
        private_cluster_close(cluster);
        return false;
    }
    *ret_cluster = cluster;
    return true;
}

static pid_t server_pid(const char *folder)
{
    char path[RW_FILE_PATH_MAX];
    long pid = 0;
    (void)snprintf(path, sizeof path, "%s/postgres/data/postmaster.pid", folder);
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    if (fscanf(file, "%ld", &pid) != 1)
        pid = 0;
    (void)fclose(file);
    return (pid_t)pid;
}

static bool answers(const char *text)
{
    return conn_server_answers(text);
}

static void it_starts_stops_and_starts_again(void **state)
{
    struct place *place = *state;
    for (int i = 0; i < 2; i++) {
        struct private_cluster *cluster = NULL;
        struct rw_error err = { 0 };
        assert_true(open_cluster(place, place->folder, &cluster, &err));
        char app[CONN_TEXT_MAX];
        assert_true(rw_text_copy(app, sizeof app, private_cluster_app(cluster)));
        assert_true(answers(app));
        private_cluster_close(cluster);
        assert_false(answers(app));
        assert_int_equal(server_pid(place->folder), 0);
    }
}

static size_t drafts(const char *folder)
{
    size_t count = 0;
    DIR *listed = opendir(folder);
    assert_non_null(listed);
    for (const struct dirent *one = readdir(listed); one; one = readdir(listed))
        count += rw_text_starts_with(one->d_name, "draft-");
    (void)closedir(listed);
    return count;
}

/* While initdb still works, and while the server still starts. */
static void what_has_begun_can_be_given_up(void **state)
{
    struct place *place = *state;
    struct private_cluster *cluster = NULL;
    struct rw_error err = { 0 };
    char base[RW_FILE_PATH_MAX];
    (void)snprintf(base, sizeof base, "%s/postgres", place->folder);
    assert_true(
        private_cluster_begin(place->folder, NULL, &place->clock, place->arena, &cluster, &err));
    private_cluster_close(cluster);
    assert_int_equal(server_pid(place->folder), 0);
    assert_true(open_cluster(place, place->folder, &cluster, &err));
    private_cluster_close(cluster);
    assert_int_equal(drafts(base), 0);
    assert_true(
        private_cluster_begin(place->folder, NULL, &place->clock, place->arena, &cluster, &err));
    private_cluster_close(cluster);
    assert_int_equal(server_pid(place->folder), 0);
    assert_true(open_cluster(place, place->folder, &cluster, &err));
    assert_true(answers(private_cluster_app(cluster)));
    private_cluster_close(cluster);
}

/* How often somebody came to template1, while one connection of the owner is open. */
static int64_t sessions_of_template(struct place *place)
{
    struct private_cluster *cluster = NULL;
    struct conn_rows rows = { 0 };
    struct rw_error err = { 0 };
    assert_true(open_cluster(place, place->folder, &cluster, &err));
    struct conn *conn = private_cluster_take_conn(cluster);
    assert_non_null(conn);
    assert_null(private_cluster_take_conn(cluster));
    assert_true(conn_run(conn, "SELECT sessions FROM pg_stat_database WHERE datname = 'template1'",
                         NULL, 0, place->arena, &rows, &err));
    int64_t sessions = conn_cell_int(&rows, 0, 0);
    conn_close(conn);
    private_cluster_close(cluster);
    return sessions;
}

/* Each connection is a tenth of the time. What there is of others is the question before a stop. */
static void a_later_start_connects_once(void **state)
{
    struct place *place = *state;
    (void)sessions_of_template(place);
    int64_t before = sessions_of_template(place);
    int64_t after = sessions_of_template(place);
    assert_in_range(after - before, 0, 1);
}

static void a_second_service_is_refused(void **state)
{
    struct place *place = *state;
    struct private_cluster *first = NULL;
    struct private_cluster *second = NULL;
    struct rw_error err = { 0 };
    assert_true(open_cluster(place, place->folder, &first, &err));
    assert_false(open_cluster(place, place->folder, &second, &err));
    assert_int_equal(err.code, RW_UNAVAILABLE);
    assert_non_null(strstr(err.text, "another service"));
    private_cluster_close(first);
}

/* A child that is on its way to its program stands for one that a killed service had forked. */
static void a_lock_that_goes_in_a_moment_is_waited_for(void **state)
{
    struct place *place = *state;
    struct private_cluster *cluster = NULL;
    struct rw_error err = { 0 };
    char path[RW_FILE_PATH_MAX];
    int ready[2];
    char byte = 0;
    assert_true(open_cluster(place, place->folder, &cluster, &err));
    private_cluster_close(cluster);
    (void)snprintf(path, sizeof path, "%s/postgres/lock", place->folder);
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        const struct timespec moment = { .tv_nsec = 300000000L };
        int lock = open(path, O_RDWR | O_CLOEXEC);
        byte = flock(lock, LOCK_EX | LOCK_NB) == 0 ? 'y' : 'n';
        (void)!write(ready[1], &byte, 1);
        (void)nanosleep(&moment, NULL);
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    assert_true(open_cluster(place, place->folder, &cluster, &err));
    private_cluster_close(cluster);
    assert_int_equal(waitpid(child, NULL, 0), child);
    (void)close(ready[0]);
    (void)close(ready[1]);
}

static void a_killed_server_is_started_again(void **state)
{
    struct place *place = *state;
    struct private_cluster *cluster = NULL;
    struct rw_error err = { 0 };
    assert_true(open_cluster(place, place->folder, &cluster, &err));
    pid_t before = server_pid(place->folder);
    assert_int_equal(kill(before, SIGKILL), 0);
    const struct timespec step = { .tv_nsec = 200000000L };
    (void)nanosleep(&step, NULL);
    assert_true(private_cluster_has_ended(cluster));
    assert_true(private_cluster_restart(cluster, &err));
    assert_false(private_cluster_has_ended(cluster));
    assert_true(answers(private_cluster_app(cluster)));
    assert_true(server_pid(place->folder) != before);
    private_cluster_close(cluster);
}

/* A child process stands for a service that is killed. */
static void it_ends_with_a_service_that_is_killed(void **state)
{
    struct place *place = *state;
    int ready[2];
    char byte = 0;
    assert_int_equal(pipe(ready), 0);
    pid_t service = fork();
    if (service == 0) {
        struct private_cluster *cluster = NULL;
        struct rw_error err = { 0 };
        bool opened = open_cluster(place, place->folder, &cluster, &err);
        byte = opened ? 'y' : 'n';
        (void)!write(ready[1], &byte, 1);
        for (;;)
            (void)pause();
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    pid_t server = server_pid(place->folder);
    assert_int_equal(kill(service, SIGKILL), 0);
    assert_int_equal(waitpid(service, NULL, 0), service);
    const struct timespec step = { .tv_nsec = 20000000L };
    for (int i = 0; i < 1500 && server_pid(place->folder) == server; i++)
        (void)nanosleep(&step, NULL);
    assert_int_equal(server_pid(place->folder), 0);
    struct private_cluster *next = NULL;
    struct rw_error err = { 0 };
    assert_true(open_cluster(place, place->folder, &next, &err));
    private_cluster_close(next);
    (void)close(ready[0]);
    (void)close(ready[1]);
}

/* A parent that only root may enter is left as it is; the data goes elsewhere. */
static void a_closed_parent_is_never_opened(void **state)
{
    struct place *place = *state;
    if (geteuid() != 0)
        skip();
    char inner[128];
    struct private_cluster *cluster = NULL;
    struct rw_error err = { 0 };
    struct stat held;
    (void)snprintf(inner, sizeof inner, "%s/closed", place->folder);
    assert_int_equal(mkdir(inner, 0700), 0);
    (void)snprintf(inner, sizeof inner, "%s/closed/state", place->folder);
    assert_int_equal(mkdir(inner, 0711), 0);
    assert_true(open_cluster(place, inner, &cluster, &err));
    assert_true(answers(private_cluster_app(cluster)));
    private_cluster_close(cluster);
    uint8_t digest[RW_SHA256_BYTES];
    char hex[RW_HEX_SHA256_MAX];
    rw_sha256(inner, strlen(inner), digest);
    rw_hex_sha256(digest, hex);
    char command[160];
    (void)snprintf(command, sizeof command, "rm -r /var/lib/rolwacht/cluster-%.16s", hex);
    assert_int_equal(system(command), 0);
    (void)snprintf(inner, sizeof inner, "%s/closed", place->folder);
    assert_int_equal(stat(inner, &held), 0);
    assert_int_equal(held.st_mode & 0777, 0700);
    (void)snprintf(inner, sizeof inner, "%s/closed/state/postgres", place->folder);
    assert_int_not_equal(access(inner, F_OK), 0);
}

/* An empty database in its place would be worse than none. */
static void a_parent_that_was_closed_later_is_told(void **state)
{
    struct place *place = *state;
    if (geteuid() != 0)
        skip();
    char outer[128];
    char inner[160];
    struct private_cluster *cluster = NULL;
    struct rw_error err = { 0 };
    (void)snprintf(outer, sizeof outer, "%s/outer", place->folder);
    (void)snprintf(inner, sizeof inner, "%s/state", outer);
    assert_int_equal(mkdir(outer, 0711), 0);
    assert_int_equal(mkdir(inner, 0711), 0);
    assert_true(open_cluster(place, inner, &cluster, &err));
    private_cluster_close(cluster);
    assert_int_equal(chmod(outer, 0700), 0);
    assert_false(open_cluster(place, inner, &cluster, &err));
    assert_int_equal(err.code, RW_UNAVAILABLE);
    assert_non_null(strstr(err.text, "may not enter"));
}

static void make_file(const char *folder, const char *name)
{
    char path[RW_FILE_PATH_MAX];
    struct child_account account;
    struct rw_error err = { 0 };
    assert_true(child_account_find(&account, &err));
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_true(rw_file_write(path, "x", 1, 0600, &err));
    assert_int_equal(lchown(path, account.uid, account.gid), 0);
}

static void make_folder(const char *path)
{
    struct child_account account;
    struct rw_error err = { 0 };
    assert_true(child_account_find(&account, &err));
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(lchown(path, account.uid, account.gid), 0);
}

/* Nothing that lies elsewhere goes with it. */
static void what_a_killed_initdb_left_is_taken_away(void **state)
{
    struct place *place = *state;
    struct private_cluster *cluster = NULL;
    struct rw_error err = { 0 };
    char base[128];
    char draft[160];
    char path[224];
    assert_true(open_cluster(place, place->folder, &cluster, &err));
    private_cluster_close(cluster);
    (void)snprintf(base, sizeof base, "%s/postgres", place->folder);
    (void)snprintf(path, sizeof path, "%s/kept", base);
    make_folder(path);
    make_file(path, "dear");
    (void)snprintf(draft, sizeof draft, "%s/draft-AbC123", base);
    make_folder(draft);
    make_file(draft, "PG_VERSION");
    (void)snprintf(path, sizeof path, "%s/base", draft);
    make_folder(path);
    make_file(path, "1");
    (void)snprintf(path, sizeof path, "%s/elsewhere", draft);
    assert_int_equal(symlink("../kept", path), 0);
    (void)snprintf(path, sizeof path, "%s/draft-link", base);
    assert_int_equal(symlink("kept", path), 0);
    assert_true(open_cluster(place, place->folder, &cluster, &err));
    assert_true(answers(private_cluster_app(cluster)));
    private_cluster_close(cluster);
    assert_int_not_equal(access(draft, F_OK), 0);
    assert_int_not_equal(faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW), 0);
    (void)snprintf(path, sizeof path, "%s/kept/dear", base);
    assert_int_equal(access(path, F_OK), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_starts_stops_and_starts_again),
        TEST(what_has_begun_can_be_given_up),
        TEST(a_second_service_is_refused),
        TEST(a_later_start_connects_once),
        TEST(a_parent_that_was_closed_later_is_told),
        TEST(a_lock_that_goes_in_a_moment_is_waited_for),
        TEST(a_killed_server_is_started_again),
        TEST(it_ends_with_a_service_that_is_killed),
        TEST(a_closed_parent_is_never_opened),
        TEST(what_a_killed_initdb_left_is_taken_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
