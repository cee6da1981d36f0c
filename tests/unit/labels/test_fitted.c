/* SPDX-License-Identifier: Apache-2.0 */
/* Two bags share a memory only when they differ in their day alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/model/media.h"
#include "labels/layout.h"
#include "tests/support/sample_roll.h"

static struct bag_content contents[2];
static struct roll roll;
static struct bag bag;
static struct media film;

static int make_bag(void **state)
{
    (void)state;
    contents[0] = (struct bag_content){ .name = "METFORMINE",
                                        .strength = "500 mg",
                                        .form = "tablet",
                                        .look = "wit, rond",
                                        .milli = 1000 };
    contents[1] = (struct bag_content){ .name = "LISINOPRIL", .milli = 500 };
    roll = (struct roll){ .client = { .id = "c1", .name = "Mw. Bos", .born = "1941-03-14" },
                          .pharmacy = { .id = "p", .name = "De Linde", .phone = "020 1" },
                          .media = "generic-70x60",
                          .language = "nl",
                          .dpi = 300 };
    bag = (struct bag){ .kind = BAG_DOSE,
                        .at = { .wall = { 20780, 480 }, .offset_min = 60 },
                        .moment = "morning",
                        .use_by = "2026-12-31",
                        .code = "",
                        .contents = contents,
                        .content_count = 2 };
    film = *media_find("generic-70x60");
    return 0;
}

static struct fitted_key key_now(void)
{
    struct fitted_key key;
    fitted_key_make(&roll, &bag, &film, &key);
    return key;
}

static bool is_same(const struct fitted_key *one, const struct fitted_key *two)
{
    return one->length == two->length && one->hash == two->hash &&
           memcmp(one->bytes, two->bytes, one->length) == 0;
}

static void another_day_has_the_same_key(void **state)
{
    const struct fitted_key before = key_now();
    (void)state;
    bag.at.wall.day += 3;
    bag.at.offset_min = 120;
    bag.n = 7;
    bag.of = 8;
    const struct fitted_key after = key_now();
    assert_true(before.length > 0 && is_same(&before, &after));
}

/* Changes one thing, compares the keys, and changes it back. */
#define assert_counts(place, value)                 \
    do {                                            \
        const struct fitted_key before = key_now(); \
        (place) = (value);                          \
        const struct fitted_key after = key_now();  \
        assert_false(is_same(&before, &after));     \
        (void)make_bag(NULL);                       \
    } while (0)

static void whatever_a_label_says_counts(void **state)
{
    (void)state;
    assert_counts(roll.client.name, "Mw. Bosch");
    assert_counts(roll.client.born, "1941-03-15");
    assert_counts(roll.pharmacy.name, "De Eik");
    assert_counts(roll.pharmacy.phone, "020 2");
    assert_counts(roll.media, "medido");
    assert_counts(roll.language, "en");
    assert_counts(roll.dpi, 203);
    assert_counts(film.width_um, 60000);
    assert_counts(film.height_um, 50000);
    assert_counts(film.margin_um, 100);
    assert_counts(film.module_dots, 9);
    assert_counts(bag.at.wall.minute, 481);
    assert_counts(bag.exact, true);
    assert_counts(bag.moment, NULL);
    assert_counts(bag.use_by, NULL);
    assert_counts(bag.use_by, "");
    assert_counts(bag.content_count, 1);
    assert_counts(contents[0].milli, 2000);
    assert_counts(contents[0].name, "METFORMIN");
    assert_counts(contents[1].strength, "");
    assert_counts(contents[0].form, "capsule");
    assert_counts(contents[0].look, "wit, rond, 11 mm");
    assert_counts(contents[1].warning, "niet kauwen");
}

static void what_says_too_much_is_not_remembered(void **state)
{
    char look[FITTED_KEY_MAX];
    struct layout layout = { 0 };
    const struct compose compose = { .layout = &layout };
    struct fitted *fitted = calloc(1, sizeof *fitted);
    (void)state;
    assert_non_null(fitted);
    memset(look, 'x', sizeof look - 1);
    look[sizeof look - 1] = '\0';
    contents[0].look = look;
    const struct fitted_key key = key_now();
    assert_int_equal(key.length, 0);
    fitted_keep(fitted, &key, &compose);
    assert_null(fitted_find(fitted, &key));
    free(fitted);
}

