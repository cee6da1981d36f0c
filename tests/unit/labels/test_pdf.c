/* SPDX-License-Identifier: Apache-2.0 */
/* The PDF has a page a bag, real text, and the same bytes every time. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/file.h"
#include "labels/expected.h"
#include "labels/pdf.h"
#include "tests/support/sample_desk.h"
#include "tests/support/scratch.h"

#define ANSWER_MAX (2 * RW_ARENA_MIB) /* a page in dots of 600 dpi among them */

static struct roll *make_roll(void)
{
    const struct sample_roll_request request = { .seed = 3, .days = 1, .dpi = 300 };
    return sample_desk_roll(&request);
}

static const char *write_pdf(const struct roll *roll, size_t *ret_length)
{
    const char *bytes = NULL;
    struct rw_error err = { 0 };
    assert_true(pdf_write(&sample_desk.desk, roll, sample_desk.arena, &bytes, ret_length, &err));
    return bytes;
}

static int32_t count_of(const char *bytes, size_t length, const char *word)
{
    int32_t count = 0;
    for (size_t i = 0; i + strlen(word) <= length; i++)
        count += memcmp(bytes + i, word, strlen(word)) == 0;
    return count;
}

/* U+00A0 keeps words together on the label; for comparing, a space is a space. */
static void plain_spaces(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        bool joint = from[0] == '\xC2' && from[1] == '\xA0';
        from += joint ? 1 : 0;
        *to++ = joint ? ' ' : *from;
    }
    *to = '\0';
}

