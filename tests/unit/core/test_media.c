/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that modules are whole dots and never too small. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "core/model/media.h"

static void a_module_is_whole_dots_of_a_readable_size(void **state)
{
    static const struct {
        int32_t dpi;
        int32_t dots;
    } rows[] = { { 203, 3 }, { 300, 4 }, { 600, 8 } };
    const struct media *media = media_find("generic-70x60");
    (void)state;
    assert_non_null(media);
    for (size_t i = 0; i < RW_COUNT(rows); i++)
        assert_int_equal(media_module_dots(media, rows[i].dpi), rows[i].dots);
}

static void a_module_below_the_standard_is_refused(void **state)
{
    struct media media = *media_find("generic-70x60");
    (void)state;
    media.module_dots = 2; /* 0.250 mm at 203 dpi */
    assert_int_equal(media_module_dots(&media, 203), 0);
    media.module_dots = 3; /* 0.254 mm at 300 dpi, exactly the smallest allowed */
    assert_int_equal(media_module_dots(&media, 300), 3);
    assert_int_equal(media_module_dots(&media, 72), 0);
}

static void dots_and_micrometres_go_both_ways(void **state)
{
    (void)state;
    for (int32_t dots = 0; dots < 2000; dots++) {
        assert_int_equal(media_dots(media_um(dots, 203), 203), dots);
        assert_int_equal(media_dots(media_um(dots, 300), 300), dots);
        assert_int_equal(media_dots(media_um(dots, 600), 600), dots);
    }
}

static void a_profile_that_nobody_described_is_absent(void **state)
{
    (void)state;
    assert_null(media_find("no-such-film"));
    assert_null(media_find(NULL));
    assert_false(media_is_dpi(301));
}

static void every_film_can_be_printed_and_says_that_it_is_assumed(void **state)
{
    static const struct {
        const char *name;
        int32_t bags_max;
    } rows[] = {
        { "generic-70x60", 100 }, { "medido", 70 }, { "spencer", 56 }, { "cmed-plus", 56 }
    };
    (void)state;
    assert_int_equal(media_count(), RW_COUNT(rows));
    assert_null(media_at(media_count()));
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        const struct media *media = media_find(rows[i].name);
        assert_ptr_equal(media, media_at(i));
        assert_int_equal(media->bags_max, rows[i].bags_max);
        assert_true(media->unverified);
        assert_int_equal(media->leader_bags + media->trailer_bags, 2);
        assert_true(media_module_dots(media, 203) > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_module_is_whole_dots_of_a_readable_size),
        cmocka_unit_test(a_module_below_the_standard_is_refused),
        cmocka_unit_test(dots_and_micrometres_go_both_ways),
        cmocka_unit_test(every_film_can_be_printed_and_says_that_it_is_assumed),
        cmocka_unit_test(a_profile_that_nobody_described_is_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
