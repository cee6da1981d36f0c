/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that a strip is followed through stops, ways back and gaps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/random.h"
#include "core/model/picture.h"
#include "verifier/film.h"
#include "verifier/vision.h"

#define WIDTH 100
#define HEIGHT 140 /* of a frame: a bag and a half */
#define PITCH 92   /* pixels from bag to bag */
#define STRIP (PITCH * 12)
#define WORD_MAX 64

static struct rw_arena *arena;
static uint8_t strip[STRIP][WIDTH];

/* A strip with a ground of its own everywhere, as print and tablets make it. */
static void lay_ground(void)
{
    struct rw_random random = rw_random_seeded(5);
    for (int y = 0; y < STRIP; y += 4)
        for (int x = 0; x < WIDTH; x += 4) {
            uint8_t grey = (uint8_t)(rw_random_below(&random, 3) * 100 + 20);
            for (int i = 0; i < 16; i++)
                strip[y + i / 4][x + i % 4] = grey;
        }
}

static int set_up(void **state)
{
    (void)state;
    arena = rw_arena_open(256 * RW_ARENA_MIB);
    lay_ground();
    return arena == NULL || !vision_start(NULL);
}

static int tear_down(void **state)
{
    (void)state;
    rw_arena_close(arena);
    return 0;
}

/* Shows the frame whose first row is `top`; bags[i] is the id of the i-th bag, its symbol in the
 * middle of it. A top of -1 is a frame of something else. */
static void show(struct film *film, int top, const int32_t *bags, size_t bag_count)
{
    const struct relief_strip view = { { 0, 1 }, PITCH, PITCH / 2.0F };
    struct film_sighting sightings[4];
    struct picture frame;
    size_t count = 0;

    assert_true(picture_make(arena, WIDTH, HEIGHT, &frame, NULL));
    for (int y = 0; top >= 0 && y < HEIGHT; y++)
        memcpy(frame.pixels + (ptrdiff_t)y * frame.stride, strip[top + y], WIDTH);
    for (int y = 0; top < 0 && y < HEIGHT; y++)
        memset(frame.pixels + (ptrdiff_t)y * frame.stride, y % 7 * 30, WIDTH);
    for (size_t i = 0; top >= 0 && i < bag_count; i++) {
        int middle = (int)i * PITCH + PITCH / 2 - top;
        if (middle >= 10 && middle < HEIGHT - 10 && bags[i] != SEQUENCE_UNREADABLE)
            sightings[count++] = (struct film_sighting){ bags[i], (float)middle };
    }
    assert_true(film_step(film, &frame, &view, sightings, count, arena, NULL));
}

/* The row as a word: digits are bags, S strangers, U what cannot be read. */
static void assert_row(const struct film *film, const char *expected)
{
    struct film_row row;
    char word[WORD_MAX] = "";
    assert_true(film_row(film, arena, &row, NULL));
    for (size_t i = 0; i < row.count; i++) {
        int32_t id = row.sightings[i].bag;
        word[i] = id == SEQUENCE_UNREADABLE ? 'U'
                  : id == SEQUENCE_UNSEEN   ? 'X'
                  : id == SEQUENCE_PRINT    ? 'P'
                  : id < 0                  ? 'S'
                                            : (char)('0' + id);
        assert_int_equal(row.sightings[i].frame, (int32_t)i);
    }
    assert_string_equal(word, expected);
}

static const int32_t plain[] = { 0, 1, 2, 3, 4, 5 };

static void an_even_run_shows_each_bag_once(void **state)
{
    (void)state;
    struct film *film = NULL;
    assert_true(film_open(arena, &film, NULL));
    for (int top = 0; top < 5 * PITCH; top += 20)
        show(film, top, plain, 6);
    assert_row(film, "012345");
    assert_int_equal(film_breaks(film), 0);
}

static void a_strip_may_stop_and_go_back(void **state)
{
    (void)state;
    struct film *film = NULL;
    assert_true(film_open(arena, &film, NULL));
    for (int top = 0; top < 3 * PITCH; top += 30)
        show(film, top, plain, 6);
    for (int stop = 0; stop < 4; stop++)
        show(film, 3 * PITCH - 10, plain, 6);
    for (int top = 3 * PITCH - 10; top > PITCH; top -= 40)
        show(film, top, plain, 6);
    for (int top = PITCH; top < 5 * PITCH; top += 30)
        show(film, top, plain, 6);
    assert_row(film, "012345");
}

