/* SPDX-License-Identifier: Apache-2.0 */
/* Proves the rules of GS1 element strings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "core/model/gs1.h"

#define LINE_MAX_BYTES 2048

static void good_strings_are_read_and_written_back(void **state)
{
    static const char *const texts[] = {
        "(01)09520123456788(17)261231(21)240000171001(90)126112208007870058726745445538",
        "(91)1240000171001261122080029406011846039502457", "(00)095201234567891235",
        "(01)09520123456788(10)L(1)x(21)9"
    };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(texts); i++) {
        struct gs1_string string;
        struct rw_error err = { .code = RW_OK };
        char text[GS1_TEXT_MAX];
        char bytes[GS1_TEXT_MAX];
        size_t length = 0;
        assert_true(gs1_parse_bracketed(texts[i], &string, &err));
        gs1_write_bracketed(&string, text);
        assert_string_equal(text, texts[i]);
        gs1_write_bytes(&string, bytes, &length);
        struct gs1_string again;
        assert_true(gs1_parse_bytes(bytes, length, &again, &err));
        gs1_write_bracketed(&again, text);
        assert_string_equal(text, texts[i]);
    }
}

static void broken_strings_are_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "01",
        "(01)09520123456789",           /* check digit */
        "(01)0952012345678",            /* too short */
        "(01)095201234567880",          /* too long */
        "(17)261231",                   /* needs a key */
        "(01)09520123456788(17)261331", /* month 13 */
        "(01)09520123456788(17)260230", /* 30 February */
        "(01)09520123456788(37)5",      /* must not stand together */
        "(01)09520123456788(21)a\"b c", /* a space is outside set 82 */
        "(01)09520123456788(10)A(10)B", /* twice, different */
        "(01)09520123456788(9999)1",    /* an AI we do not know */
        "(01)09520123456788(21)",       /* empty value */
        "(01)09520123456788(21)123456789012345678901"
    };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(texts); i++) {
        struct gs1_string string;
        struct rw_error err = { .code = RW_OK };
        assert_false(gs1_parse_bracketed(texts[i], &string, &err));
        assert_int_equal(err.code, RW_INVALID);
        assert_true(strlen(err.text) > 0);
    }
}

static void separators_stand_only_where_they_must(void **state)
{
    struct gs1_string string;
    struct rw_error err = { .code = RW_OK };
    char bytes[GS1_TEXT_MAX];
    size_t length = 0;
    (void)state;
    assert_true(gs1_parse_bracketed("(01)09520123456788(10)AB(17)261231(21)7", &string, &err));
    gs1_write_bytes(&string, bytes, &length);
    static const char expected[] = "010952012345678810AB\x1d"
                                   "17261231217";
    assert_int_equal(length, sizeof(expected) - 1);
    assert_memory_equal(bytes, expected, length);
    assert_false(gs1_parse_bytes("0109520123456788217\x1d", 20, &string, &err));
}

static void check_digits_follow_the_standard(void **state)
{
    (void)state;
    assert_int_equal(gs1_check_digit("0952012345678", 13), '8');
    assert_int_equal(gs1_check_digit("09520123456789123", 17), '5');
}

/* One line of the third-party table: bracketed text, verdict, message, another verdict. */
static bool agrees(char *line, int *ret_known)
{
    char *verdict = strchr(line, '\t');
    assert_non_null(verdict);
    *verdict++ = '\0';
    struct gs1_string string;
    struct rw_error err = { .code = RW_OK };
    bool ours = gs1_parse_bracketed(line, &string, &err);
    bool theirs = strncmp(verdict, "OK", 2) == 0;
    bool not_known = strstr(err.text, "not one of those we know") != NULL;
    *ret_known += not_known ? 0 : 1;
    if (ours != theirs && !not_known)
        fprintf(stderr, "differs: %s: ours %d (%s), theirs %s", line, ours, err.text, verdict);
    return ours == theirs || not_known;
}

static void another_engine_comes_to_the_same_verdicts(void **state)
{
    (void)state;
    const char *folder = getenv("ROLWACHT_TEST_DATA");
    char path[LINE_MAX_BYTES];
    (void)snprintf(path, sizeof(path), "%s/gs1/gs1_vectors.tsv",
                   folder != NULL ? folder : "../shared/data");
    FILE *file = fopen(path, "r");
    if (file == NULL)
        skip();
    char line[LINE_MAX_BYTES];
    int lines = 0;
    int known = 0;
    int differing = 0;
    while (fgets(line, sizeof(line), file) != NULL) {
        if (line[0] != '(')
            continue;
        lines++;
        differing += agrees(line, &known) ? 0 : 1;
    }
    (void)fclose(file);
    assert_int_equal(differing, 0);
    assert_true(known * 10 >= lines * 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_strings_are_read_and_written_back),
        cmocka_unit_test(broken_strings_are_refused),
        cmocka_unit_test(separators_stand_only_where_they_must),
        cmocka_unit_test(check_digits_follow_the_standard),
        cmocka_unit_test(another_engine_comes_to_the_same_verdicts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
