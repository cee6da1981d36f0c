/* SPDX-License-Identifier: Apache-2.0 */
/* Draws the same numbers everywhere, and UUIDs that sort by time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/crypto.h"
#include "core/base/random.h"

/* Made with the reference code of the authors (prng.di.unimi.it): splitmix64 seeds xoshiro256**. */
static void the_seed_decides_the_numbers(void **state)
{
    struct rw_random random = rw_random_seeded(0);
    (void)state;
    assert_true(random.state[0] == UINT64_C(0xE220A8397B1DCDAF));
    assert_true(random.state[1] == UINT64_C(0x6E789E6AA1B965F4));
    assert_true(random.state[2] == UINT64_C(0x06C45D188009454F));
    struct rw_random known = { .state = { 1, 2, 3, 4 } };
    assert_true(rw_random_next(&known) == 11520);
    assert_true(rw_random_next(&known) == 0);
    assert_true(rw_random_next(&known) == 1509978240);
    assert_true(rw_random_next(&known) == UINT64_C(1215971899390074240));
}

static void numbers_stay_below_their_limit(void **state)
{
    struct rw_random random = rw_random_seeded(7);
    int counts[10] = { 0 };
    (void)state;
    for (int i = 0; i < 10000; i++) {
        counts[rw_random_below(&random, 10)]++;
        double unit = rw_random_unit(&random);
        assert_true(unit >= 0 && unit < 1);
        assert_int_equal(rw_random_below(&random, 1), 0);
    }
    for (int i = 0; i < 10; i++)
        assert_in_range(counts[i], 850, 1150);
}

static void uuids_are_of_version_7_and_sort_by_time(void **state)
{
    char first[RW_UUID_TEXT_MAX];
    char second[RW_UUID_TEXT_MAX];
    (void)state;
    rw_uuid_make(INT64_C(1795417200000), first);
    rw_uuid_make(INT64_C(1795417200001), second);
    assert_int_equal(strlen(first), 36);
    assert_int_equal(first[14], '7');
    assert_non_null(strchr("89ab", first[19]));
    assert_int_equal(strncmp(first, "01a2060a-0580", 4), 0);
    assert_true(strcmp(first, second) < 0);
}

static int init(void **state)
{
    struct rw_error err = { 0 };
    (void)state;
    return rw_crypto_init(&err) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_seed_decides_the_numbers),
        cmocka_unit_test(numbers_stay_below_their_limit),
        cmocka_unit_test(uuids_are_of_version_7_and_sort_by_time),
    };
    return cmocka_run_group_tests(tests, init, NULL);
}
