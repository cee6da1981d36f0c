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
#include "tests/unit/api/cluster_home.h"

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
    struct cluster_home *home = *state;
    for (int i = 0; i < 2; i++) {
        struct private_cluster *cluster = NULL;
        struct rw_error err = { 0 };
        assert_true(cluster_home_open(home, home->folder, &cluster, &err));
        char app[CONN_TEXT_MAX];
        assert_true(rw_text_copy(app, sizeof app, private_cluster_app(cluster)));
        assert_true(answers(app));
        private_cluster_close(cluster);
        assert_false(answers(app));
        assert_int_equal(server_pid(home->folder), 0);
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
    struct cluster_home *home = *state;
    struct private_cluster *cluster = NULL;
    struct rw_error err = { 0 };
    char base[RW_FILE_PATH_MAX];
    (void)snprintf(base, sizeof base, "%s/postgres", home->folder);
    assert_true(
        private_cluster_begin(home->folder, NULL, &home->clock, home->arena, &cluster, &err));
    private_cluster_close(cluster);
    assert_int_equal(server_pid(home->folder), 0);
    assert_true(cluster_home_open(home, home->folder, &cluster, &err));
    private_cluster_close(cluster);
    assert_int_equal(drafts(base), 0);
    assert_true(
        private_cluster_begin(home->folder, NULL, &home->clock, home->arena, &cluster, &err));
    private_cluster_close(cluster);
    assert_int_equal(server_pid(home->folder), 0);
    assert_true(cluster_home_open(home, home->folder, &cluster, &err));
    assert_true(answers(private_cluster_app(cluster)));
    private_cluster_close(cluster);
}

static void a_second_service_is_refused(void **state)
{
    struct cluster_home *home = *state;
    struct private_cluster *first = NULL;
    struct private_cluster *second = NULL;
    struct rw_error err = { 0 };
    assert_true(cluster_home_open(home, home->folder, &first, &err));
    assert_false(cluster_home_open(home, home->folder, &second, &err));
    assert_int_equal(err.code, RW_UNAVAILABLE);
    assert_non_null(strstr(err.text, "another service"));
    private_cluster_close(first);
}

/* A child that is on its way to its program stands for one that a killed service had forked. */
static void a_lock_that_goes_in_a_moment_is_waited_for(void **state)
{
    struct cluster_home *home = *state;
    struct private_cluster *cluster = NULL;
    struct rw_error err = { 0 };
    char path[RW_FILE_PATH_MAX];
    int ready[2];
    char byte = 0;
    assert_true(cluster_home_open(home, home->folder, &cluster, &err));
    private_cluster_close(cluster);
    (void)snprintf(path, sizeof path, "%s/postgres/lock", home->folder);
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
    assert_true(cluster_home_open(home, home->folder, &cluster, &err));
    private_cluster_close(cluster);
    assert_int_equal(waitpid(child, NULL, 0), child);
    (void)close(ready[0]);
    (void)close(ready[1]);
}

static void a_killed_server_is_started_again(void **state)
{
    struct cluster_home *home = *state;
    struct private_cluster *cluster = NULL;
    struct rw_error err = { 0 };
    assert_true(cluster_home_open(home, home->folder, &cluster, &err));
    pid_t before = server_pid(home->folder);
    assert_int_equal(kill(before, SIGKILL), 0);
    const struct timespec step = { .tv_nsec = 200000000L };
    (void)nanosleep(&step, NULL);
    assert_true(private_cluster_has_ended(cluster));
    assert_true(private_cluster_restart(cluster, &err));
    assert_false(private_cluster_has_ended(cluster));
    assert_true(answers(private_cluster_app(cluster)));
    assert_true(server_pid(home->folder) != before);
    private_cluster_close(cluster);
}

