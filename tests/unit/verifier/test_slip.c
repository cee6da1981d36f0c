/* SPDX-License-Identifier: Apache-2.0 */
/* Proves which print slipped, and how surely. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verifier/slip.h"

#define PX_PER_UM 0.01F
#define IN_DOUBT 1.3F /* a fault up to this is left to a person */

/* Two stretches of one line, 8 mm from middle to middle, of which one lies aside. */
static float slip(int aside_um, float likeness, bool is_followed)
{
    struct cell cells[] = { { .likeness = 0.98F }, { .likeness = likeness } };
    const int aside = (int)((float)aside_um * PX_PER_UM);
    struct laying_stretch stretches[] = {
        { .box = { 100, 100, 75, 30 }, .first = 0, .count = 1 },
        { .box = { 180, 100, 75, 30 },
          .shift = { 0, aside },
          .first = 1,
          .count = 1,
          .is_followed = is_followed },
    };
    const struct laying laying = { .px_per_um = PX_PER_UM,
                                   .cells = cells,
                                   .count = 2,
                                   .stretches = stretches,
                                   .stretch_count = 2 };
    assert_true(slip_of(&laying, 0) < 1); /* nothing was laid before it */
    return slip_of(&laying, 1);
}

static void print_in_line_as_far_as_film_bends_has_not_slipped(void **state)
{
    (void)state;
    assert_true(slip(0, 0.98F, false) < 1);
    assert_true(slip(600, 0.98F, false) < 1);
}

static void a_little_farther_is_in_doubt_and_much_farther_is_not(void **state)
{
    (void)state;
    float little = slip(900, 0.98F, false);
    assert_true(little > 1 && little < IN_DOUBT);
    assert_true(slip(1400, 0.98F, false) > IN_DOUBT);
}

static void where_film_was_followed_it_stays_in_doubt(void **state)
{
    (void)state;
    float followed = slip(1400, 0.98F, true);
    assert_true(followed > 1 && followed < IN_DOUBT);
}

static void print_that_is_not_what_was_wanted_says_nothing(void **state)
{
    (void)state;
    assert_true(slip(1400, 0.6F, false) < 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(print_in_line_as_far_as_film_bends_has_not_slipped),
        cmocka_unit_test(a_little_farther_is_in_doubt_and_much_farther_is_not),
        cmocka_unit_test(where_film_was_followed_it_stays_in_doubt),
        cmocka_unit_test(print_that_is_not_what_was_wanted_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
