/* SPDX-License-Identifier: Apache-2.0 */
/* Proves placement and error correction of every symbol size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/random.h"
#include "labels/symbol.h"
#include "verifier/codewords.h"
#include "verifier/reed_solomon.h"

#define MODULES (SYMBOLOGY_SIDE_MAX * SYMBOLOGY_SIDE_MAX)

static struct rw_arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = rw_arena_open(16 * RW_ARENA_MIB);
    return arena == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    rw_arena_close(arena);
    return 0;
}

static void fill(const struct symbology *size, struct rw_random *random, uint8_t *words)
{
    for (int i = 0; i < size->data_words; i++)
        words[i] = (uint8_t)rw_random_below(random, 256);
    codewords_protect(size, words);
}

static void every_size_reads_back_what_was_drawn(void **state)
{
    (void)state;
    struct rw_random random = rw_random_seeded(1);
    static uint8_t dark[MODULES];
    static struct codewords found;

    for (int i = 0; i < SYMBOLOGY_COUNT; i++) {
        const struct symbology *size = symbology_get(i);
        uint8_t words[SYMBOLOGY_WORDS_MAX] = { 0 };
        struct codewords_layout layout;
        assert_true(codewords_lay_out(size, arena, &layout, NULL));
        fill(size, &random, words);
        codewords_draw(&layout, words, dark);
        assert_true(codewords_read(&layout, dark, &found));
        assert_int_equal(found.errors, 0);
        assert_int_equal(found.unused, size->check_words / size->blocks);
        assert_memory_equal(found.words, words, (size_t)(size->data_words + size->check_words));
    }
}

/* Some draw the check words of 144x144 from the block on that is next after the data. */
static void a_symbol_of_144_modules_is_read_in_both_orders_of_its_blocks(void **state)
{
    (void)state;
    struct rw_random random = rw_random_seeded(7);
    static uint8_t dark[MODULES];
    static struct codewords found;
    const struct symbology *size = symbology_get(symbology_find(144, 144));
    uint8_t words[SYMBOLOGY_WORDS_MAX] = { 0 };
    uint8_t other[SYMBOLOGY_WORDS_MAX];
    struct codewords_layout layout;

    assert_true(codewords_lay_out(size, arena, &layout, NULL));
    fill(size, &random, words);
    memcpy(other, words, sizeof other);
    for (int i = 0; i < size->check_words; i++) /* word 1558 belongs to block 8 of ten */
        other[size->data_words + i] = words[size->data_words + i / 10 * 10 + (i + 8) % 10];
    codewords_draw(&layout, other, dark);
    assert_true(codewords_read(&layout, dark, &found));
    assert_int_equal(found.errors, 0);
    assert_memory_equal(found.words, words, (size_t)(size->data_words + size->check_words));
}

static void as_many_errors_as_promised_are_mended_and_counted(void **state)
{
    (void)state;
    struct rw_random random = rw_random_seeded(2);
    uint8_t block[50];

    for (int errors = 0; errors <= 10; errors++) {
        uint8_t truth[50];
        for (int i = 0; i < 30; i++)
            truth[i] = (uint8_t)rw_random_below(&random, 256);
        reed_solomon_protect(truth, 50, 20);
        memcpy(block, truth, sizeof block);
        for (int i = 0; i < errors; i++)
            block[i * 5] ^= (uint8_t)(1 + rw_random_below(&random, 255));
        assert_int_equal(reed_solomon_mend(block, 50, 20), errors);
        assert_memory_equal(block, truth, sizeof block);
    }
}

static void too_many_errors_are_refused_and_change_nothing(void **state)
{
    (void)state;
    struct rw_random random = rw_random_seeded(3);
    int refused = 0;

    for (int round = 0; round < 200; round++) {
        uint8_t block[50];
        uint8_t before[50];
        for (int i = 0; i < 50; i++)
            block[i] = (uint8_t)rw_random_below(&random, 256);
        memcpy(before, block, sizeof before);
        if (reed_solomon_mend(block, 50, 20) >= 0)
            continue;
        refused++;
        assert_memory_equal(block, before, sizeof before);
    }
    assert_int_equal(refused, 200); /* a chance hit is one in millions */
}

static void what_zint_draws_is_read_without_an_error(void **state)
{
    (void)state;
    static const char code[] = "(91)1240000171001261122080029406011846039502457";
    struct symbol symbol;
    struct codewords_layout layout;
    static struct codewords found;
    static uint8_t dark[MODULES];

    assert_true(symbol_encode(code, &symbol, NULL));
    int size = symbology_find(symbol.side, symbol.side);
    assert_true(codewords_lay_out(symbology_get(size), arena, &layout, NULL));
    for (int i = 0; i < symbol.side * symbol.side; i++)
        dark[i] = symbol.dark[i / symbol.side][i % symbol.side];
    assert_true(codewords_read(&layout, dark, &found));
    assert_int_equal(found.errors, 0);
    assert_int_equal(found.words[0], 232); /* FNC1 */

    static uint8_t drawn[MODULES];
    codewords_draw(&layout, found.words, drawn);
    assert_memory_equal(drawn, dark, (size_t)(symbol.side * symbol.side));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_reads_back_what_was_drawn),
        cmocka_unit_test(a_symbol_of_144_modules_is_read_in_both_orders_of_its_blocks),
        cmocka_unit_test(as_many_errors_as_promised_are_mended_and_counted),
        cmocka_unit_test(too_many_errors_are_refused_and_change_nothing),
        cmocka_unit_test(what_zint_draws_is_read_without_an_error),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
