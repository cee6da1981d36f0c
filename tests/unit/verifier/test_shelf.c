/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that a roll that is kept is itself, and what is told else. */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/file.h"
#include "core/json/roll_json.h"
#include "tests/support/fixture.h"
#include "tests/support/sample_roll.h"
#include "tests/support/scratch.h"
#include "verifier/shelf.h"

#define STRANGER "999999999" /* a number that the roll does not have */

static char state_folder[SCRATCH_PATH_MAX];
static struct shelf_roll given;
static char number[ROLL_NUMBER_MAX];

static int set_up(void **state)
{
    const struct sample_roll_request request = { .seed = 5, .days = 1, .dpi = 203 };
    struct roll *roll = NULL;
    if (fixture_open(state) != 0 || !scratch_make(state_folder) ||
        !sample_roll_make(&request, arena, &roll, NULL) ||
        !roll_json_write(roll, arena, &given.bytes, &given.length, NULL))
        return -1;
    (void)snprintf(number, sizeof number, "%s", roll->number);
    return 0;
}

static int tear_down(void **state)
{
    char command[SCRATCH_PATH_MAX + 8];
    (void)snprintf(command, sizeof command, "rm -r %s", state_folder);
    return system(command) + fixture_close(state);
}

static void path_of(const char *name, const char *ending, char ret_path[RW_FILE_PATH_MAX])
{
    (void)snprintf(ret_path, RW_FILE_PATH_MAX, "%s/rolls/%s%s", state_folder, name, ending);
}

static void put(void)
{
    struct rw_error err = { 0 };
    if (!shelf_put(state_folder, number, &given, arena, &err))
        fail_msg("%s", err.text);
}

/* What is said of a roll that is not put, and with it nothing is kept. */
static struct rw_error refused(const char *wanted, const struct shelf_roll *roll)
{
    struct rw_error err = { 0 };
    char path[RW_FILE_PATH_MAX];
    assert_false(shelf_put(state_folder, wanted, roll, arena, &err));
    path_of(wanted, ".roll.json", path);
    assert_int_not_equal(access(path, F_OK), 0);
    return err;
}

static struct rw_error not_taken(const char *wanted)
{
    struct rw_error err = { 0 };
    struct shelf_roll kept = { .bytes = "untouched" };
    assert_false(shelf_take(state_folder, wanted, arena, &kept, &err));
    assert_string_equal(kept.bytes, "untouched");
    return err;
}

static void what_was_put_is_taken_byte_for_byte(void **state)
{
    (void)state;
    struct shelf_roll kept;
    struct rw_error err = { 0 };
    assert_int_equal(not_taken(number).code, RW_NOT_FOUND);
    put();
    assert_true(shelf_take(state_folder, number, arena, &kept, &err));
    assert_int_equal(kept.length, given.length);
    assert_memory_equal(kept.bytes, given.bytes, given.length);
    assert_true(kept.given_ms > 0);
}

static void what_is_no_roll_or_another_is_not_kept(void **state)
{
    (void)state;
    const struct shelf_roll cut = { given.bytes, given.length - 2, 0 };
    assert_int_equal(refused(number, &cut).code, RW_INVALID);
    const struct rw_error err = refused(STRANGER, &given);
    assert_int_equal(err.code, RW_INVALID);
    assert_string_equal(err.at, "/roll");
    assert_non_null(strstr(err.text, number));
}

static void a_roll_that_lies_under_the_number_of_another_is_not_taken(void **state)
{
    (void)state;
    char from[RW_FILE_PATH_MAX];
    char to[RW_FILE_PATH_MAX];
    put();
    path_of(number, ".roll.json", from);
    path_of(STRANGER, ".roll.json", to);
    assert_int_equal(rename(from, to), 0);
    const struct rw_error err = not_taken(STRANGER);
    assert_int_equal(err.code, RW_INVALID);
    assert_string_equal(err.text, "what is kept as roll " STRANGER " is another");
}

static void a_barred_roll_is_not_taken_until_it_is_put_again(void **state)
{
    (void)state;
    struct shelf_roll kept;
    struct rw_error err = { 0 };
    put();
    assert_true(shelf_bar(state_folder, number, &err));
    assert_int_equal(not_taken(number).code, RW_CONFLICT);
    put();
    assert_true(shelf_take(state_folder, number, arena, &kept, &err));
}

/* A folder stands where the mark was. */
static void a_bar_that_cannot_be_taken_away_holds(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    char barred[RW_FILE_PATH_MAX];
    put();
    path_of(number, ".barred", barred);
    assert_int_equal(mkdir(barred, 0700), 0);
    assert_false(shelf_put(state_folder, number, &given, arena, &err));
    assert_int_equal(err.code, RW_UNAVAILABLE);
    assert_non_null(strstr(err.text, "could not remove"));
    assert_int_equal(not_taken(number).code, RW_CONFLICT);
}

/* Things of this name, the first of them changed long ago. */
static void fill_shelf(bool is_first_folder)
{
    const struct timespec long_ago[2] = { { 1, 0 }, { 1, 0 } };
    char path[RW_FILE_PATH_MAX];
    char name[16];
    for (int i = 0; i < SHELF_ROLLS_MAX; i++) {
        (void)snprintf(name, sizeof name, "%09d", i);
        path_of(name, ".roll.json", path);
        if (i == 0 && is_first_folder)
            assert_int_equal(mkdir(path, 0700), 0);
        else
            assert_true(rw_file_write(path, "{}", 2, 0600, NULL));
        if (i == 0)
            assert_int_equal(utimensat(AT_FDCWD, path, long_ago, 0), 0);
    }
    path_of("nowhere", ".roll.json", path); /* is no roll, and counts for none */
    assert_int_equal(symlink("gone", path), 0);
}

static void of_one_too_many_the_oldest_goes(void **state)
{
    (void)state;
    char path[RW_FILE_PATH_MAX];
    put();
    path_of("000000000", ".roll.json", path);
    fill_shelf(false);
    assert_int_equal(access(path, F_OK), 0);
    put();
    assert_int_not_equal(access(path, F_OK), 0);
    path_of("000000001", ".roll.json", path);
    assert_int_equal(access(path, F_OK), 0);
}

static void an_oldest_that_cannot_go_is_told(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    put();
    fill_shelf(true);
    assert_false(shelf_put(state_folder, number, &given, arena, &err));
    assert_int_equal(err.code, RW_UNAVAILABLE);
    assert_non_null(strstr(err.text, "000000000.roll.json"));
}

static void a_state_folder_that_is_none_is_told(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    struct shelf_roll kept;
    assert_false(shelf_put("/dev/null", number, &given, arena, &err));
    assert_string_not_equal(err.text, "");
    err = (struct rw_error){ 0 };
    assert_false(shelf_take("/dev/null", number, arena, &kept, &err));
    assert_string_not_equal(err.text, "");
    err = (struct rw_error){ 0 };
    assert_false(shelf_bar("/dev/null", number, &err));
    assert_string_not_equal(err.text, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_put_is_taken_byte_for_byte),
        TEST(what_is_no_roll_or_another_is_not_kept),
        TEST(a_roll_that_lies_under_the_number_of_another_is_not_taken),
        TEST(a_barred_roll_is_not_taken_until_it_is_put_again),
        TEST(a_bar_that_cannot_be_taken_away_holds),
        TEST(of_one_too_many_the_oldest_goes),
        TEST(an_oldest_that_cannot_go_is_told),
        TEST(a_state_folder_that_is_none_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
