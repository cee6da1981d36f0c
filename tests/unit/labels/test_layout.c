/* SPDX-License-Identifier: Apache-2.0 */
/* Every field of every bag has its place, or is named as having none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/text.h"
#include "labels/layout.h"
#include "tests/support/sample_desk.h"

#define SMALLEST_SAFE_UM 2550 /* capitals of 1.8 mm */

static struct roll *make_roll(uint64_t seed, int32_t dpi, const char *language,
                              enum tag_profile profile)
{
    const struct sample_roll_request request = {
        .seed = seed, .days = 1, .dpi = dpi, .language = language, .profile = profile
    };
    return sample_desk_roll(&request);
}

static bool ask(const struct roll *roll, const struct bag *bag)
{
    struct rw_error err = { 0 };
    bool fits = false;
    struct fits port = layout_fits(&sample_desk.desk);
    bool asked = port.ask(port.self, roll, bag, &fits, &err);
    if (!asked)
        print_error("%s: %s\n", err.at, err.text);
    assert_true(asked);
    return fits;
}

static struct print_field grown(const struct print_field *field, int32_t by)
{
    return (struct print_field){ field->name,
                                 field->text,
                                 field->x_um - by,
                                 field->y_um - by,
                                 field->width_um + 2 * by,
                                 field->height_um + 2 * by };
}

static bool touch(const struct print_field *a, const struct print_field *b)
{
    return a->x_um < b->x_um + b->width_um && b->x_um < a->x_um + a->width_um &&
           a->y_um < b->y_um + b->height_um && b->y_um < a->y_um + a->height_um;
}

static void assert_sound(const struct layout *layout, const struct media *media)
{
    const struct print *print = &layout->print;
    int32_t quiet = 2 * media_um(layout->module_dots, layout->dpi);
    assert_string_equal(print->fields[print->symbol].name, "symbol");
    for (size_t i = 0; i < print->field_count; i++) {
        const struct print_field *field = &print->fields[i];
        assert_true(field->x_um >= media_edge_um(media, MEDIA_LEFT));
        assert_true(field->y_um >= media_edge_um(media, MEDIA_TOP));
        assert_true(field->x_um + field->width_um <=
                    media->width_um - media_edge_um(media, MEDIA_RIGHT));
        assert_true(field->y_um + field->height_um <=
                    media->height_um - media_edge_um(media, MEDIA_BOTTOM));
        struct print_field zone = grown(&print->fields[print->symbol], quiet);
        assert_true((int32_t)i == print->symbol || !touch(&zone, field));
        for (size_t j = 0; j < i; j++)
            assert_false(touch(&print->fields[j], field));
        bool key = rw_text_starts_with(field->name, "key-");
        assert_true(layout->marks[i].ink != LAYOUT_TEXT || key ||
                    layout->marks[i].style.size_um >= SMALLEST_SAFE_UM);
    }
}

static struct layout lay_out(const struct roll *roll, const struct bag *bag)
{
    struct layout layout = { 0 };
    struct rw_error err = { 0 };
    bool done = layout_make(&sample_desk.desk, roll, bag, sample_desk.arena, &layout, &err);
    if (!done)
        print_error("bag %d: %s: %s\n", bag->n, err.at, err.text);
    assert_true(done);
    return layout;
}

static void every_bag_of_sample_rolls_is_sound(void **state)
{
    (void)state;
    static const int32_t resolutions[] = { 203, 300, 600 };
    for (uint64_t seed = 0; seed < 24; seed++) {
        struct roll *roll = make_roll(seed, resolutions[seed % 3], seed % 2 == 0 ? "nl" : "en",
                                      seed % 4 < 2 ? TAG_INTERNAL : TAG_GS1);
        for (size_t i = 0; i < roll->bag_count; i++) {
            struct layout layout = lay_out(roll, &roll->bags[i]);
            assert_sound(&layout, media_find(roll->media));
        }
        rw_arena_reset(sample_desk.arena);
    }
}