/* A child process stands for a service that is killed. */
static void it_ends_with_a_service_that_is_killed(void **state)
{
    struct cluster_home *home = *state;
    int ready[2];
    char byte = 0;
    assert_int_equal(pipe(ready), 0);
    pid_t service = fork();
    if (service == 0) {
        struct private_cluster *cluster = NULL;
        struct rw_error err = { 0 };
        bool opened = cluster_home_open(home, home->folder, &cluster, &err);
        byte = opened ? 'y' : 'n';
        (void)!write(ready[1], &byte, 1);
        for (;;)
            (void)pause();
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    pid_t server = server_pid(home->folder);
    assert_int_equal(kill(service, SIGKILL), 0);
    assert_int_equal(waitpid(service, NULL, 0), service);
    const struct timespec step = { .tv_nsec = 20000000L };
    for (int i = 0; i < 1500 && server_pid(home->folder) == server; i++)
        (void)nanosleep(&step, NULL);
    assert_int_equal(server_pid(home->folder), 0);
    struct private_cluster *next = NULL;
    struct rw_error err = { 0 };
    assert_true(cluster_home_open(home, home->folder, &next, &err));
    private_cluster_close(next);
    (void)close(ready[0]);
    (void)close(ready[1]);
}

/* A parent that only root may enter is left as it is; the data goes elsewhere. */
static void a_closed_parent_is_never_opened(void **state)
{
    struct cluster_home *home = *state;
    if (geteuid() != 0)
        skip();
    char inner[128];
    struct private_cluster *cluster = NULL;
    struct rw_error err = { 0 };
    struct stat held;
    (void)snprintf(inner, sizeof inner, "%s/closed", home->folder);
    assert_int_equal(mkdir(inner, 0700), 0);
    (void)snprintf(inner, sizeof inner, "%s/closed/state", home->folder);
    assert_int_equal(mkdir(inner, 0711), 0);
    assert_true(cluster_home_open(home, inner, &cluster, &err));
    assert_true(answers(private_cluster_app(cluster)));
    private_cluster_close(cluster);
    uint8_t digest[RW_SHA256_BYTES];
    char hex[RW_HEX_SHA256_MAX];
    rw_sha256(inner, strlen(inner), digest);
    rw_hex_sha256(digest, hex);
    char command[160];
    (void)snprintf(command, sizeof command, "rm -r /var/lib/rolwacht/cluster-%.16s", hex);
    assert_int_equal(system(command), 0);
    (void)snprintf(inner, sizeof inner, "%s/closed", home->folder);
    assert_int_equal(stat(inner, &held), 0);
    assert_int_equal(held.st_mode & 0777, 0700);
    (void)snprintf(inner, sizeof inner, "%s/closed/state/postgres", home->folder);
    assert_int_not_equal(access(inner, F_OK), 0);
}

/* An empty database in its place would be worse than none. */
static void a_parent_that_was_closed_later_is_told(void **state)
{
    struct cluster_home *home = *state;
    if (geteuid() != 0)
        skip();
    char outer[128];
    char inner[160];
    struct private_cluster *cluster = NULL;
    struct rw_error err = { 0 };
    (void)snprintf(outer, sizeof outer, "%s/outer", home->folder);
    (void)snprintf(inner, sizeof inner, "%s/state", outer);
    assert_int_equal(mkdir(outer, 0711), 0);
    assert_int_equal(mkdir(inner, 0711), 0);
    assert_true(cluster_home_open(home, inner, &cluster, &err));
    private_cluster_close(cluster);
    assert_int_equal(chmod(outer, 0700), 0);
    assert_false(cluster_home_open(home, inner, &cluster, &err));
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
    struct cluster_home *home = *state;
    struct private_cluster *cluster = NULL;
    struct rw_error err = { 0 };
    char base[128];
    char draft[160];
    char path[224];
    assert_true(cluster_home_open(home, home->folder, &cluster, &err));
    private_cluster_close(cluster);
    (void)snprintf(base, sizeof base, "%s/postgres", home->folder);
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
    assert_true(cluster_home_open(home, home->folder, &cluster, &err));
    assert_true(answers(private_cluster_app(cluster)));
    private_cluster_close(cluster);
    assert_int_not_equal(access(draft, F_OK), 0);
    assert_int_not_equal(faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW), 0);
    (void)snprintf(path, sizeof path, "%s/kept/dear", base);
    assert_int_equal(access(path, F_OK), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, cluster_home_make, cluster_home_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_starts_stops_and_starts_again),
        TEST(what_has_begun_can_be_given_up),
        TEST(a_second_service_is_refused),
        TEST(a_parent_that_was_closed_later_is_told),
        TEST(a_lock_that_goes_in_a_moment_is_waited_for),
        TEST(a_killed_server_is_started_again),
        TEST(it_ends_with_a_service_that_is_killed),
        TEST(a_closed_parent_is_never_opened),
        TEST(what_a_killed_initdb_left_is_taken_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
