/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that a cluster is looked for wherever one may lie. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/cluster_place.h"
#include "core/base/crypto.h"
#include "tests/support/scratch.h"

/* `outer` is the parent that an account without rights may enter or not. */
struct house {
    char outer[SCRATCH_PATH_MAX];
    char state[160];
    char elsewhere[128];
    struct child_account account;
    struct rw_clock clock;
};

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[RW_FILE_PATH_MAX];
    struct rw_error err = { 0 };
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    *strrchr(path, '/') = '\0';
    assert_true(rw_file_make_folder(path, 0700, &err));
    assert_true(rw_file_join(path, folder, name, &err));
    assert_true(rw_file_write(path, text, strlen(text), 0600, &err));
}

static int make_house(void **state)
{
    static struct house house;
    struct rw_error err = { 0 };
    uint8_t digest[RW_SHA256_BYTES];
    char hex[RW_HEX_SHA256_MAX];
    house.clock = rw_clock_system();
    if (!scratch_make(house.outer) || !child_account_find(&house.account, &err) ||
        !rw_crypto_init(&err))
        return -1;
    (void)snprintf(house.state, sizeof house.state, "%s/state", house.outer);
    if (mkdir(house.state, 0711) != 0)
        return -1;
    rw_sha256(house.state, strlen(house.state), digest);
    rw_hex_sha256(digest, hex);
    (void)snprintf(house.elsewhere, sizeof house.elsewhere, "/var/lib/rolwacht/cluster-%.16s", hex);
    write_file(house.state, "keys/orders.key", "the key of this state folder....");
    *state = &house;
    return 0;
}

static int remove_house(void **state)
{
    const struct house *house = *state;
    char command[320];
    (void)snprintf(command, sizeof command, "rm -rf %s %s", house->outer, house->elsewhere);
    return system(command);
}

static bool choose(const struct house *house, struct cluster_place *ret_place, struct rw_error *err)
{
    return cluster_place_choose(&house->account, &house->clock, house->state, ret_place, err);
}

/* What a start leaves elsewhere while the account may not enter the parent. */
static void make_elsewhere(const struct house *house)
{
    struct cluster_place place;
    struct rw_error err = { 0 };
    assert_int_equal(chmod(house->outer, 0700), 0);
    assert_true(choose(house, &place, &err));
    assert_true(place.elsewhere);
    assert_string_equal(place.base, house->elsewhere);
    write_file(place.base, "data/PG_VERSION", "15\n");
    assert_true(cluster_place_mark(&place, house->state, &err));
    assert_int_equal(chmod(house->outer, 0711), 0);
}

static void a_new_one_lies_under_the_state_folder(void **state)
{
    const struct house *house = *state;
    struct cluster_place place;
    struct rw_error err = { 0 };
    char here[192];
    (void)snprintf(here, sizeof here, "%s/postgres", house->state);
    assert_int_equal(chmod(house->outer, 0711), 0);
    assert_true(choose(house, &place, &err));
    assert_false(place.elsewhere);
    assert_string_equal(place.base, here);
    assert_true(cluster_place_mark(&place, house->state, &err));
    assert_int_not_equal(access(here, F_OK), 0);
}

/* An empty one in its place would hide every roll. */
static void one_elsewhere_stays_the_one_when_the_folder_is_opened(void **state)
{
    struct house *house = *state;
    struct cluster_place place;
    struct rw_error err = { 0 };
    if (!house->account.drop)
        skip();
    make_elsewhere(house);
    assert_true(choose(house, &place, &err));
    assert_true(place.elsewhere);
    assert_string_equal(place.base, house->elsewhere);
}

static void a_slash_more_or_a_link_is_the_same_folder(void **state)
{
    struct house *house = *state;
    struct cluster_place place;
    struct rw_error err = { 0 };
    char link[128];
    if (!house->account.drop)
        skip();
    make_elsewhere(house);
    (void)snprintf(link, sizeof link, "%s/link", house->outer);
    assert_int_equal(symlink("state", link), 0);
    (void)snprintf(house->state, sizeof house->state, "%s/", link);
    assert_true(choose(house, &place, &err));
    assert_string_equal(place.base, house->elsewhere);
}

