/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a dose bag and of a header mean what the roll says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "labels/layout.h"
#include "tests/support/sample_desk.h"

static struct roll *make_roll(uint64_t seed, int32_t dpi, const char *language,
                              enum tag_profile profile)
{
    const struct sample_roll_request request = {
        .seed = seed, .days = 1, .dpi = dpi, .language = language, .profile = profile
    };
    return sample_desk_roll(&request);
}

static struct layout lay_out(const struct roll *roll, const struct bag *bag)
{
    struct layout layout = { 0 };
    struct rw_error err = { 0 };
    bool done = layout_make(&sample_desk.desk, roll, bag, sample_desk.arena, &layout, &err);
    if (!done)
        print_error("bag %d: %s: %s\n", bag->n, err.at, err.text);
    assert_true(done);
    return layout;
}

static const struct print_field *find_field(const struct layout *layout, const char *name)
{
    for (size_t i = 0; i < layout->print.field_count; i++)
        if (strcmp(layout->print.fields[i].name, name) == 0)
            return &layout->print.fields[i];
    return NULL;
}

static void half_a_tablet_is_printed_in_sign_and_word(void **state)
{
    (void)state;
    struct roll *roll = make_roll(2, 300, "nl", TAG_INTERNAL);
    struct rw_random random = rw_random_seeded(1);
    struct bag bag = sample_desk_bag(roll, &random, 2);
    bag.contents[0].milli = 1500;
    bag.contents[1].milli = 1000;
    struct layout layout = lay_out(roll, &bag);
    assert_string_equal(find_field(&layout, "amount-1")->text, "1½\u00A0×");
    assert_string_equal(find_field(&layout, "words-1")->text, "anderhalf");
    assert_null(find_field(&layout, "words-2"));
    assert_string_equal(find_field(&layout, "total")->text, "Totaal 3 stuks");
    assert_string_equal(find_field(&layout, "split")->text, "waarvan 1 gedeeld");
    bag.contents[1].milli = 333;
    struct rw_error err = { 0 };
    assert_false(layout_make(&sample_desk.desk, roll, &bag, sample_desk.arena, &layout, &err));
    assert_string_equal(err.at, "/amount-2");
}

static void a_divided_moment_says_so_on_each_part(void **state)
{
    (void)state;
    struct roll *roll = make_roll(2, 300, "nl", TAG_INTERNAL);
    struct bag bag = roll->bags[1];
    struct layout whole = lay_out(roll, &bag);
    assert_null(find_field(&whole, "part"));
    bag.parts = 2;
    struct layout part = lay_out(roll, &bag);
    assert_string_equal(find_field(&part, "part")->text, "1 van 2");
}

static void the_time_is_the_largest_text(void **state)
{
    (void)state;
    struct roll *roll = make_roll(2, 300, "nl", TAG_INTERNAL);
    struct layout layout = lay_out(roll, &roll->bags[1]);
    const struct print_field *time = find_field(&layout, "time");
    assert_string_equal(time->text, "08:00");
    assert_string_equal(find_field(&layout, "weekday")->text, "maandag");
    for (size_t i = 0; i < layout.print.field_count; i++)
        assert_true(&layout.print.fields[i] == time ||
                    layout.marks[i].style.size_um <
                        layout.marks[time - layout.print.fields].style.size_um);
}

static void the_header_lists_all_outside_the_roll_or_none(void **state)
{
    (void)state;
    struct roll *roll = make_roll(2, 300, "nl", TAG_INTERNAL);
    struct layout few = lay_out(roll, &roll->bags[0]);
    assert_string_equal(find_field(&few, "outside")->text,
                        "Zie toedienlijst: 2 middelen buiten de rol");
    assert_non_null(find_field(&few, "outside-name-1"));
    assert_non_null(find_field(&few, "outside-name-2"));
    struct roll_outside many[30];
    for (size_t i = 0; i < RW_COUNT(many); i++)
        many[i] = (struct roll_outside){ .name = "PARACETAMOL 500 mg", .reason = "as-needed" };
    roll->excluded = many;
    roll->excluded_count = RW_COUNT(many);
    struct layout lots = lay_out(roll, &roll->bags[0]);
    assert_string_equal(find_field(&lots, "outside")->text,
                        "Zie toedienlijst: 32 middelen buiten de rol");
    assert_null(find_field(&lots, "outside-name-1"));
}

static void every_day_of_a_year_has_room_in_both_languages(void **state)
{
    (void)state;
    static const char *const languages[] = { "nl", "en" };
    static const char *const moments[] = { "morning", "noon", "evening", "night" };
    static const int32_t resolutions[] = { 203, 300, 600 };
    for (int32_t i = 0; i < 366; i++) {
        struct roll *roll = make_roll(2, resolutions[i % 3], languages[i % 2], TAG_GS1);
        struct bag bag = roll->bags[1];
        bag.at.wall.day += i;
        bag.at.wall.minute = 23 * 60 + 58;
        bag.exact = i % 5 == 0;
        bag.moment = moments[i % 4];
        bag.part = 8;
        bag.parts = 8;
        struct layout layout = lay_out(roll, &bag); /* an error would stop the test */
        assert_non_null(find_field(&layout, "part"));
        rw_arena_reset(sample_desk.arena);
    }
}

