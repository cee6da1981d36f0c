/* SPDX-License-Identifier: Apache-2.0 */
/* Tests how a sentence is said in another language. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "api/sentence.h"
#include "api/web_files.h"
#include "core/base/embedded.h"
#include "tests/support/fixture.h"

static const struct json *parsed(const char *text)
{
    struct rw_error err = { 0 };
    const struct json *root = NULL;
    assert_true(json_parse(arena, text, strlen(text), &root, &err));
    return root;
}

static const char *said(const char *rows, const char *english)
{
    const struct sentence_book book = {
        .rows = rows ? parsed(rows) : NULL,
        .words = parsed("{\"state.printed\":\"geprint\",\"daytime.noon\":\"middag\"}")
    };
    return sentence_say(&book, english, arena);
}

static void what_was_written_in_goes_along(void **state)
{
    static const char rows[] = "{\"roll … is …\":\"{2:state}: rol {1}\",\"no\":\"geen {1} {x}\","
                               "\"at …\":\"om{1:daytime}!\"}";
    (void)state;
    assert_string_equal(said(rows, "roll 12 is printed"), "geprint: rol 12");
    assert_string_equal(said(rows, "roll 12 is odd"), "odd: rol 12");
    assert_string_equal(said(rows, "roll a is b is c"), "b is c: rol a");
    assert_string_equal(said(rows, "no"), "geen {1} {x}");
    assert_string_equal(said(rows, "at  noon, dusk"), "om middag, dusk!");
    assert_string_equal(said(rows, "at "), "om!");
}

static void the_row_with_most_words_of_its_own_is_taken(void **state)
{
    static const char rows[] =
        "{\"bag … is …\":\"a\",\"bag … is not judged yet\":\"b\",\"…\":\"c\"}";
    (void)state;
    assert_string_equal(said(rows, "bag 1 is bad"), "a");
    assert_string_equal(said(rows, "bag 1 is not judged yet"), "b");
    assert_string_equal(said(rows, "anything"), "c");
}

static void somebodys_own_words_stand_behind_a_sentence(void **state)
{
    static const char rows[] = "{\"every bag is good\":\"Elk zakje is goed\",\"late\":\"laat\","
                               "\"away: nothing is missed\":\"weg: er wordt niets gemist\"}";
    (void)state;
    assert_string_equal(said(rows, "away: nothing is missed: late"),
                        "weg: er wordt niets gemist: laat");
    assert_string_equal(said(rows, "every bag is good: ja: hoor"), "Elk zakje is goed: ja: hoor");
    assert_string_equal(said(rows, "every bag is good: late"), "Elk zakje is goed: laat");
}

static void what_no_row_fits_is_not_said(void **state)
{
    static const char rows[] = "{\"a … b\":\"x\",\"end\":\"y\"}";
    (void)state;
    assert_null(said(rows, "a b"));
    assert_null(said(rows, "a 1 b 2"));
    assert_null(said(rows, "ending"));
    assert_null(said(rows, "bend"));
    assert_null(said(rows, ""));
    assert_null(said(NULL, "end"));
}

/* More gaps than one sentence may have fit nothing, and what would be too long is not said. */
static void ceilings_are_kept(void **state)
{
    char longest[SENTENCE_BYTES_MAX + 8];
    (void)state;
    assert_non_null(said("{\"…,…,…,…,…,…\":\"x\"}", "1,2,3,4,5,6"));
    assert_null(said("{\"…,…,…,…,…,…,…\":\"x\"}", "1,2,3,4,5,6,7"));
    memset(longest, 'a', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    assert_null(said("{\"…\":\"{1}\"}", longest));
}

static const struct json *file(const char *name)
{
    for (const struct rw_embedded *one = web_files; one->name; one++) {
        if (strcmp(one->name, name) == 0)
            return parsed(one->bytes);
    }
    return NULL;
}

/* The book of the console: each row says itself, with all that was written into it. */
static void every_row_of_the_book_can_be_said(void **state)
{
    const struct sentence_book book = { file("sentences-nl.json"), file("nl.json") };
    (void)state;
    assert_true(book.rows && book.rows->count > 400);
    for (const struct json *row = book.rows->first; row; row = row->next) {
        const char *text = sentence_say(&book, row->name, arena);
        if (!text)
            fail_msg("\"%s\" cannot be said", row->name);
        if (strstr(text, "{1") || strstr(text, "{2") || strstr(text, "{3"))
            fail_msg("\"%s\" says too much: %s", row->name, text);
    }
    assert_string_equal(sentence_say(&book, "a roll that is printed is not judged", arena),
                        "Een rol die geprint is, wordt niet beoordeeld.");
    assert_string_equal(
        sentence_say(&book, "the order names no moments; the site chose morning, noon (P1)", arena),
        "Het voorschrift noemt geen momenten; gekozen volgens het beleid: ochtend, middag (P1).");
    assert_string_equal(
        sentence_say(&book, "some of its bags no longer count: ADD_LOOSE: doosje bezorgd", arena),
        "Een deel van de zakjes vervalt; los erbij gegeven: doosje bezorgd");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_written_in_goes_along, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(the_row_with_most_words_of_its_own_is_taken, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(somebodys_own_words_stand_behind_a_sentence, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(what_no_row_fits_is_not_said, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(ceilings_are_kept, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(every_row_of_the_book_can_be_said, fixture_open,
                                        fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