static void the_newest_are_remembered_without_their_day(void **state)
{
    struct print_field fields[] = { { .name = "time", .x_um = 1 },
                                    { .name = "weekday", .x_um = 2 },
                                    { .name = "date", .x_um = 3 },
                                    { .name = "total", .x_um = 4 } };
    struct layout_mark marks[4] = { 0 };
    struct layout layout = { .print = { .fields = fields, .field_count = 4 }, .marks = marks };
    const struct compose compose = { .layout = &layout, .day = { 10, 20, 30, 1, 3 } };
    struct fitted *fitted = calloc(1, sizeof *fitted);
    (void)state;
    assert_non_null(fitted);
    for (int32_t minute = 0; minute < FITTED_ENTRIES + 1; minute++) {
        bag.at.wall.minute = minute;
        const struct fitted_key key = key_now();
        assert_null(fitted_find(fitted, &key));
        fitted_keep(fitted, &key, &compose);
    }
    bag.at.wall.minute = 0;
    struct fitted_key key = key_now();
    assert_null(fitted_find(fitted, &key)); /* the oldest made room */
    bag.at.wall.minute = 1;
    key = key_now();
    const struct fitted_entry *entry = fitted_find(fitted, &key);
    assert_non_null(entry);
    assert_int_equal(entry->field_count, 2);
    assert_int_equal(entry->fields[0].x_um, 1);
    assert_int_equal(entry->fields[1].x_um, 4);
    assert_string_equal(entry->fields[1].name, "");
    assert_int_equal(entry->day.x_um, 10);
    free(fitted);
}

static bool ask(struct layout_desk *desk, const struct roll *of, const struct bag *asked)
{
    struct rw_error err = { 0 };
    const struct fits port = layout_fits(desk);
    bool fits;
    assert_true(port.ask(port.self, of, asked, &fits, &err));
    return fits;
}

/* How many of 24 days have room on this film; what is remembered must agree on each. */
static int32_t count_days(struct layout_desk *desk, const struct roll *of, struct bag *asked,
                          struct fitted *fitted)
{
    int32_t days = 0;
    for (int32_t i = 0; i < 24; i++) {
        asked->at.wall.day += 9;
        desk->fitted = NULL;
        const bool anew = ask(desk, of, asked);
        desk->fitted = fitted;
        assert_true(ask(desk, of, asked) == anew);
        days += anew;
    }
    return days;
}

/* On films of many widths some days of the same bag fit and others do not ("woensdag"). */
static void what_is_remembered_answers_as_if_it_were_asked_anew(void **state)
{
    struct rw_arena *arena = rw_arena_open(64 * RW_ARENA_MIB);
    struct rw_error err = { 0 };
    struct rw_random random = rw_random_seeded(4);
    const struct sample_roll_request request = {
        .seed = 3, .days = 1, .dpi = 300, .language = "nl", .profile = TAG_INTERNAL
    };
    struct roll *sample;
    struct layout_desk desk = { .media = &film };
    struct fitted *fitted = rw_arena_alloc(arena, sizeof *fitted, &err);
    enum { MANY = 12 };
    struct bag_content *many = rw_arena_array(arena, MANY, sizeof *many, &err);
    int32_t fitting = 0;
    int32_t mixed = 0;
    int32_t never = 0;
    (void)state;
    assert_true(rw_crypto_init(&err) && sample_roll_make(&request, arena, &sample, &err));
    desk.asked = rw_arena_open(LAYOUT_ASKED_MAX); /* one room for all these questions */
    assert_non_null(desk.asked);
    assert_true(canvas_open(&desk.canvas, &err) && fitted != NULL && many != NULL);
    struct bag asked = sample->bags[1];
    asked.contents = many;
    asked.code = "";
    for (film.width_um = 58000; film.width_um < 72000; film.width_um += 500) {
        asked.content_count = 1 + (size_t)film.width_um / 500 % 5;
        if (film.width_um % 4000 == 0) /* more than any day has room for */
            asked.content_count = MANY;
        for (size_t i = 0; i < asked.content_count; i++)
            many[i] = sample_roll_content(&random);
        const int32_t days = count_days(&desk, sample, &asked, fitted);
        fitting += days;
        mixed += days > 0 && days < 24;
        never += days == 0;
    }
    assert_true(fitting > 24);
    assert_true(mixed > 0);
    assert_true(never > 0);
    size_t misfits = 0;
    for (size_t i = 0; i < FITTED_ENTRIES; i++)
        misfits += fitted->entries[i].misfit;
    assert_true(misfits > 0);
    assert_int_equal(rw_arena_used(desk.asked), 0); /* each question gives its memory back */
    rw_arena_close(desk.asked);
    canvas_close(desk.canvas);
    rw_arena_close(arena);
}

/* Without a film of its own the roll's name for one tells which it is. */
static void the_film_that_a_roll_names_counts(void **state)
{
    struct fitted_key own;
    struct fitted_key other;
    (void)state;
    fitted_key_make(&roll, &bag, NULL, &own);
    const struct fitted_key with_film = key_now();
    assert_true(own.length > 0 && !is_same(&own, &with_film));
    roll.media = "medido";
    fitted_key_make(&roll, &bag, NULL, &other);
    assert_false(is_same(&own, &other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(another_day_has_the_same_key, make_bag),
        cmocka_unit_test_setup(whatever_a_label_says_counts, make_bag),
        cmocka_unit_test_setup(what_says_too_much_is_not_remembered, make_bag),
        cmocka_unit_test_setup(the_newest_are_remembered_without_their_day, make_bag),
        cmocka_unit_test_setup(what_is_remembered_answers_as_if_it_were_asked_anew, make_bag),
        cmocka_unit_test_setup(the_film_that_a_roll_names_counts, make_bag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
