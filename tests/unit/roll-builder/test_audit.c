/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that no roll passes the audit that is not its orders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/crypto.h"
#include "roll-builder/audit.h"
#include "roll-builder/seal.h"
#include "tests/unit/roll-builder/made.h"

#define DOSES 4

/* A sound roll of four bags and the order behind it. */
struct sound {
    struct roll *roll;
    struct intake intakes[DOSES];
    struct audit_order orders[2];
    struct audit_facts facts;
    struct roll_reason reasons[2];
    struct roll_balance balance;
};

static const uint16_t first_reason[] = { 0 };

/* The roll says why each piece lies in it, and what became of product "A". */
static void explain(struct sound *sound, struct roll *roll)
{
    const struct roll_audit *audit = &roll->audit;
    sound->roll = roll;
    sound->reasons[0] = (struct roll_reason){ "/a", "/a/dosageInstruction/0", 0, "P1", 1000 };
    sound->reasons[1] = (struct roll_reason){ "/b", "/b/dosageInstruction/0", 0, "P1", 1000 };
    sound->balance = (struct roll_balance){ "A", audit->ordered_milli, audit->packed_milli,
                                            audit->loose_milli, audit->excluded_milli };
    roll->reasons = sound->reasons;
    roll->reason_count = 2;
    roll->balances = &sound->balance;
    roll->balance_count = 1;
    for (size_t i = 1; i + 1 < roll->bag_count; i++) {
        roll->bags[i].contents[0].why = first_reason;
        roll->bags[i].contents[0].why_count = 1;
    }
}

static struct sound *make_sound(struct made *made)
{
    static struct sound sound;
    sound = (struct sound){ 0 };
    explain(&sound, made_roll(made, DOSES));
    for (size_t i = 0; i < DOSES; i++)
        sound.intakes[i] =
            (struct intake){ .at = sound.roll->bags[i + 1].at, .milli = 1000, .rule = "P1" };
    sound.orders[0] = (struct audit_order){ "/a", "A", sound.intakes, DOSES, false };
    sound.orders[1] = (struct audit_order){ "/b", "A", sound.intakes, DOSES, true };
    sound.facts = (struct audit_facts){ sound.orders, 2, made->roll_key, 8, 5, 0 };
    return &sound;
}

