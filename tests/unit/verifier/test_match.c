/* SPDX-License-Identifier: Apache-2.0 */
/* Proves to which bag a code belongs and why to none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/model/tag.h"
#include "tests/support/sample_roll.h"
#include "verifier/match.h"

static struct rw_arena *arena;
static struct roll *roll;
static struct roll *other;
static uint8_t key[RW_HMAC_KEY_BYTES];

static int set_up(void **state)
{
    (void)state;
    const struct sample_roll_request one = { .seed = 1, .days = 2, .dpi = 300 };
    const struct sample_roll_request two = { .seed = 2, .days = 2, .dpi = 300 };
    arena = rw_arena_open(16 * RW_ARENA_MIB);
    if (arena == NULL || !rw_crypto_init(NULL) || !sample_roll_make(&one, arena, &roll, NULL) ||
        !sample_roll_make(&two, arena, &other, NULL))
        return 1;
    tag_roll_key(sample_roll_key, roll->number, key);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rw_arena_close(arena);
    return 0;
}

static struct match match_of(const struct match_plan *plan, const char *text)
{
    struct match match;
    match_text(plan, text, &match);
    return match;
}

/* Another last digit, so that the tag is wrong. */
static void spoil(const char *code, char ret_text[BAG_CODE_MAX])
{
    size_t length = strlen(code);
    memcpy(ret_text, code, length + 1);
    ret_text[length - 1] = code[length - 1] == '9' ? '0' : (char)(code[length - 1] + 1);
}

static void every_planned_code_is_found_with_and_without_a_key(void **state)
{
    (void)state;
    const struct match_plan plans[] = { { .roll = roll, .roll_key = key },
                                        { .roll = roll, .roll_key = NULL } };
    for (size_t p = 0; p < 2; p++)
        for (size_t i = 0; i < roll->bag_count; i++) {
            struct match match = match_of(&plans[p], roll->bags[i].code);
            assert_true(match.in_plan);
            assert_int_equal(match.bag, i);
            assert_int_equal(match.reason, REASON_NONE);
        }
}

static void a_planned_serial_with_another_text_is_a_bad_tag(void **state)
{
    (void)state;
    const struct match_plan plan = { .roll = roll, .roll_key = NULL };
    char text[BAG_CODE_MAX];
    spoil(roll->bags[2].code, text);
    struct match match = match_of(&plan, text);
    assert_true(match.in_plan);
    assert_int_equal(match.bag, 2);
    assert_int_equal(match.reason, REASON_BAD_TAG);
}

static void a_roll_of_another_key_is_a_bad_tag_even_where_the_plan_agrees(void **state)
{
    (void)state;
    uint8_t wrong[RW_HMAC_KEY_BYTES] = { 1 };
    const struct match_plan plan = { .roll = roll, .roll_key = wrong };
    assert_int_equal(match_of(&plan, roll->bags[1].code).reason, REASON_BAD_TAG);
}

static void a_bag_of_another_roll_is_told_as_such(void **state)
{
    (void)state;
    const struct match_plan plan = { .roll = roll, .roll_key = key };
    struct match match = match_of(&plan, other->bags[1].code);
    assert_false(match.in_plan);
    assert_int_equal(match.reason, REASON_OTHER_ROLL);
    assert_string_equal(match.text, other->bags[1].code);
}

static void a_known_roll_tells_whose_the_bag_is(void **state)
{
    (void)state;
    struct match_other known = { other->number, other->client.id };
    const struct match_plan plan = {
        .roll = roll, .roll_key = key, .others = &known, .other_count = 1
    };
    known.client = "somebody-else";
    assert_int_equal(match_of(&plan, other->bags[1].code).reason, REASON_OTHER_CLIENT);
    known.client = roll->client.id;
    assert_int_equal(match_of(&plan, other->bags[1].code).reason, REASON_OTHER_ROLL);
    known.roll = "000000000";
    known.client = "somebody-else";
    assert_int_equal(match_of(&plan, other->bags[1].code).reason, REASON_OTHER_ROLL);
}

static void a_bag_of_the_roll_that_was_replaced_is_superseded(void **state)
{
    (void)state;
    struct roll replacing = *roll;
    replacing.replaces = other->number;
    const struct match_plan plan = { .roll = &replacing, .roll_key = key };
    assert_int_equal(match_of(&plan, other->bags[1].code).reason, REASON_SUPERSEDED);
}

static void the_old_serial_of_a_remade_bag_is_superseded(void **state)
{
    (void)state;
    struct roll remade = *roll;
    remade.version = 2;
    remade.bag_count = roll->bag_count - 1; /* the plan no longer has the last serial */
    const struct match_plan plan = { .roll = &remade, .roll_key = key };
    const char *code = roll->bags[roll->bag_count - 1].code;
    assert_int_equal(match_of(&plan, code).reason, REASON_SUPERSEDED);
    char text[BAG_CODE_MAX];
    spoil(code, text);
    assert_int_equal(match_of(&plan, text).reason, REASON_BAD_TAG);
}

static void codes_of_strangers_are_wrong(void **state)
{
    (void)state;
    const struct match_plan plan = { .roll = roll, .roll_key = key };
    assert_int_equal(match_of(&plan, "(01)09520123456788(10)A").reason, REASON_CODE_WRONG);
    assert_int_equal(match_of(&plan, "hello").reason, REASON_CODE_WRONG);
    assert_int_equal(match_of(&plan, "").reason, REASON_CODE_WRONG);
}

/* A symbol may say anything; what no terminal should get is shown as a question mark. */
static void a_symbol_that_is_no_gs1_is_wrong_and_shown_as_text(void **state)
{
    (void)state;
    const struct match_plan plan = { .roll = roll, .roll_key = key };
    static const uint8_t bytes[] = { 'a', 0x1B, '[', 0xE9, '~', 0x7F };
    static const uint8_t broken[] = { '0', '1', '2' };
    uint8_t many[2 * GS1_TEXT_MAX];
    struct reading reading = { .bytes = bytes, .length = sizeof bytes };
    struct match match;

    match_reading(&plan, &reading, &match);
    assert_int_equal(match.reason, REASON_CODE_WRONG);
    assert_false(match.in_plan);
    assert_string_equal(match.text, "a?[?~?");

    reading = (struct reading){ .gs1 = true, .bytes = broken, .length = sizeof broken };
    match_reading(&plan, &reading, &match);
    assert_int_equal(match.reason, REASON_CODE_WRONG);
    assert_string_equal(match.text, "012");

    memset(many, 'x', sizeof many);
    reading = (struct reading){ .bytes = many, .length = sizeof many };
    match_reading(&plan, &reading, &match);
    assert_int_equal(strlen(match.text), sizeof match.text - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_planned_code_is_found_with_and_without_a_key),
        cmocka_unit_test(a_planned_serial_with_another_text_is_a_bad_tag),
        cmocka_unit_test(a_roll_of_another_key_is_a_bad_tag_even_where_the_plan_agrees),
        cmocka_unit_test(a_bag_of_another_roll_is_told_as_such),
        cmocka_unit_test(a_known_roll_tells_whose_the_bag_is),
        cmocka_unit_test(a_bag_of_the_roll_that_was_replaced_is_superseded),
        cmocka_unit_test(the_old_serial_of_a_remade_bag_is_superseded),
        cmocka_unit_test(codes_of_strangers_are_wrong),
        cmocka_unit_test(a_symbol_that_is_no_gs1_is_wrong_and_shown_as_text),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
