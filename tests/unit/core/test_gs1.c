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
        "(91)1240000171001261122080029406011846039502457",
        "(00)095201234567891235",
        "(01)09520123456788(10)L(1)x(21)9",
        "(01)09520123456788(17)261200",       /* some day in December */
        "(01)09520123456788(7003)2612312359", /* a minute before New Year */
        "(253)9520123456788",
        "(253)9520123456788A-1",
        "(8003)09520123456788A-1",
        "(8004)9520123A-1",
        "(8006)095201234567880102" /* the first of two pieces */
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
        "(01)09520123456788(17)261300", /* some day in month 13 */
        "(01)09520123456788(7003)2612312400",
        "(01)09520123456788(7003)2602300000",
        "(8003)19520123456788",         /* begins with no zero */
        "(8004)95A0123",                /* begins with no company's digits */
        "(8006)095201234567880302",     /* the third of two pieces */
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

/* The ceilings of docs/LIMITS.md: what is read can always be written. */
static void a_string_beyond_a_ceiling_is_refused_as_a_whole(void **state)
{
    /* No key is needed by (98), and a value of one is as long as any. */
    char text[4 * GS1_TEXT_MAX];
    char value[GS1_VALUE_MAX];
    struct gs1_string string = { .count = 7 };
    struct rw_error err = { .code = RW_OK };
    (void)state;
    memset(value, 'A', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    (void)snprintf(text, sizeof text, "(98)%s", value);
    assert_true(gs1_parse_bracketed(text, &string, &err)); /* 90 characters are allowed */
    (void)snprintf(text, sizeof text, "(98)%sA", value);
    assert_false(gs1_parse_bracketed(text, &string, &err));
    assert_int_equal(err.code, RW_INVALID);
    size_t used = 0;
    for (int ai = 91; ai < 97; ai++) /* six of 90 and their brackets are more than 511 bytes */
        used += (size_t)snprintf(text + used, sizeof text - used, "(%d)%s", ai, value);
    struct rw_error long_err = { .code = RW_OK };
    string.count = 7;
    assert_false(gs1_parse_bracketed(text, &string, &long_err));
    assert_int_equal(long_err.code, RW_TOO_LARGE);
    used = 0;
    for (int i = 0; i <= GS1_ELEMENTS_MAX; i++) /* the same one may stand often, but not so often */
        used += (size_t)snprintf(text + used, sizeof text - used, "(99)1");
    struct rw_error many_err = { .code = RW_OK };
    assert_false(gs1_parse_bracketed(text, &string, &many_err));
    assert_int_equal(many_err.code, RW_TOO_LARGE);
    assert_int_equal(string.count, 7); /* nothing was given out */
}

static void what_no_symbol_of_ours_carries_is_refused(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
    } rows[] = {
        { "0109520123456788"
          "10A\0B",
          21 },                     /* a NUL in a value */
        { "010952012345678X", 16 }, /* a letter where digits stand */
        { "0109520123456788"
          "21",
          18 },        /* an AI and nothing behind it */
        { "7777", 4 }, /* an AI that nobody assigned */
    };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        struct gs1_string string;
        struct rw_error err = { .code = RW_OK };
        assert_false(gs1_parse_bytes(rows[i].bytes, rows[i].length, &string, &err));
        assert_int_equal(err.code, RW_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_strings_are_read_and_written_back),
        cmocka_unit_test(broken_strings_are_refused),
        cmocka_unit_test(separators_stand_only_where_they_must),
        cmocka_unit_test(check_digits_follow_the_standard),
        cmocka_unit_test(another_engine_comes_to_the_same_verdicts),
        cmocka_unit_test(a_string_beyond_a_ceiling_is_refused_as_a_whole),
        cmocka_unit_test(what_no_symbol_of_ours_carries_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