/* What a program of poppler says of the document; NULL when it is not installed. */
static char *ask_poppler(const char *bytes, size_t length, const char *before, const char *after)
{
    char folder[SCRATCH_PATH_MAX];
    char path[RW_FILE_PATH_MAX];
    char command[RW_FILE_PATH_MAX + 64];
    struct rw_error err = { 0 };
    if (access("/usr/bin/pdftotext", X_OK) != 0)
        return NULL;
    assert_true(scratch_make(folder) && rw_file_join(path, folder, "label.pdf", &err) &&
                rw_file_write(path, bytes, length, 0600, &err));
    (void)snprintf(command, sizeof command, "/usr/bin/%s %s %s", before, path, after);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    char *answer = rw_arena_alloc(sample_desk.arena, ANSWER_MAX, &err);
    assert_non_null(answer);
    size_t got = fread(answer, 1, ANSWER_MAX - 1, pipe);
    answer[got] = '\0';
    assert_int_equal(pclose(pipe), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    return answer;
}

static const char *extract_text(const char *bytes, size_t length)
{
    char *text = ask_poppler(bytes, length, "pdftotext -layout", "-");
    if (text != NULL)
        plain_spaces(text);
    return text;
}

static void the_same_roll_gives_the_same_bytes(void **state)
{
    (void)state;
    struct roll *roll = make_roll();
    size_t one_length = 0;
    size_t other_length = 0;
    const char *one = write_pdf(roll, &one_length);
    (void)sleep(1); /* a clock in the bytes would show */
    const char *other = write_pdf(roll, &other_length);
    assert_int_equal(one_length, other_length);
    assert_memory_equal(one, other, one_length);
}

static void each_bag_has_a_page_and_fonts_are_embedded(void **state)
{
    (void)state;
    struct roll *roll = make_roll();
    size_t length = 0;
    const char *bytes = write_pdf(roll, &length);
    assert_memory_equal(bytes, "%PDF-", 5);
    assert_true(count_of(bytes, length, "/FontFile2") >= 2);
    char pages[32];
    (void)snprintf(pages, sizeof pages, "/Count %zu", roll->bag_count);
    assert_int_equal(count_of(bytes, length, pages), 1);
    assert_int_equal(count_of(bytes, length, "/MediaBox [ 0 0 198.425197 170.07874 ]"),
                     (int32_t)roll->bag_count); /* 70 mm by 60 mm in points */
    assert_int_equal(count_of(bytes, length, "/CreationDate (D:20261120093000+01'00)"), 1);
}

static void the_text_can_be_taken_out(void **state)
{
    (void)state;
    struct roll *roll = make_roll();
    size_t length = 0;
    const char *bytes = write_pdf(roll, &length);
    const char *text = extract_text(bytes, length);
    if (text == NULL)
        skip();
    static const char *const words[] = { "Zijlstra-Łukasiewicz",
                                         "geb. 30-07-1950",
                                         "08:00",
                                         "maandag",
                                         "23 november 2026",
                                         "OMEPRAZOL 20 mg",
                                         "Totaal 5 stuks",
                                         "Apotheek De Linde",
                                         "Einde rol",
                                         "Zie toedienlijst: 2 middelen buiten de rol" };
    for (size_t i = 0; i < RW_COUNT(words); i++) {
        if (strstr(text, words[i]) == NULL)
            print_error("not in the text: %s\n", words[i]);
        assert_non_null(strstr(text, words[i]));
    }
}

/* Combined marks, ligatures and letters that read to the left are told as they were written. */
static void names_in_any_script_can_be_taken_out(void **state)
{
    (void)state;
    static const char *const names[] = {
        "Çağrı Işık",       "Nguyễn Thị Ổn",   "Γεωργία",      "Юлия Ёлкина",
        "मेरी शर्मा",         "தமிழ்ச்செல்வி",      "მარიამ",       "Ju\u0308rgen",
        "Steffi Offermann", "محمد عبد الرحمن", "מרים כהן־לוי",
    };
    struct roll *roll = make_roll();
    roll->bag_count = 1;
    for (size_t i = 0; i < RW_COUNT(names); i++) {
        size_t length = 0;
        roll->client.name = names[i];
        const char *bytes = write_pdf(roll, &length);
        const char *text = extract_text(bytes, length);
        if (text == NULL)
            skip();
        assert_non_null(strstr(text, names[i]));
    }
}

/* A reader that fits a page to the paper would make letters and modules smaller. */
static void readers_are_told_the_language_and_to_print_in_its_own_size(void **state)
{
    (void)state;
    size_t length = 0;
    const char *bytes = write_pdf(make_roll(), &length);
    assert_int_equal(count_of(bytes, length, "/PrintScaling /None"), 1);
    assert_int_equal(count_of(bytes, length, "/Lang (nl)"), 1);
}

static void poppler_finds_nothing_to_warn_of(void **state)
{
    (void)state;
    size_t length = 0;
    const char *bytes = write_pdf(make_roll(), &length);
    const char *said = ask_poppler(bytes, length, "pdftoppm -r 72", "2>&1 >/dev/null");
    if (said == NULL)
        skip();
    assert_string_equal(said, "");
}

/* The second page as a reader draws it in black and white: PBM, a bit a dot, 1 = black. */
static bool is_black(const char *pbm, const struct picture *size, int32_t x, int32_t y)
{
    const char *rows = pbm;
    for (int32_t line = 0; line < 2; line++)
        rows = strchr(rows, '\n') + 1;
    size_t stride = (size_t)(size->width + 7) / 8;
    return (rows[(size_t)y * stride + (size_t)x / 8] >> (7 - x % 8) & 1) != 0;
}

static void check_symbol(const char *pbm, const struct picture *wanted, const struct print *print,
                         int32_t dpi)
{
    const struct print_field *symbol = &print->fields[print->symbol];
    int32_t left = media_dots(symbol->x_um, dpi);
    int32_t top = media_dots(symbol->y_um, dpi);
    int32_t side = media_dots(symbol->width_um, dpi);
    int32_t wrong = 0;
    for (int32_t y = top - 1; y <= top + side; y++)
        for (int32_t x = left - 1; x <= left + side && x < wanted->width; x++)
            wrong += is_black(pbm, wanted, x, y) != (wanted->pixels[y * wanted->stride + x] == 0);
    assert_int_equal(wrong, 0);
}

/* Dot for dot what the verifier expects, at each printer's dots. */
static void the_symbol_has_the_printers_dots(void **state)
{
    (void)state;
    static const int32_t dpis[] = { 203, 300, 600 };
    for (size_t i = 0; i < RW_COUNT(dpis); i++) {
        struct roll *roll = NULL;
        struct rw_error err = { 0 };
        struct sample_roll_request request = { .seed = 3, .days = 1, .dpi = dpis[i] };
        struct picture wanted;
        struct print print;
        size_t length = 0;
        char command[64];
        assert_true(sample_roll_make(&request, sample_desk.arena, &roll, &err));
        const char *bytes = write_pdf(roll, &length);
        (void)snprintf(command, sizeof command, "pdftoppm -mono -f 2 -l 2 -r %d", dpis[i]);
        const char *pbm = ask_poppler(bytes, length, command, "");
        if (pbm == NULL)
            skip();
        assert_true(expected_draw(&sample_desk.desk, roll, &roll->bags[1], sample_desk.arena,
                                  &wanted, &print, &err));
        check_symbol(pbm, &wanted, &print, dpis[i]);
    }
}

/* How many dots of the letters on a page differ from those that we expect of them, of how many. */
static int32_t differing_dots(const char *pbm, const struct picture *wanted, int32_t *ret_ink)
{
    int32_t wrong = 0;
    *ret_ink = 0;
    for (int32_t y = 0; y < wanted->height; y++)
        for (int32_t x = 0; x < wanted->width; x++) {
            bool is_ink = wanted->pixels[y * wanted->stride + x] < 128;
            *ret_ink += is_ink;
            wrong += is_ink != is_black(pbm, wanted, x, y);
        }
    return wrong;
}

/* poppler sets each letter on the dot before its place; we put it on the nearest in our pictures.
 */
static void letters_lie_where_poppler_sets_them(void **state)
{
    (void)state;
    struct roll *roll = NULL;
    struct rw_error err = { 0 };
    const struct sample_roll_request request = { .seed = 3, .days = 1, .dpi = 203 };
    const struct expected_labels labels = expected_labels_from(&sample_desk.desk);
    int32_t wrong[2];
    int32_t ink = 0;
    size_t length = 0;
    assert_true(sample_roll_make(&request, sample_desk.arena, &roll, &err));
    const char *bytes = write_pdf(roll, &length);
    const char *pbm = ask_poppler(bytes, length, "pdftoppm -mono -f 2 -l 2 -r 203", "");
    if (pbm == NULL)
        skip();
    static const enum print_letters letters[2] = { PRINT_BEFORE, PRINT_NEAREST };
    for (size_t i = 0; i < RW_COUNT(letters); i++) {
        const struct print_order order = { roll, &roll->bags[1], letters[i], 203 };
        struct picture wanted;
        struct print print;
        assert_true(labels.draw(labels.self, &order, sample_desk.arena, &wanted, &print, &err));
        wrong[i] = differing_dots(pbm, &wanted, &ink);
    }
    print_message("of %d dots %d differ, of the nearest %d\n", ink, wrong[0], wrong[1]);
    assert_true(wrong[0] * 50 < ink);
    assert_true(wrong[1] * 10 > ink);
}

static void a_roll_issued_in_universal_time_says_so(void **state)
{
    (void)state;
    struct roll *roll = make_roll();
    size_t length = 0;
    roll->issued = "2026-11-20T09:30:15Z";
    const char *bytes = write_pdf(roll, &length);
    assert_int_equal(count_of(bytes, length, "/CreationDate (D:20261120093015Z)"), 1);
}

static void a_document_without_memory_says_so(void **state)
{
    (void)state;
    struct roll *roll = make_roll();
    size_t refused = 0;
    roll->bag_count = 2;
    for (size_t kib = 0; kib < 2048; kib = kib * 5 / 4 + 8) {
        struct rw_arena *small = rw_arena_open(kib * RW_ARENA_KIB);
        const char *bytes = NULL;
        size_t length = 0;
        struct rw_error err = { 0 };
        assert_non_null(small);
        if (!pdf_write(&sample_desk.desk, roll, small, &bytes, &length, &err)) {
            assert_int_equal(err.code, RW_NO_MEMORY);
            refused++;
        }
        rw_arena_close(small);
    }
    assert_in_range(refused, 5, 20);
}

static void a_roll_without_its_moment_is_refused(void **state)
{
    (void)state;
    struct roll *roll = make_roll();
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    roll->issued = "";
    assert_false(pdf_write(&sample_desk.desk, roll, sample_desk.arena, &bytes, &length, &err));
    assert_string_equal(err.at, "/issued");
    assert_null(bytes);
}

static void a_bag_that_does_not_fit_stops_the_document(void **state)
{
    (void)state;
    struct roll *roll = make_roll();
    struct bag_content contents[14];
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    for (size_t i = 0; i < RW_COUNT(contents); i++)
        contents[i] = roll->bags[1].contents[0];
    roll->bags[2].contents = contents;
    roll->bags[2].content_count = RW_COUNT(contents);
    assert_false(pdf_write(&sample_desk.desk, roll, sample_desk.arena, &bytes, &length, &err));
    assert_non_null(strstr(err.text, "bag 2"));
}

static void a_film_that_we_do_not_know_is_refused(void **state)
{
    (void)state;
    struct roll *roll = make_roll();
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    roll->media = "no-such-film";
    assert_false(pdf_write(&sample_desk.desk, roll, sample_desk.arena, &bytes, &length, &err));
    assert_string_equal(err.at, "/media");
    assert_null(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_roll_gives_the_same_bytes),
        cmocka_unit_test(each_bag_has_a_page_and_fonts_are_embedded),
        cmocka_unit_test(the_text_can_be_taken_out),
        cmocka_unit_test(names_in_any_script_can_be_taken_out),
        cmocka_unit_test(readers_are_told_the_language_and_to_print_in_its_own_size),
        cmocka_unit_test(letters_lie_where_poppler_sets_them),
        cmocka_unit_test(poppler_finds_nothing_to_warn_of),
        cmocka_unit_test(the_symbol_has_the_printers_dots),
        cmocka_unit_test(a_roll_issued_in_universal_time_says_so),
        cmocka_unit_test(a_document_without_memory_says_so),
        cmocka_unit_test(a_roll_without_its_moment_is_refused),
        cmocka_unit_test(a_bag_that_does_not_fit_stops_the_document),
        cmocka_unit_test(a_film_that_we_do_not_know_is_refused),
    };
    return cmocka_run_group_tests(tests, sample_desk_open, sample_desk_close);
}
