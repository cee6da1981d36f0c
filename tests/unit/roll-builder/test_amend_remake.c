/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that a bag is made again under a new serial and a good code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/model/tag.h"
#include "roll-builder/amend.h"
#include "roll-builder/seal.h"
#include "tests/unit/roll-builder/made.h"

static struct roll *remake(struct made *made, const struct roll *roll, const char *const *serials,
                           size_t count)
{
    struct roll *again = NULL;
    struct rw_error err = { 0 };
    assert_true(amend_remake(roll, serials, count, made->pharmacy_key, made->arena, &again, &err));
    return again;
}

static void a_remade_bag_gets_the_next_free_serial_and_a_good_code(void **state)
{
    struct made *made = *state;
    const struct roll *roll = made_roll(made, 3);
    const char *const serials[] = { "240000171003", "240000171001" };
    const struct roll *again = remake(made, roll, serials, 2);
    assert_int_equal(again->version, 2);
    assert_string_equal(again->number, roll->number);
    assert_string_equal(again->bags[1].serial, "240000171005"); /* 004 is the trailer */
    assert_string_equal(again->bags[2].serial, "240000171002"); /* untouched */
    assert_string_equal(again->bags[3].serial, "240000171006");
    assert_string_equal(again->bags[2].code, roll->bags[2].code);
    struct tag tag;
    struct rw_error err = { 0 };
    assert_true(tag_parse(again->bags[1].code, &tag, &err));
    assert_true(tag_is_good(&tag, made->roll_key));
    assert_string_equal(tag.serial, "240000171005");
    assert_string_equal(tag.time, "2611230800");
    assert_string_equal(roll->bags[1].serial, "240000171001"); /* the old roll is as it was */
    const char *const next[] = { "240000171005" };
    assert_string_equal(remake(made, again, next, 1)->bags[1].serial, "240000171007");
}

static void a_remade_bag_keeps_its_profile(void **state)
{
    struct made *made = *state;
    struct roll *roll = made_roll(made, 3);
    const struct seal seal = { "09520123456788", made->roll_key };
    struct rw_error err = { 0 };
    assert_true(seal_roll(roll, &seal, made->arena, &err));
    const char *const serials[] = { "240000171002" };
    const struct roll *again = remake(made, roll, serials, 1);
    struct tag tag;
    assert_true(tag_parse(again->bags[2].code, &tag, &err));
    assert_int_equal(tag.profile, TAG_GS1);
    assert_string_equal(tag.gtin, "09520123456788");
    assert_string_equal(tag.expiry, "261231");
    assert_true(tag_is_good(&tag, made->roll_key));
}

static void what_is_not_in_the_roll_cannot_be_remade(void **state)
{
    struct made *made = *state;
    const struct roll *roll = made_roll(made, 3);
    const char *const serials[] = { "240000171002", "240000171002", "240000171009" };
    struct roll *again = NULL;
    struct rw_error none = { 0 };
    struct rw_error twice = { 0 };
    struct rw_error nothing = { 0 };
    assert_false(
        amend_remake(roll, &serials[2], 1, made->pharmacy_key, made->arena, &again, &none));
    assert_int_equal(none.code, RW_NOT_FOUND);
    assert_false(amend_remake(roll, serials, 2, made->pharmacy_key, made->arena, &again, &twice));
    assert_int_equal(twice.code, RW_INVALID);
    assert_false(amend_remake(roll, serials, 0, made->pharmacy_key, made->arena, &again, &nothing));
    assert_int_equal(nothing.code, RW_INVALID);
    assert_null(again);
}

static void a_roll_runs_out_of_serials_with_a_sentence(void **state)
{
    struct made *made = *state;
    struct roll *roll = made_roll(made, 3);
    roll->bags[2].serial = "240000171999";
    const char *const serials[] = { "240000171001" };
    struct roll *again = NULL;
    struct rw_error err = { 0 };
    assert_false(amend_remake(roll, serials, 1, made->pharmacy_key, made->arena, &again, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    struct rw_error none = { 0 };
    roll->bags[2].serial = ""; /* nothing says which serials were used */
    assert_false(amend_remake(roll, serials, 1, made->pharmacy_key, made->arena, &again, &none));
    assert_int_equal(none.code, RW_INVALID);
    struct rw_error code = { 0 };
    roll->bags[2].serial = "240000171002";
    roll->bags[1].code = "no code"; /* nothing says which profile the bag has */
    assert_false(amend_remake(roll, serials, 1, made->pharmacy_key, made->arena, &again, &code));
    assert_int_equal(code.code, RW_INVALID);
    assert_null(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_remade_bag_gets_the_next_free_serial_and_a_good_code),
        cmocka_unit_test(a_remade_bag_keeps_its_profile),
        cmocka_unit_test(what_is_not_in_the_roll_cannot_be_remade),
        cmocka_unit_test(a_roll_runs_out_of_serials_with_a_sentence),
    };
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