static void expect_fault(const struct sound *sound, const char *words)
{
    struct rw_error err = { 0 };
    assert_false(audit_roll(sound->roll, &sound->facts, &err));
    assert_int_equal(err.code, RW_BUG);
    if (strstr(err.text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

static void a_sound_roll_passes(void **state)
{
    const struct sound *sound = make_sound(*state);
    struct rw_error err = { 0 };
    assert_true(audit_roll(sound->roll, &sound->facts, &err));
}

static void a_thousandth_too_much_is_found(void **state)
{
    struct sound *sound = make_sound(*state);
    sound->roll->bags[2].contents[0].milli++;
    expect_fault(sound, "another amount");
}

static void an_intake_that_is_missing_is_found(void **state)
{
    struct made *made = *state;
    struct sound *sound = make_sound(made);
    sound->roll = made_roll(made, DOSES - 1);
    expect_fault(sound, "not accounted for");
}

static void a_loose_line_accounts_for_what_is_not_packed(void **state)
{
    struct made *made = *state;
    struct sound *sound = make_sound(made);
    struct roll_outside loose = { .order = "/a", .name = "A", .reason = "x", .milli = 1000 };
    struct rw_error err = { 0 };
    sound->roll = made_roll(made, DOSES - 1);
    sound->roll->loose = &loose;
    sound->roll->loose_count = 1;
    sound->roll->audit.loose_milli = 1000;
    sound->roll->audit.ordered_milli += 1000;
    explain(sound, sound->roll);
    assert_true(audit_roll(sound->roll, &sound->facts, &err));
    loose.milli = 999;
    expect_fault(sound, "not accounted for");
}

static void what_nobody_ordered_is_found(void **state)
{
    struct sound *sound = make_sound(*state);
    sound->roll->bags[1].contents[0].order = "/c";
    sound->intakes[0].milli = 0;
    sound->facts.count = 1;
    expect_fault(sound, "nobody ordered");
}

static void a_replaced_order_may_not_be_packed(void **state)
{
    struct sound *sound = make_sound(*state);
    sound->roll->bags[1].contents[0].order = "/b";
    sound->orders[0].count = 0;
    expect_fault(sound, "another amount");
}

static void the_right_amount_at_the_wrong_time_is_found(void **state)
{
    struct sound *sound = make_sound(*state);
    sound->intakes[1].at.wall.minute += 60;
    expect_fault(sound, "another amount");
}

static void an_exact_intake_in_a_shared_bag_is_found(void **state)
{
    struct sound *sound = make_sound(*state);
    sound->intakes[1].exact = true;
    expect_fault(sound, "another amount");
}

static void bags_out_of_order_are_found(void **state)
{
    struct sound *sound = make_sound(*state);
    sound->roll->bags[3].at = sound->roll->bags[1].at;
    sound->roll->bags[3].at.wall.minute -= 60;
    expect_fault(sound, "before an earlier one");
}

static void a_wrong_place_and_wrong_parts_are_found(void **state)
{
    struct sound *sound = make_sound(*state);
    sound->roll->bags[2].n = 7;
    expect_fault(sound, "not in its place");
    sound = make_sound(*state);
    sound->roll->bags[2].parts = 2;
    expect_fault(sound, "parts");
    sound = make_sound(*state);
    sound->roll->bags[0].parts = 2; /* a header is always whole */
    expect_fault(sound, "parts");
}

static void an_empty_dose_is_found(void **state)
{
    struct sound *sound = make_sound(*state);
    sound->roll->bags[2].content_count = 0;
    expect_fault(sound, "empty");
}

static void a_code_of_another_bag_is_found(void **state)
{
    struct sound *sound = make_sound(*state);
    sound->roll->bags[2].code = sound->roll->bags[1].code;
    expect_fault(sound, "code");
}

static void a_code_of_another_key_is_found(void **state)
{
    static const uint8_t other[RW_HMAC_KEY_BYTES] = { 9 };
    struct sound *sound = make_sound(*state);
    sound->facts.roll_key = other;
    expect_fault(sound, "code");
}

static void a_bag_that_is_too_full_is_found(void **state)
{
    struct sound *sound = make_sound(*state);
    sound->facts.pieces_max = 0;
    expect_fault(sound, "more than it may");
    sound->facts.pieces_max = 8;
    sound->facts.products_max = 0;
    expect_fault(sound, "more than it may");
}

static void sums_that_lie_are_found(void **state)
{
    struct sound *sound = make_sound(*state);
    sound->roll->audit.packed_milli += 1000;
    sound->roll->audit.ordered_milli += 1000;
    expect_fault(sound, "sums");
}

static void two_orders_of_one_name_are_found(void **state)
{
    struct sound *sound = make_sound(*state);
    sound->orders[1].label = "/a";
    expect_fault(sound, "one name");
}

static void a_roll_without_a_trailer_is_found(void **state)
{
    struct sound *sound = make_sound(*state);
    sound->roll->bag_count = 1;
    expect_fault(sound, "trailer");
}

static void a_product_that_is_not_the_ordered_one_is_found(void **state)
{
    struct sound *sound = make_sound(*state);
    sound->roll->bags[1].contents[0].product = "B";
    expect_fault(sound, "another product");
}

static void a_reason_that_asks_for_something_else_is_found(void **state)
{
    static const uint16_t other[] = { 1 };
    static const uint16_t none[] = { 2 };
    struct sound *sound = make_sound(*state);
    struct bag_content *content = &sound->roll->bags[1].contents[0];
    content->why = other;
    expect_fault(sound, "reason of another");
    content->why = none;
    expect_fault(sound, "reason that is none");
    content->why_count = 0;
    expect_fault(sound, "reasons of a piece ask");
    content->why = first_reason;
    content->why_count = 1;
    sound->reasons[0].rule = "when";
    expect_fault(sound, "reason of another");
}

static void a_product_out_of_balance_is_found(void **state)
{
    struct sound *sound = make_sound(*state);
    sound->balance.packed_milli--;
    expect_fault(sound, "product is not accounted for");
    sound->balance.packed_milli++;
    sound->roll->balance_count = 0;
    expect_fault(sound, "products do not add up");
}

static void a_bag_fuller_than_its_room_is_found(void **state)
{
    struct sound *sound = make_sound(*state);
    struct rw_error err = { 0 };
    sound->roll->bags[1].contents[0].volume_ul = 500;
    sound->facts.volume_max_ul = 500;
    assert_true(audit_roll(sound->roll, &sound->facts, &err));
    sound->facts.volume_max_ul = 499;
    expect_fault(sound, "more than it may");
}

static void a_serial_on_two_bags_is_found(void **state)
{
    struct sound *sound = make_sound(*state);
    const struct made *made = *state;
    const struct seal seal = { NULL, made->roll_key };
    struct rw_error err = { 0 };
    /* Each code is good and says its own time: only the serial was used before. */
    assert_true(seal_bag(sound->roll, &sound->roll->bags[2], 1, &seal, made->arena, &err));
    expect_fault(sound, "two bags");
}

static void a_line_without_an_amount_is_found(void **state)
{
    struct sound *sound = make_sound(*state);
    sound->roll->bags[1].contents[0].milli = 0;
    expect_fault(sound, "nothing of a product");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_roll_passes),
        cmocka_unit_test(a_thousandth_too_much_is_found),
        cmocka_unit_test(an_intake_that_is_missing_is_found),
        cmocka_unit_test(a_loose_line_accounts_for_what_is_not_packed),
        cmocka_unit_test(what_nobody_ordered_is_found),
        cmocka_unit_test(a_product_that_is_not_the_ordered_one_is_found),
        cmocka_unit_test(a_reason_that_asks_for_something_else_is_found),
        cmocka_unit_test(a_product_out_of_balance_is_found),
        cmocka_unit_test(a_bag_fuller_than_its_room_is_found),
        cmocka_unit_test(a_replaced_order_may_not_be_packed),
        cmocka_unit_test(the_right_amount_at_the_wrong_time_is_found),
        cmocka_unit_test(an_exact_intake_in_a_shared_bag_is_found),
        cmocka_unit_test(bags_out_of_order_are_found),
        cmocka_unit_test(a_wrong_place_and_wrong_parts_are_found),
        cmocka_unit_test(an_empty_dose_is_found),
        cmocka_unit_test(a_code_of_another_bag_is_found),
        cmocka_unit_test(a_code_of_another_key_is_found),
        cmocka_unit_test(a_bag_that_is_too_full_is_found),
        cmocka_unit_test(sums_that_lie_are_found),
        cmocka_unit_test(two_orders_of_one_name_are_found),
        cmocka_unit_test(a_roll_without_a_trailer_is_found),
        cmocka_unit_test(a_serial_on_two_bags_is_found),
        cmocka_unit_test(a_line_without_an_amount_is_found),
    };
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
