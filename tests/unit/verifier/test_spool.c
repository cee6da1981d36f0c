/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that what waits for the service is kept in order, or told. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/file.h"
#include "tests/support/scratch.h"
#include "verifier/spool.h"

#define ROOM 2 /* bodies that may wait */
#define ROLL "482913570"

static char state_folder[SCRATCH_PATH_MAX];

static int make_folder(void **state)
{
    (void)state;
    return scratch_make(state_folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[SCRATCH_PATH_MAX + 8];
    (void)snprintf(command, sizeof command, "rm -r %s", state_folder);
    return system(command);
}

static struct spool *open_spool(void)
{
    struct spool *spool = NULL;
    struct rw_error err = { 0 };
    if (!spool_open(state_folder, ROOM, &spool, &err))
        fail_msg("%s", err.text);
    return spool;
}

static bool add(struct spool *spool, const char *serial, struct rw_error *err)
{
    struct spool_entry entry = { .kind = SPOOL_VERDICT, .roll = ROLL };
    (void)snprintf(entry.serial, sizeof entry.serial, "%s", serial);
    return spool_add(spool, &entry, "{}", 2, err);
}

static struct spool_entry oldest(const struct spool *spool)
{
    struct spool_entry entry;
    assert_true(spool_oldest(spool, &entry));
    return entry;
}

static void path_of(const struct spool_entry *entry, char ret_path[RW_FILE_PATH_MAX])
{
    (void)snprintf(ret_path, RW_FILE_PATH_MAX, "%s/spool/%012d-verdict-%s-%s", state_folder,
                   (int)entry->number, entry->roll, entry->serial);
}

static void bodies_come_in_their_order_however_many_have_passed(void **state)
{
    (void)state;
    struct spool *spool = open_spool();
    struct rw_error err = { 0 };
    char serial[16];
    struct spool_entry entry;
    assert_false(spool_oldest(spool, &entry));
    for (int i = 0; i < 7; i++) {
        (void)snprintf(serial, sizeof serial, ROLL "%03d", i);
        assert_true(add(spool, serial, &err));
        if (i == 0)
            continue; /* one waits throughout */
        entry = oldest(spool);
        assert_int_equal(entry.number, i);
        assert_true(spool_remove(spool, &entry, &err));
    }
    assert_int_equal(spool_count(spool), 1);
    assert_string_equal(oldest(spool).serial, serial);
    spool_close(spool);
}

static void one_body_too_many_is_refused_and_nothing_is_written(void **state)
{
    (void)state;
    struct spool *spool = open_spool();
    struct rw_error err = { 0 };
    assert_true(add(spool, ROLL "001", &err) && add(spool, ROLL "002", &err));
    assert_false(add(spool, ROLL "003", &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    assert_string_equal(err.text, "2 verdicts and pictures wait for the service already");
    spool_close(spool);
    spool = open_spool(); /* as after a start */
    assert_int_equal(spool_count(spool), ROOM);
    assert_string_equal(oldest(spool).serial, ROLL "001");
    spool_close(spool);
}

static void a_folder_with_more_than_may_wait_is_not_opened(void **state)
{
    (void)state;
    struct spool *spool = open_spool();
    struct rw_error err = { 0 };
    assert_true(add(spool, ROLL "001", &err) && add(spool, ROLL "002", &err));
    spool_close(spool);
    spool = NULL;
    assert_false(spool_open(state_folder, ROOM - 1, &spool, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    assert_null(spool);
}

static void a_state_folder_that_is_none_is_told(void **state)
{
    (void)state;
    struct spool *spool = NULL;
    struct rw_error err = { 0 };
    assert_false(spool_open("/dev/null", ROOM, &spool, &err));
    assert_string_not_equal(err.text, "");
    assert_null(spool);
    spool_close(NULL);
}

/* A folder in the place of the file: it cannot be unlinked. */
static void a_body_that_cannot_be_removed_stays_and_is_told(void **state)
{
    (void)state;
    struct spool *spool = open_spool();
    struct rw_error err = { 0 };
    char path[RW_FILE_PATH_MAX];
    assert_true(add(spool, ROLL "001", &err));
    struct spool_entry entry = oldest(spool);
    path_of(&entry, path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_false(spool_remove(spool, &entry, &err));
    assert_int_equal(err.code, RW_UNAVAILABLE);
    assert_non_null(strstr(err.text, "could not remove"));
    assert_non_null(strstr(err.text, path));
    assert_int_equal(spool_count(spool), 1);
    assert_int_equal(rmdir(path), 0);
    assert_true(spool_remove(spool, &entry, &err)); /* what is gone already is removed */
    assert_int_equal(spool_count(spool), 0);
    spool_close(spool);
}

static void a_body_that_is_gone_cannot_be_set_aside(void **state)
{
    (void)state;
    struct spool *spool = open_spool();
    struct rw_error err = { 0 };
    char path[RW_FILE_PATH_MAX];
    assert_true(add(spool, ROLL "001", &err));
    struct spool_entry entry = oldest(spool);
    path_of(&entry, path);
    assert_int_equal(unlink(path), 0);
    assert_false(spool_set_aside(spool, &entry, &err));
    assert_int_equal(err.code, RW_UNAVAILABLE);
    assert_non_null(strstr(err.text, "could not set aside"));
    assert_int_equal(spool_count(spool), 1);
    spool_close(spool);
}

/* A folder stands in the place of the lock. */
static void what_stands_in_the_way_of_a_spool_is_told(void **state)
{
    (void)state;
    struct spool *spool = NULL;
    struct rw_error err = { 0 };
    char path[RW_FILE_PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/spool.lock", state_folder);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_false(spool_open(state_folder, ROOM, &spool, &err));
    assert_int_equal(err.code, RW_UNAVAILABLE);
    assert_non_null(strstr(err.text, "could not open"));
    assert_null(spool);
}

/* Another program holds the lock for as long as it runs. */
static void two_programs_do_not_share_a_spool(void **state)
{
    (void)state;
    struct spool *spool = NULL;
    struct rw_error err = { 0 };
    int ready[2];
    char byte = 0;
    assert_int_equal(pipe(ready), 0);
    pid_t other = fork();
    if (other == 0) {
        bool held = spool_open(state_folder, ROOM, &spool, &err);
        (void)write(ready[1], held ? "y" : "n", 1);
        (void)pause();
        _exit(1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    bool shared = spool_open(state_folder, ROOM, &spool, &err);
    (void)kill(other, SIGKILL);
    (void)waitpid(other, NULL, 0);
    (void)close(ready[0]);
    (void)close(ready[1]);
    assert_int_equal(byte, 'y');
    assert_false(shared);
    assert_int_equal(err.code, RW_CONFLICT);
    spool_close(open_spool()); /* who was killed holds nothing */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(bodies_come_in_their_order_however_many_have_passed),
        TEST(one_body_too_many_is_refused_and_nothing_is_written),
        TEST(a_folder_with_more_than_may_wait_is_not_opened),
        TEST(a_state_folder_that_is_none_is_told),
        TEST(a_body_that_cannot_be_removed_stays_and_is_told),
        TEST(a_body_that_is_gone_cannot_be_set_aside),
        TEST(what_stands_in_the_way_of_a_spool_is_told),
        TEST(two_programs_do_not_share_a_spool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