static void a_run_backwards_gives_the_row_all_the_same(void **state)
{
    (void)state;
    struct film *film = NULL;
    assert_true(film_open(arena, &film, NULL));
    for (int top = 4 * PITCH + 30; top >= 0; top -= 25)
        show(film, top, plain, 6);
    assert_row(film, "012345");
}

static void two_copies_of_a_bag_are_two_things(void **state)
{
    (void)state;
    static const int32_t doubled[] = { 0, 1, 1, 2, -16, 3 };
    struct film *film = NULL;
    assert_true(film_open(arena, &film, NULL));
    for (int top = 0; top < 5 * PITCH; top += 20)
        show(film, top, doubled, 6);
    assert_row(film, "0112S3");
}

static void room_without_a_symbol_is_a_bag_that_cannot_be_read(void **state)
{
    (void)state;
    static const int32_t scraped[] = { 0, 1, SEQUENCE_UNREADABLE, SEQUENCE_UNREADABLE, 4, 5 };
    struct film *film = NULL;
    assert_true(film_open(arena, &film, NULL));
    for (int top = 0; top < 5 * PITCH; top += 20)
        show(film, top, scraped, 6);
    assert_row(film, "01UU45");
}

static void frames_that_share_nothing_are_counted_and_end_what_is_known(void **state)
{
    (void)state;
    struct film *film = NULL;
    assert_true(film_open(arena, &film, NULL));
    for (int top = 0; top <= PITCH; top += 23)
        show(film, top, plain, 6);
    show(film, -1, plain, 6);
    for (int top = 4 * PITCH; top < 5 * PITCH; top += 23)
        show(film, top, plain, 6);
    assert_true(film_breaks(film) >= 1);
    assert_row(film, "01X45"); /* nothing is said of what lies between 1 and 4 */
}

/* All labels look alike: the first frame after a gap may well look like the last one before it. */
static void after_lost_frames_likeness_says_nothing_of_the_way(void **state)
{
    (void)state;
    static const int32_t later[] = { 3, 4, 5 };
    struct film *film = NULL;
    assert_true(film_open(arena, &film, NULL));
    for (int top = 0; top <= PITCH; top += 23)
        show(film, top, plain, 6);
    film_lose(film);
    for (int top = PITCH; top < 2 * PITCH; top += 23)
        show(film, top, later, 3);
    assert_row(film, "01X45");
    assert_int_equal(film_breaks(film), 1);
}

/* The same where nobody knows that frames were lost. */
static void two_bags_at_one_place_end_what_is_known(void **state)
{
    (void)state;
    static const int32_t later[] = { 3, 4, 5 };
    struct film *film = NULL;
    assert_true(film_open(arena, &film, NULL));
    for (int top = 0; top <= PITCH; top += 23)
        show(film, top, plain, 6);
    for (int top = PITCH; top < 2 * PITCH; top += 23)
        show(film, top, later, 3);
    assert_row(film, "01X45");
    assert_int_equal(film_breaks(film), 1);
}

/* One frame shows the first of two bags, the next the second: how far apart they are is known from
 * the pictures alone. */
static void a_way_that_pictures_alone_tell_must_fit_the_numbers(void **state)
{
    (void)state;
    static const struct {
        int32_t bags[3];
        const char *row;
    } cases[] = { { { 0, 1, 2 }, "012" },  { { 3, 2, 1 }, "321" },   { { 0, 4, 5 }, "0X45" },
                  { { 1, 1, 2 }, "1X12" }, { { 0, -16, 2 }, "0S2" }, { { -16, 1, 2 }, "S12" } };
    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        struct film *film = NULL;
        assert_true(film_open(arena, &film, NULL));
        show(film, 0, cases[i].bags, 3);
        show(film, 40, cases[i].bags, 3);
        show(film, PITCH + 30, cases[i].bags, 3);
        assert_row(film, cases[i].row);
    }
}

