/* SPDX-License-Identifier: Apache-2.0 */
/* Proves what codewords mean, scheme by scheme. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "core/base/random.h"
#include "verifier/message.h"

#define WORDS_MAX 16
#define HOSTILE 20000

static struct message message;

struct row {
    uint8_t words[WORDS_MAX];
    int count;
    const char *text; /* NULL = refused */
};

static void check(const struct row *row)
{
    bool is_read = message_read(row->words, row->count, &message);
    assert_int_equal(is_read, row->text != NULL);
    if (row->text == NULL)
        return;
    assert_int_equal(message.length, strlen(row->text));
    assert_memory_equal(message.bytes, row->text, message.length);
}

/* The words were worked out by hand from the tables of ISO/IEC 16022. */
static void every_scheme_gives_its_text(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { { 'A' + 1, 130 + 42, 129, 7 }, 4, "A42" },
        { { 235, 'i' }, 2, "\xe8" },                               /* upper shift: 104 + 128 */
        { { 230, 89, 233, 89, 233, 254, '!' + 1 }, 7, "ABCABC!" }, /* C40 */
        { { 239, 89, 233, 254 }, 4, "abc" },                       /* Text */
        { { 230, 89, 233, 'Z' + 1 }, 4, "ABCZ" },                  /* one word left: ASCII */
        { { 238, 89, 233, 254 }, 4, "ABC" },                       /* X12 */
        { { 238, 0, 43, 254 }, 4, "\r*>" },                        /* 0, 1, 2 */
        { { 230, 0, 41, 254 }, 4, "\x01" },                        /* shift 1 */
        { { 240, 4, 32, 196, 124 },
          5,
          "ABCD"
          "{" },                               /* EDIFACT */
        { { 240, 5, 240, 'z' + 1 }, 4, "Az" }, /* unlatched */
        { { 240, 'z' + 1 }, 2, "z" },          /* too few words left */
        { { 'A' + 1, 232, 'B' + 1 },
          3,
          "A\x1d"
          "B" },
        { { 'A' + 1, 254 }, 2, "A" },
        { { 236, 'A' + 1 },
          2,
          "[)>\x1e"
          "05\x1d"
          "A\x1e\x04" },
        { { 237, 'A' + 1 },
          2,
          "[)>\x1e"
          "06\x1d"
          "A\x1e\x04" },
    };
    for (size_t i = 0; i < RW_COUNT(rows); i++)
        check(&rows[i]);
}

static void base_256_takes_its_length_and_its_veil_off(void **state)
{
    (void)state;
    uint8_t words[8] = { 231 };
    const uint8_t bytes[3] = { 2, 0x00, 0xff }; /* length, then two bytes */
    for (int i = 0; i < 3; i++)
        words[i + 1] = (uint8_t)(bytes[i] + 149 * (i + 2) % 255 + 1);
    words[4] = 'A' + 1;
    assert_true(message_read(words, 5, &message));
    assert_int_equal(message.length, 3);
    assert_memory_equal(message.bytes,
                        "\x00\xff"
                        "A",
                        3);

    words[1] = (uint8_t)(0 + 149 * 2 % 255 + 1); /* 0: the rest of the symbol */
    assert_true(message_read(words, 4, &message));
    assert_int_equal(message.length, 2);
    words[1] = (uint8_t)(200 + 149 * 2 % 255 + 1); /* more than there is */
    assert_false(message_read(words, 4, &message));
    words[1] = (uint8_t)(250 + 149 * 2 % 255 + 1); /* a length of two words, also too much */
    assert_false(message_read(words, 4, &message));
}

static void a_leading_fnc1_makes_it_gs1(void **state)
{
    (void)state;
    static const uint8_t words[] = { 232, 130 + 91, 'A' + 1 };
    assert_true(message_read(words, 3, &message));
    assert_true(message.gs1);
    assert_false(message.special);
    assert_memory_equal(message.bytes, "91A", 3);
}

static void charsets_are_named_and_their_numbers_are_no_text(void **state)
{
    (void)state;
    static const struct {
        uint8_t words[5];
        int eci;
    } rows[] = {
        { { 241, 27, 'A' + 1, 129, 129 }, 26 },
        { { 241, 128, 1, 'A' + 1, 129 }, 127 },
        { { 241, 192, 1, 1, 'A' + 1 }, 16383 },
    };
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        assert_true(message_read(rows[i].words, 5, &message));
        assert_int_equal(message.eci, rows[i].eci);
        assert_true(message.special);
        assert_int_equal(message.length, 1);
    }
    static const uint8_t cut[] = { 'A' + 1, 241, 200 };
    assert_false(message_read(cut, 3, &message));
    static const uint8_t none[] = { 'A' + 1, 241 };
    assert_false(message_read(none, 2, &message));
}

static void parts_and_programs_are_told_from_plain_text(void **state)
{
    (void)state;
    static const uint8_t part[] = { 233, 1, 2, 3, 'A' + 1 };
    static const uint8_t program[] = { 234, 'A' + 1 };
    assert_true(message_read(part, 5, &message));
    assert_true(message.special);
    assert_memory_equal(message.bytes, "A", 1);
    assert_false(message_read(part, 4, &message));
    assert_true(message_read(program, 2, &message));
    assert_true(message.special);
}

static void broken_rules_are_refused(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { { 0 }, 1, NULL },                    /* no word of ASCII */
        { { 129, 1 }, 2, NULL },               /* nothing but a pad */
        { { 'A' + 1, 245, 1 }, 3, NULL },      /* not in use */
        { { 'A' + 1, 233, 1, 1 }, 4, NULL },   /* only at the start */
        { { 230, 255, 255 }, 3, NULL },        /* a value of 40 or more */
        { { 230, 0, 0 }, 3, NULL },            /* below the first value */
        { { 230, 10, 243, 244, 60 }, 5, NULL } /* the third set has no such letter */
    };
    for (size_t i = 0; i < RW_COUNT(rows); i++)
        check(&rows[i]);
    assert_false(message_read(rows[0].words, 0, &message));
}

static void hostile_words_never_write_beyond(void **state)
{
    (void)state;
    struct rw_random random = rw_random_seeded(11);
    static uint8_t words[1558];
    static const uint8_t latches[] = { 230, 231, 238, 239, 240, 241 };

    for (int i = 0; i < HOSTILE; i++) {
        int count = 1 + (int)rw_random_below(&random, i % 100 == 0 ? 1558 : 40);
        for (int k = 0; k < count; k++)
            words[k] = (uint8_t)rw_random_below(&random, 256);
        words[0] = latches[i % 6];
        if (message_read(words, count, &message))
            assert_true(message.length > 0 && message.length <= MESSAGE_BYTES_MAX);
    }
    memset(words, 130 + 77, sizeof words); /* the longest text there is */
    assert_true(message_read(words, 1558, &message));
    assert_int_equal(message.length, 3116);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scheme_gives_its_text),
        cmocka_unit_test(base_256_takes_its_length_and_its_veil_off),
        cmocka_unit_test(a_leading_fnc1_makes_it_gs1),
        cmocka_unit_test(charsets_are_named_and_their_numbers_are_no_text),
        cmocka_unit_test(parts_and_programs_are_told_from_plain_text),
        cmocka_unit_test(broken_rules_are_refused),
        cmocka_unit_test(hostile_words_never_write_beyond),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