/* The words of one content in the order of their lines. */
static void assert_text_whole(const struct layout *layout, const char *first, const char *whole)
{
    char joined[512] = "";
    size_t length = 0;
    size_t start = strlen(first);
    for (size_t i = 0; i < layout->print.field_count; i++) {
        const struct print_field *field = &layout->print.fields[i];
        if (strncmp(field->name, first, start) != 0 ||
            (field->name[start] != '\0' && field->name[start] != '.'))
            continue;
        for (const char *at = field->text; *at != '\0'; at++)
            if (*at != ' ')
                joined[length++] = *at;
    }
    joined[length] = '\0';
    size_t at = 0;
    for (const char *byte = whole; *byte != '\0'; byte++) {
        if (*byte != ' ')
            assert_int_equal(joined[at++], *byte);
    }
    assert_int_equal(at, length);
}

/* REQ-008 */
static void random_bags_are_sound_and_whole_or_refused(void **state)
{
    (void)state;
    struct rw_random random = rw_random_seeded(7);
    int refused = 0;
    for (uint64_t trial = 0; trial < 150; trial++) {
        struct roll *roll = make_roll(trial, trial % 2 == 0 ? 300 : 203, "nl", TAG_INTERNAL);
        struct bag bag = sample_desk_bag(roll, &random, 1 + rw_random_below(&random, 8));
        struct layout layout = { 0 };
        struct rw_error err = { 0 };
        if (!layout_make(&sample_desk.desk, roll, &bag, sample_desk.arena, &layout, &err)) {
            assert_int_equal(err.code, RW_INVALID);
            assert_int_equal(err.at[0], '/');
            assert_true(bag.content_count > 3);
            refused++;
        } else {
            assert_sound(&layout, media_find(roll->media));
            assert_text_whole(&layout, "look-1", bag.contents[0].look);
            assert_text_whole(&layout, "client-name", roll->client.name);
        }
        rw_arena_reset(sample_desk.arena);
    }
    assert_true(refused > 10 && refused < 120);
}

/* A question passes spacings over; the whole search for a layout tries each of them. */
static void a_question_is_answered_as_the_search_would(void **state)
{
    (void)state;
    struct rw_random random = rw_random_seeded(31);
    size_t fitting = 0;
    for (uint64_t i = 0; i < 240; i++) {
        struct roll *roll = make_roll(1 + i % 5, 300, i % 2 == 0 ? "nl" : "en", TAG_INTERNAL);
        struct bag bag = sample_desk_bag(roll, &random, 1 + i % 9);
        struct layout layout = { 0 };
        struct rw_error err = { 0 };
        bag.code = "";
        const bool found =
            layout_make(&sample_desk.desk, roll, &bag, sample_desk.arena, &layout, &err);
        assert_true(found || err.code == RW_INVALID);
        assert_true(ask(roll, &bag) == found);
        fitting += found;
    }
    assert_true(fitting > 40 && fitting < 200); /* both answers were given */
}

static void one_product_less_never_stops_a_bag_from_fitting(void **state)
{
    (void)state;
    struct rw_random random = rw_random_seeded(11);
    for (uint64_t trial = 0; trial < 40; trial++) {
        struct roll *roll = make_roll(trial, 300, "nl", TAG_INTERNAL);
        struct bag bag = sample_desk_bag(roll, &random, 9);
        bag.code = "";
        bool fitted = ask(roll, &bag);
        while (bag.content_count > 1) {
            bag.content_count--;
            bool fits = ask(roll, &bag);
            assert_true(fits || !fitted);
            fitted = fits;
        }
        assert_true(fitted);
        rw_arena_reset(sample_desk.arena);
    }
}

static void what_fits_while_planning_can_be_drawn_with_either_code(void **state)
{
    (void)state;
    struct rw_random random = rw_random_seeded(13);
    int drawn = 0;
    for (uint64_t trial = 0; trial < 80; trial++) {
        enum tag_profile profile = trial % 2 == 0 ? TAG_INTERNAL : TAG_GS1;
        struct roll *roll = make_roll(trial, 300, "nl", profile);
        struct bag bag = sample_desk_bag(roll, &random, 1 + rw_random_below(&random, 6));
        struct bag planned = bag;
        planned.code = "";
        planned.serial = "";
        planned.use_by = NULL;
        if (!ask(roll, &planned))
            continue;
        bag.part = 1;
        bag.parts = 1 + (int32_t)rw_random_below(&random, 3);
        struct layout layout = lay_out(roll, &bag);
        assert_sound(&layout, media_find(roll->media));
        assert_int_equal(layout.print.modules, profile == TAG_GS1 ? 26 : 22);
        drawn++;
        rw_arena_reset(sample_desk.arena);
    }
    assert_true(drawn > 30);
}