/* What a frame with two bags said of the numbers before is not forgotten. */
static void numbers_run_one_way(void **state)
{
    (void)state;
    static const int32_t turned[] = { 0, 1, 2, 1, 0 };
    struct film *film = NULL;
    assert_true(film_open(arena, &film, NULL));
    for (int top = 0; top <= 2 * PITCH; top += 23)
        show(film, top, turned, 5);
    show(film, 2 * PITCH + 40, turned, 5);
    assert_row(film, "012X1");
}

static void after_lost_frames_a_strip_may_go_on_backwards(void **state)
{
    (void)state;
    struct film *film = NULL;
    assert_true(film_open(arena, &film, NULL));
    for (int top = 4 * PITCH + 30; top >= 3 * PITCH + 30; top -= 23)
        show(film, top, plain, 6);
    film_lose(film);
    for (int top = PITCH; top >= 0; top -= 23)
        show(film, top, plain, 6);
    assert_row(film, "01X345");
}

static void after_lost_frames_a_bag_that_was_seen_says_where_the_strip_is(void **state)
{
    (void)state;
    struct film *film = NULL;
    assert_true(film_open(arena, &film, NULL));
    for (int top = 0; top <= 3 * PITCH; top += 23)
        show(film, top, plain, 6);
    film_lose(film);
    for (int top = 2 * PITCH; top < 5 * PITCH; top += 23)
        show(film, top, plain, 6);
    assert_row(film, "012345");
}

static void a_break_lasts_until_a_symbol_is_seen(void **state)
{
    (void)state;
    static const int32_t none[] = { SEQUENCE_UNREADABLE, SEQUENCE_UNREADABLE, SEQUENCE_UNREADABLE,
                                    SEQUENCE_UNREADABLE, SEQUENCE_UNREADABLE, SEQUENCE_UNREADABLE };
    struct film *film = NULL;
    assert_true(film_open(arena, &film, NULL));
    for (int top = 0; top <= PITCH; top += 23)
        show(film, top, plain, 6);
    film_lose(film);
    show(film, 4 * PITCH - 46, none, 6);
    show(film, 4 * PITCH - 23, none, 6);
    for (int top = 4 * PITCH; top < 5 * PITCH; top += 23)
        show(film, top, plain, 6);
    assert_row(film, "01X45");
}

/* Bags of one print each from `first` to `last`; the rest of the strip keeps its ground. */
static void print_alike(int first, int last)
{
    for (int y = (first + 1) * PITCH; y < (last + 1) * PITCH; y++)
        memcpy(strip[y], strip[first * PITCH + y % PITCH], WIDTH);
}

static void print_beyond_the_last_code_is_told(void **state)
{
    (void)state;
    static const int32_t spoiled[] = {
        SEQUENCE_UNREADABLE, 1, 2, SEQUENCE_UNREADABLE, SEQUENCE_UNREADABLE, SEQUENCE_UNREADABLE
    };
    static const char *const rows[] = { "P12P", "P12", "12" };
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        struct film *film = NULL;
        lay_ground();
        print_alike(i == 2 ? 1 : 0, i == 0 ? 3 : 2);
        assert_true(film_open(arena, &film, NULL));
        for (int top = 0; top < 5 * PITCH; top += 20)
            show(film, top, spoiled, 6);
        assert_row(film, rows[i]);
    }
    lay_ground();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_even_run_shows_each_bag_once),
        cmocka_unit_test(a_strip_may_stop_and_go_back),
        cmocka_unit_test(a_run_backwards_gives_the_row_all_the_same),
        cmocka_unit_test(two_copies_of_a_bag_are_two_things),
        cmocka_unit_test(room_without_a_symbol_is_a_bag_that_cannot_be_read),
        cmocka_unit_test(frames_that_share_nothing_are_counted_and_end_what_is_known),
        cmocka_unit_test(after_lost_frames_likeness_says_nothing_of_the_way),
        cmocka_unit_test(two_bags_at_one_place_end_what_is_known),
        cmocka_unit_test(a_way_that_pictures_alone_tell_must_fit_the_numbers),
        cmocka_unit_test(numbers_run_one_way),
        cmocka_unit_test(after_lost_frames_a_strip_may_go_on_backwards),
        cmocka_unit_test(after_lost_frames_a_bag_that_was_seen_says_where_the_strip_is),
        cmocka_unit_test(a_break_lasts_until_a_symbol_is_seen),
        cmocka_unit_test(print_beyond_the_last_code_is_told),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