static void one_in_each_place_is_refused(void **state)
{
    struct house *house = *state;
    struct cluster_place place;
    struct rw_error err = { 0 };
    if (!house->account.drop)
        skip();
    make_elsewhere(house);
    write_file(house->state, "postgres/data/PG_VERSION", "15\n");
    assert_false(choose(house, &place, &err));
    assert_int_equal(err.code, RW_UNAVAILABLE);
    assert_non_null(strstr(err.text, house->elsewhere));
    assert_non_null(strstr(err.text, house->state));
}

/* Neither joined in silence, nor left aside for an empty one. */
static void a_state_folder_made_anew_is_told_of_the_database_before(void **state)
{
    struct house *house = *state;
    struct cluster_place place;
    struct rw_error err = { 0 };
    if (!house->account.drop)
        skip();
    make_elsewhere(house);
    write_file(house->state, "keys/orders.key", "another key, made anew, ........");
    for (mode_t mode = 0700; mode <= 0711; mode += 011) {
        struct rw_error refused = { 0 };
        assert_int_equal(chmod(house->outer, mode), 0);
        assert_false(choose(house, &place, &refused));
        assert_int_equal(refused.code, RW_UNAVAILABLE);
        assert_non_null(strstr(refused.text, house->elsewhere));
        assert_non_null(strstr(refused.text, "keys"));
    }
    write_file(house->state, "keys/orders.key", "the key of this state folder....");
    assert_true(choose(house, &place, &err));
}

static void one_without_a_mark_goes_with_a_folder_that_had_a_database(void **state)
{
    struct house *house = *state;
    struct cluster_place place;
    struct rw_error err = { 0 };
    struct rw_error refused = { 0 };
    char mark[160];
    if (!house->account.drop)
        skip();
    make_elsewhere(house);
    (void)snprintf(mark, sizeof mark, "%s/keys.sha256", house->elsewhere);
    assert_int_equal(unlink(mark), 0);
    assert_false(choose(house, &place, &refused));
    write_file(house->state, "keys/journal.head", "signed");
    assert_true(choose(house, &place, &err));
    assert_true(place.elsewhere);
    assert_true(cluster_place_mark(&place, house->state, &err));
    assert_int_equal(access(mark, F_OK), 0);
}

/* One that another account made is there, though nobody but that one sees it. */
static void a_folder_that_cannot_be_looked_into_is_not_empty(void **state)
{
    struct house *house = *state;
    struct cluster_place place;
    struct rw_error err = { 0 };
    char here[192];
    write_file(house->state, "postgres/data/PG_VERSION", "15\n");
    (void)snprintf(here, sizeof here, "%s/postgres", house->state);
    assert_int_equal(chmod(house->outer, 0711), 0);
    assert_int_equal(chmod(here, 0), 0);
    bool dropped = house->account.drop;
    if (dropped) {
        assert_int_equal(setresuid(house->account.uid, house->account.uid, 0), 0);
        house->account.drop = false;
    }
    bool chosen = choose(house, &place, &err);
    if (dropped)
        assert_int_equal(setresuid(0, 0, 0), 0);
    assert_int_equal(chmod(here, 0700), 0);
    assert_false(chosen);
    assert_non_null(strstr(err.text, "could not look into"));
    assert_non_null(strstr(err.text, here));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_one_lies_under_the_state_folder, make_house,
                                        remove_house),
        cmocka_unit_test_setup_teardown(one_elsewhere_stays_the_one_when_the_folder_is_opened,
                                        make_house, remove_house),
        cmocka_unit_test_setup_teardown(a_slash_more_or_a_link_is_the_same_folder, make_house,
                                        remove_house),
        cmocka_unit_test_setup_teardown(one_in_each_place_is_refused, make_house, remove_house),
        cmocka_unit_test_setup_teardown(a_state_folder_made_anew_is_told_of_the_database_before,
                                        make_house, remove_house),
        cmocka_unit_test_setup_teardown(one_without_a_mark_goes_with_a_folder_that_had_a_database,
                                        make_house, remove_house),
        cmocka_unit_test_setup_teardown(a_folder_that_cannot_be_looked_into_is_not_empty,
                                        make_house, remove_house),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