static void five_products_with_their_looks_fit(void **state)
{
    (void)state;
    struct roll *roll = make_roll(2, 300, "nl", TAG_INTERNAL);
    struct bag_content contents[5];
    for (size_t i = 0; i < 5; i++)
        contents[i] = (struct bag_content){ .name = "METFORMINE",
                                            .strength = "500 mg",
                                            .form = "tablet",
                                            .milli = 1000,
                                            .look = "wit, rond, 11 mm, opdruk MET en 500" };
    struct bag bag = roll->bags[1];
    roll->client.name = "Mw. A. de Vries-Ünal";
    bag.contents = contents;
    bag.content_count = 5;
    (void)lay_out(roll, &bag); /* an error would stop the test */
}

static void a_bag_without_room_names_the_field(void **state)
{
    (void)state;
    struct roll *roll = make_roll(2, 300, "nl", TAG_INTERNAL);
    struct rw_random random = rw_random_seeded(1);
    struct bag bag = sample_desk_bag(roll, &random, 12);
    struct layout layout = { .dpi = -1 };
    struct rw_error err = { 0 };
    assert_false(ask(roll, &bag));
    assert_false(layout_make(&sample_desk.desk, roll, &bag, sample_desk.arena, &layout, &err));
    assert_int_equal(err.code, RW_INVALID);
    assert_true(rw_text_starts_with(err.at, "/"));
    assert_non_null(strstr(err.text, "does not fit on the film"));
    assert_int_equal(layout.dpi, -1);
}

static void a_letter_without_glyph_names_the_field(void **state)
{
    (void)state;
    struct roll *roll = make_roll(2, 300, "nl", TAG_INTERNAL);
    struct rw_random random = rw_random_seeded(1);
    struct bag bag = sample_desk_bag(roll, &random, 2);
    bag.contents[1].look = "wit \u674E";
    struct layout layout = { 0 };
    struct rw_error err = { 0 };
    assert_false(layout_make(&sample_desk.desk, roll, &bag, sample_desk.arena, &layout, &err));
    assert_string_equal(err.at, "/look-2");
    struct fits port = layout_fits(&sample_desk.desk);
    bool fits = true;
    err = (struct rw_error){ 0 };
    assert_false(port.ask(port.self, roll, &bag, &fits, &err));
    assert_string_equal(err.at, "/look-2");
    assert_true(fits);
}

static void no_error_tells_who_the_client_is(void **state)
{
    (void)state;
    struct roll *roll = make_roll(2, 300, "nl", TAG_INTERNAL);
    roll->client.name = "Mw. \u674E Geheim";
    struct layout layout = { 0 };
    struct rw_error err = { 0 };
    assert_false(
        layout_make(&sample_desk.desk, roll, &roll->bags[1], sample_desk.arena, &layout, &err));
    assert_string_equal(err.at, "/client-name");
    assert_null(strstr(err.text, "Geheim"));
}

static void a_film_or_language_or_printer_we_do_not_know_is_refused(void **state)
{
    (void)state;
    struct layout layout = { 0 };
    struct roll *roll = make_roll(2, 300, "nl", TAG_INTERNAL);
    struct rw_error err = { 0 };
    roll->media = "unheard-of";
    assert_false(
        layout_make(&sample_desk.desk, roll, &roll->bags[1], sample_desk.arena, &layout, &err));
    assert_string_equal(err.at, "/media");
    roll = make_roll(2, 300, "de", TAG_INTERNAL);
    err = (struct rw_error){ 0 };
    assert_false(
        layout_make(&sample_desk.desk, roll, &roll->bags[1], sample_desk.arena, &layout, &err));
    assert_string_equal(err.at, "/language");
    roll = make_roll(2, 72, "nl", TAG_INTERNAL);
    err = (struct rw_error){ 0 };
    assert_false(
        layout_make(&sample_desk.desk, roll, &roll->bags[1], sample_desk.arena, &layout, &err));
    assert_string_equal(err.at, "/dpi");
}

