/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that text comes out of codewords and a dead worker is no end. */
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/random.h"
#include "tests/support/interrupt.h"
#include "verifier/decode.h"

#define PLACES 20000 /* of a search: all there are */
#define HOSTILE 1000 /* symbols of random bytes */

static struct rw_arena *arena;
static struct decode *decode;
static struct codewords_layout layout;
static struct decode_text text;

static int set_up(void **state)
{
    (void)state;
    interrupt_allow();
    arena = rw_arena_open(16 * RW_ARENA_MIB);
    const struct symbology *size = symbology_get(symbology_find(18, 18));
    return arena == NULL || !decode_open(arena, &decode, NULL) ||
           !codewords_lay_out(size, arena, &layout, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    decode_close(decode);
    rw_arena_close(arena);
    return 0;
}

/* ASCII: a letter is its code + 1, two digits are 130 + their number, 129 pads. */
static void write_words(const uint8_t *head, size_t count, uint8_t words[SYMBOLOGY_WORDS_MAX])
{
    memset(words, 129, (size_t)layout.size->data_words);
    memcpy(words, head, count);
    codewords_protect(layout.size, words);
}

static void expect_a_good_answer(void)
{
    static const uint8_t head[] = { 232, 130 + 91, 130 + 12, 'A' + 1 };
    uint8_t words[SYMBOLOGY_WORDS_MAX];
    write_words(head, sizeof head, words);
    assert_int_equal(decode_words(decode, &layout, words, &text), DECODE_TEXT);
    assert_true(text.message.gs1);
    assert_int_equal(text.message.length, 5);
    assert_memory_equal(text.message.bytes, "9112A", 5);
}

static void a_leading_fnc1_is_told_and_left_out(void **state)
{
    (void)state;
    expect_a_good_answer();
}

static void an_fnc1_inside_is_kept_as_separator(void **state)
{
    (void)state;
    static const uint8_t head[] = { 'A' + 1, 232, 'B' + 1 };
    uint8_t words[SYMBOLOGY_WORDS_MAX];
    write_words(head, sizeof head, words);
    assert_int_equal(decode_words(decode, &layout, words, &text), DECODE_TEXT);
    assert_false(text.message.gs1);
    assert_memory_equal(text.message.bytes,
                        "A\x1d"
                        "B",
                        3);
}

/* libdmtx would give the arguments of ECI and structured append out as text. */
static void libdmtx_is_not_asked_where_it_would_guess(void **state)
{
    (void)state;
    static const uint8_t heads[][4] = { { 241, 27, 'A' + 1, 129 },
                                        { 'A' + 1, 241, 27, 129 },
                                        { 233, 1, 2, 3 } };
    uint8_t words[SYMBOLOGY_WORDS_MAX];
    for (size_t i = 0; i < 3; i++) {
        write_words(heads[i], sizeof heads[i], words);
        words[4] = i == 2 ? 'A' + 1 : 129;
        assert_int_equal(decode_words(decode, &layout, words, &text), DECODE_TEXT);
        assert_true(text.message.special);
        assert_int_equal(text.message.length, 1);
        assert_memory_equal(text.message.bytes, "A", 1);
    }
}

static void a_long_rectangle_is_read_without_libdmtx(void **state)
{
    (void)state;
    struct codewords_layout longer;
    uint8_t words[SYMBOLOGY_WORDS_MAX];
    assert_true(codewords_lay_out(symbology_get(symbology_find(8, 144)), arena, &longer, NULL));
    memset(words, 129, (size_t)longer.size->data_words);
    words[0] = 'A' + 1;
    assert_int_equal(decode_words(decode, &longer, words, &text), DECODE_TEXT);
    assert_memory_equal(text.message.bytes, "A", 1);
}

static void a_worker_that_was_killed_is_replaced(void **state)
{
    (void)state;
    const struct timespec pause = { 0, 5000000 };
    expect_a_good_answer();
    pid_t before = decode_worker(decode);
    assert_true(before > 0);
    assert_int_equal(kill(before, SIGKILL), 0);
    for (int i = 0; i < 400 && decode_worker(decode) == before; i++)
        nanosleep(&pause, NULL);
    expect_a_good_answer();
    assert_int_not_equal(decode_worker(decode), before);
}

static void a_worker_that_hangs_is_ended_and_replaced(void **state)
{
    (void)state;
    uint32_t lost = decode_lost(decode);
    static const uint8_t head[] = { 'A' + 1 };
    uint8_t words[SYMBOLOGY_WORDS_MAX];

    expect_a_good_answer();
    assert_int_equal(kill(decode_worker(decode), SIGSTOP), 0);
    write_words(head, sizeof head, words);
    assert_int_equal(decode_words(decode, &layout, words, &text), DECODE_LOST);
    assert_int_equal(decode_lost(decode), lost + 1);
    expect_a_good_answer();
}

/* Draws codewords as a picture with six pixels a module and a quiet zone. */
static void draw(const uint8_t *words, struct picture *ret_picture)
{
    uint8_t dark[18 * 18];

    codewords_draw(&layout, words, dark);
    assert_true(picture_make(arena, 180, 180, ret_picture, NULL));
    for (int i = 0; i < 180 * 180; i++) {
        int row = i / 180 / 6 - 6;
        int col = i % 180 / 6 - 6;
        bool inside = row >= 0 && row < 18 && col >= 0 && col < 18;
        ret_picture->pixels[i / 180 * ret_picture->stride + i % 180] =
            inside && dark[row * 18 + col] ? 20 : 230;
    }
}

/* C40, upper shift, shift 3 and a value that the third set lacks: an assertion of libdmtx. Our own
 * reading refuses the words; the search, where libdmtx reads what it found, dies in the worker. */
static void a_symbol_that_aborts_libdmtx_counts_as_unreadable(void **state)
{
    (void)state;
    static const uint8_t head[] = { 230, 10, 243, 244, 60 };
    uint32_t before = decode_lost(decode);
    uint8_t words[SYMBOLOGY_WORDS_MAX];
    struct picture picture;

    write_words(head, sizeof head, words);
    assert_int_equal(decode_words(decode, &layout, words, &text), DECODE_NOTHING);
    assert_int_equal(decode_lost(decode), before);
    draw(words, &picture);
    assert_int_equal(decode_search(decode, &picture, PLACES, 1000, &text), DECODE_LOST);
    assert_int_equal(decode_lost(decode), before + 1);
    expect_a_good_answer();
}

/* Latches to C40 and Text with whatever follows. */
static void hostile_symbols_never_stop_the_reading(void **state)
{
    (void)state;
    struct rw_random random = rw_random_seeded(7);
    uint8_t words[SYMBOLOGY_WORDS_MAX];

    for (int i = 0; i < HOSTILE; i++) {
        uint8_t head[18];
        for (size_t k = 0; k < sizeof head; k++)
            head[k] = (uint8_t)rw_random_below(&random, 256);
        head[0] = i % 2 == 0 ? 230 : 239;
        write_words(head, sizeof head, words);
        (void)decode_words(decode, &layout, words, &text); /* whatever it says, nothing dies */
    }
    expect_a_good_answer();
}

static void a_search_finds_a_drawn_symbol_where_it_may_look(void **state)
{
    (void)state;
    static const uint8_t head[] = { 232, 130 + 91, 130 + 12, 'A' + 1 };
    uint8_t words[SYMBOLOGY_WORDS_MAX];
    struct picture picture;

    write_words(head, sizeof head, words);
    draw(words, &picture);
    assert_int_equal(decode_search(decode, &picture, 0, 1000, &text), DECODE_NOTHING);
    assert_int_equal(decode_search(decode, &picture, PLACES, 1000, &text), DECODE_TEXT);
    assert_true(text.message.gs1);
    assert_memory_equal(text.message.bytes, "9112A", 5);
    assert_int_equal(text.size, symbology_find(18, 18));
    assert_true(text.quad.corner[0].x > 32 && text.quad.corner[0].x < 40);
    assert_true(text.quad.corner[0].y > 140 && text.quad.corner[0].y < 148);
}

/* Light everywhere; then lines that cross, which the search takes for the edge of a symbol. */
static void a_search_of_what_is_no_symbol_finds_nothing(void **state)
{
    (void)state;
    struct picture picture;
    assert_true(picture_make(arena, 180, 180, &picture, NULL));
    for (int crossed = 0; crossed < 2; crossed++) {
        for (int i = 0; i < 180 * 180; i++) {
            bool dark = crossed && (i / 180 / 6 == 20 || i % 180 / 6 == 8);
            picture.pixels[i / 180 * picture.stride + i % 180] = dark ? 20 : 230;
        }
        assert_int_equal(decode_search(decode, &picture, PLACES, 200, &text), DECODE_NOTHING);
    }
}

static void a_crop_beyond_the_ceiling_or_empty_is_not_searched(void **state)
{
    (void)state;
    uint32_t lost = decode_lost(decode);
    static uint8_t pixel;
    const struct picture crops[] = {
        { .pixels = &pixel, .width = DECODE_PIXELS_MAX, .height = 2, .stride = 0 },
        { .pixels = &pixel, .width = 0, .height = 1, .stride = 0 },
        { .pixels = &pixel, .width = 1, .height = 0, .stride = 0 },
    };
    for (size_t i = 0; i < RW_COUNT(crops); i++)
        assert_int_equal(decode_search(decode, &crops[i], PLACES, 1000, &text), DECODE_NOTHING);
    assert_int_equal(decode_lost(decode), lost);
}

static void a_worker_that_is_interrupted_reads_on(void **state)
{
    (void)state;
    uint32_t lost = decode_lost(decode);
    expect_a_good_answer();
    interrupt_send(decode_worker(decode));
    expect_a_good_answer();
    assert_int_equal(decode_lost(decode), lost);
}

static void without_descriptors_no_worker_is_opened(void **state)
{
    (void)state;
    struct rlimit before;
    struct rw_error err = { 0 };
    struct decode *second = NULL;

    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    const struct rlimit none = { 3, before.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    bool opened = decode_open(arena, &second, &err);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_false(opened);
    assert_null(second);
    assert_int_equal(err.code, RW_UNAVAILABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_leading_fnc1_is_told_and_left_out),
        cmocka_unit_test(an_fnc1_inside_is_kept_as_separator),
        cmocka_unit_test(libdmtx_is_not_asked_where_it_would_guess),
        cmocka_unit_test(a_long_rectangle_is_read_without_libdmtx),
        cmocka_unit_test(a_worker_that_was_killed_is_replaced),
        cmocka_unit_test(a_worker_that_hangs_is_ended_and_replaced),
        cmocka_unit_test(a_symbol_that_aborts_libdmtx_counts_as_unreadable),
        cmocka_unit_test(hostile_symbols_never_stop_the_reading),
        cmocka_unit_test(a_search_finds_a_drawn_symbol_where_it_may_look),
        cmocka_unit_test(a_search_of_what_is_no_symbol_finds_nothing),
        cmocka_unit_test(a_crop_beyond_the_ceiling_or_empty_is_not_searched),
        cmocka_unit_test(a_worker_that_is_interrupted_reads_on),
        cmocka_unit_test(without_descriptors_no_worker_is_opened),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