static void an_ended_order_is_no_medicine_outside_the_roll(void **state)
{
    (void)state;
    struct roll *roll = make_roll(2, 300, "nl", TAG_INTERNAL);
    struct roll_outside over[] = { { .name = "METFORMINE", .reason = "replaced" },
                                   { .name = "TAMSULOSINE", .reason = "stop-agreement" },
                                   { .name = "AMOXICILLINE", .reason = "ended" },
                                   { .name = "OMEPRAZOL", .reason = "not-begun" } };
    roll->excluded = over;
    roll->excluded_count = RW_COUNT(over);
    struct layout both = lay_out(roll, &roll->bags[0]);
    assert_string_equal(find_field(&both, "outside")->text,
                        "Zie toedienlijst: 2 middelen buiten de rol");
    assert_null(find_field(&both, "outside-name-3"));
    roll->loose_count = 0;
    struct layout none = lay_out(roll, &roll->bags[0]);
    assert_string_equal(find_field(&none, "outside")->text, "Buiten de rol: geen");
}

static void what_cannot_be_said_of_a_dose_names_its_field(void **state)
{
    (void)state;
    struct roll *roll = make_roll(2, 300, "nl", TAG_INTERNAL);
    struct bag bag = roll->bags[1];
    struct layout layout = { .dpi = -1 };
    struct rw_error err = { 0 };
    bag.contents[0].milli = 1250; /* has a sign and no word */
    assert_false(layout_make(&sample_desk.desk, roll, &bag, sample_desk.arena, &layout, &err));
    assert_int_equal(err.code, RW_INVALID);
    assert_string_equal(err.at, "/amount-1");
    bag.contents[0].milli = 1000;
    bag.use_by = "2026-02-30";
    err = (struct rw_error){ 0 };
    assert_false(layout_make(&sample_desk.desk, roll, &bag, sample_desk.arena, &layout, &err));
    assert_int_equal(err.code, RW_INVALID);
    assert_string_equal(err.at, "/use-by");
    assert_int_equal(layout.dpi, -1);
}

static void one_bag_and_one_medicine_are_said_in_the_singular(void **state)
{
    (void)state;
    struct roll *roll = make_roll(2, 300, "nl", TAG_INTERNAL);
    roll->loose_count = 1;
    roll->excluded_count = 0;
    roll->bags[0].of = 1;
    struct layout one = lay_out(roll, &roll->bags[0]);
    assert_string_equal(find_field(&one, "count")->text, "1 zakje");
    assert_string_equal(find_field(&one, "outside")->text,
                        "Zie toedienlijst: 1 middel buiten de rol");
}

/* A word too long for a line ends after a slash or hyphen between letters, never within a number.
 */
static void a_long_word_is_parted_at_its_joints_and_no_number_is(void **state)
{
    (void)state;
    struct roll *roll = make_roll(2, 300, "nl", TAG_INTERNAL);
    struct rw_random random = rw_random_seeded(1);
    struct bag bag = sample_desk_bag(roll, &random, 1);
    bag.contents[0] =
        (struct bag_content){ .name = "HYDROCHLOORTHIAZIDE/TRIAMTEREENTABLETTEN", .milli = 1000 };
    struct layout layout = lay_out(roll, &bag);
    assert_string_equal(find_field(&layout, "content-1")->text, "HYDROCHLOORTHIAZIDE/");
    assert_string_equal(find_field(&layout, "content-1.2")->text, "TRIAMTEREENTABLETTEN");
    struct rw_error err = { 0 };
    bag.contents[0].name = "1234567890123456789012345/6789012345678901234";
    assert_false(layout_make(&sample_desk.desk, roll, &bag, sample_desk.arena, &layout, &err));
    assert_string_equal(err.at, "/content-1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_a_tablet_is_printed_in_sign_and_word),
        cmocka_unit_test(a_divided_moment_says_so_on_each_part),
        cmocka_unit_test(the_time_is_the_largest_text),
        cmocka_unit_test(the_header_lists_all_outside_the_roll_or_none),
        cmocka_unit_test(every_day_of_a_year_has_room_in_both_languages),
        cmocka_unit_test(an_ended_order_is_no_medicine_outside_the_roll),
        cmocka_unit_test(what_cannot_be_said_of_a_dose_names_its_field),
        cmocka_unit_test(one_bag_and_one_medicine_are_said_in_the_singular),
        cmocka_unit_test(a_long_word_is_parted_at_its_joints_and_no_number_is),
    };
    return cmocka_run_group_tests(tests, sample_desk_open, sample_desk_close);
}