static void another_film_is_filled_as_soundly(void **state)
{
    (void)state;
    struct media films[3];
    int drawn = 0;
    for (size_t i = 0; i < RW_COUNT(films); i++)
        films[i] = *media_find("generic-70x60");
    films[0].width_um = 90000;
    films[1].height_um = 75000;
    films[2].module_dots = 5; /* 0.42 mm */
    for (uint64_t seed = 0; seed < 12; seed++) {
        struct roll *roll = make_roll(seed, 300, "nl", seed % 2 == 0 ? TAG_INTERNAL : TAG_GS1);
        sample_desk.desk.media = &films[seed % 3];
        for (size_t i = 0; i < roll->bag_count; i++) {
            struct layout layout = { 0 };
            struct rw_error err = { 0 };
            if (!layout_make(&sample_desk.desk, roll, &roll->bags[i], sample_desk.arena, &layout,
                             &err))
                continue;
            assert_sound(&layout, sample_desk.desk.media);
            assert_int_equal(layout.print.width_um, sample_desk.desk.media->width_um);
            drawn++;
        }
        rw_arena_reset(sample_desk.arena);
    }
    sample_desk.desk.media = NULL;
    assert_true(drawn > 40);
}

static void a_film_too_small_for_a_label_is_refused(void **state)
{
    (void)state;
    struct media film = *media_find("generic-70x60");
    struct roll *roll = make_roll(2, 300, "nl", TAG_INTERNAL);
    struct layout layout = { 0 };
    struct rw_error err = { 0 };
    film.width_um = 30000;
    film.height_um = 25000;
    sample_desk.desk.media = &film;
    assert_false(
        layout_make(&sample_desk.desk, roll, &roll->bags[1], sample_desk.arena, &layout, &err));
    sample_desk.desk.media = NULL;
    assert_int_equal(err.code, RW_INVALID);
    assert_non_null(strstr(err.text, "does not fit on the film"));
}

static void a_layout_without_memory_says_so(void **state)
{
    (void)state;
    struct roll *roll = make_roll(2, 300, "nl", TAG_INTERNAL);
    bool done = false;
    for (size_t ceiling = 0; !done; ceiling += ceiling < 12000 ? 200 : 4000) {
        struct rw_arena *small = rw_arena_open(ceiling);
        struct layout layout = { 0 };
        struct rw_error err = { 0 };
        done = layout_make(&sample_desk.desk, roll, &roll->bags[1], small, &layout, &err);
        assert_true(done || err.code == RW_NO_MEMORY);
        rw_arena_close(small);
        assert_true(ceiling < RW_ARENA_MIB);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bag_of_sample_rolls_is_sound),
        cmocka_unit_test(random_bags_are_sound_and_whole_or_refused),
        cmocka_unit_test(a_question_is_answered_as_the_search_would),
        cmocka_unit_test(one_product_less_never_stops_a_bag_from_fitting),
        cmocka_unit_test(what_fits_while_planning_can_be_drawn_with_either_code),
        cmocka_unit_test(five_products_with_their_looks_fit),
        cmocka_unit_test(a_bag_without_room_names_the_field),
        cmocka_unit_test(a_letter_without_glyph_names_the_field),
        cmocka_unit_test(no_error_tells_who_the_client_is),
        cmocka_unit_test(a_film_or_language_or_printer_we_do_not_know_is_refused),
        cmocka_unit_test(another_film_is_filled_as_soundly),
        cmocka_unit_test(a_film_too_small_for_a_label_is_refused),
        cmocka_unit_test(a_layout_without_memory_says_so),
    };
    return cmocka_run_group_tests(tests, sample_desk_open, sample_desk_close);
}
