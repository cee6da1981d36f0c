/* SPDX-License-Identifier: Apache-2.0 */
/* The words on a label mean one thing only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/date.h"
#include "labels/wording.h"
#include "tests/support/fixture.h"

static void a_language_without_words_is_not_found(void **state)
{
    (void)state;
    assert_non_null(wording_find("nl"));
    assert_non_null(wording_find("en"));
    assert_null(wording_find("de"));
    assert_null(wording_find(NULL));
}

static void weekdays_follow_the_calendar(void **state)
{
    (void)state;
    int32_t day = 0;
    assert_true(rw_date_parse("2026-11-22", &day));
    assert_string_equal(wording_weekday(wording_find("nl"), rw_date_weekday(day)), "zondag");
    assert_string_equal(wording_weekday(wording_find("en"), rw_date_weekday(day + 1)), "Monday");
}

static void dates_say_the_month_so_that_no_one_swaps_it(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    int32_t day = 0;
    assert_true(rw_date_parse("2026-11-02", &day));
    assert_string_equal(wording_date(wording_find("nl"), day, arena, &err), "2\u00A0november 2026");
    assert_string_equal(wording_short_date(wording_find("nl"), "1941-03-14", arena, &err),
                        "14-03-1941");
    assert_string_equal(wording_short_date(wording_find("en"), "1941-03-14", arena, &err),
                        "14\u00A0Mar\u00A01941");
}

static void what_is_no_date_is_refused(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    assert_null(wording_short_date(wording_find("nl"), "1941-02-30", arena, &err));
    assert_int_equal(err.code, RW_INVALID);
}

static void a_clock_has_four_figures(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    assert_string_equal(wording_clock((struct rw_wall){ 0, 485 }, arena, &err), "08:05");
    assert_string_equal(wording_clock((struct rw_wall){ 0, 0 }, arena, &err), "00:00");
}

static void assert_amount(int64_t milli, const char *sign, const char *dutch, const char *english)
{
    struct rw_error err = { 0 };
    const char *words = "unset";
    assert_string_equal(wording_amount(milli, arena, &err), sign);
    assert_true(wording_amount_words(wording_find("nl"), milli, &words, &err));
    assert_true(dutch == NULL ? words == NULL : strcmp(words, dutch) == 0);
    assert_true(wording_amount_words(wording_find("en"), milli, &words, &err));
    assert_true(english == NULL ? words == NULL : strcmp(words, english) == 0);
}

static void parts_of_a_tablet_stand_in_signs_and_in_words(void **state)
{
    (void)state;
    assert_amount(1000, "1", NULL, NULL);
    assert_amount(12000, "12", NULL, NULL);
    assert_amount(500, "½", "een half", "a half");
    assert_amount(1500, "1½", "anderhalf", "one and a half");
    assert_amount(2500, "2½", "twee en een half", "two and a half");
    assert_amount(250, "¼", "een kwart", "a quarter");
    assert_amount(750, "¾", "driekwart", "three quarters");
}

static void an_amount_that_could_be_misread_is_refused(void **state)
{
    (void)state;
    static const int64_t amounts[] = { 0, -500, 333, 100, 1250, 10500 };
    for (size_t i = 0; i < RW_COUNT(amounts); i++) {
        struct rw_error err = { 0 };
        const char *words = NULL;
        bool sign = wording_amount(amounts[i], arena, &err) != NULL;
        bool said = sign && wording_amount_words(wording_find("nl"), amounts[i], &words, &err);
        assert_false(said);
        assert_int_equal(err.code, RW_INVALID);
    }
}

static void each_phrase_takes_its_values_in_both_languages(void **state)
{
    (void)state;
    static const char *const languages[] = { "nl", "en" };
    static const char *const values[2] = { "12", "34" };
    for (size_t i = 0; i < RW_COUNT(languages); i++) {
        for (int phrase = 0; phrase < WORDING_PHRASE_COUNT; phrase++) {
            struct rw_error err = { 0 };
            const char *said = wording_say(wording_find(languages[i]), (enum wording_phrase)phrase,
                                           values, arena, &err);
            assert_non_null(said);
            assert_true(said[0] != '\0');
            assert_null(strchr(said, '%'));
        }
    }
}

static void a_reason_without_words_sends_to_the_pharmacy(void **state)
{
    (void)state;
    assert_string_equal(wording_reason(wording_find("nl"), "as-needed"), "zo nodig");
    assert_string_equal(wording_reason(wording_find("nl"), "month-duration"), "vraag de apotheek");
    assert_string_equal(wording_reason(wording_find("en"), NULL), "ask the pharmacy");
}

static void only_our_own_moments_have_words(void **state)
{
    (void)state;
    assert_string_equal(wording_moment(wording_find("nl"), "morning"), "ochtend");
    assert_null(wording_moment(wording_find("nl"), "tea"));
    assert_null(wording_moment(wording_find("nl"), NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_language_without_words_is_not_found),
        cmocka_unit_test(weekdays_follow_the_calendar),
        cmocka_unit_test(dates_say_the_month_so_that_no_one_swaps_it),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(a_clock_has_four_figures),
        cmocka_unit_test(parts_of_a_tablet_stand_in_signs_and_in_words),
        cmocka_unit_test(an_amount_that_could_be_misread_is_refused),
        cmocka_unit_test(each_phrase_takes_its_values_in_both_languages),
        cmocka_unit_test(a_reason_without_words_sends_to_the_pharmacy),
        cmocka_unit_test(only_our_own_moments_have_words),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
