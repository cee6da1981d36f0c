/* SPDX-License-Identifier: Apache-2.0 */
/* Symbol and key digits lie where the film says, in every resolution. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "labels/layout.h"
#include "tests/support/sample_roll.h"

#define FIGURE_UM 800 /* by which the ink of a narrow figure may end earlier */

static struct rw_arena *arena;
static struct canvas *canvas;
static const int32_t resolutions[] = { 203, 300, 600 };

static int open_canvas(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    arena = rw_arena_open(64 * RW_ARENA_MIB);
    return arena == NULL || !rw_crypto_init(&err) || !canvas_open(&canvas, &err);
}

static int close_canvas(void **state)
{
    (void)state;
    canvas_close(canvas);
    rw_arena_close(arena);
    return 0;
}

static struct roll *make_roll(int32_t dpi, enum tag_profile profile)
{
    struct roll *roll = NULL;
    struct rw_error err = { 0 };
    struct sample_roll_request request = { .seed = 3, .days = 1, .dpi = dpi, .profile = profile };
    assert_true(sample_roll_make(&request, arena, &roll, &err));
    roll->bags[1].content_count = 1;
    return roll;
}

static struct layout lay_out(const struct media *film, const struct roll *roll)
{
    struct layout layout = { 0 };
    struct rw_error err = { 0 };
    const struct layout_desk desk = { .canvas = canvas, .media = film };
    if (!layout_make(&desk, roll, &roll->bags[1], arena, &layout, &err))
        fail_msg("%d dpi: %s: %s", roll->dpi, err.at, err.text);
    return layout;
}

static const struct print_field *find(const struct layout *layout, const char *name)
{
    for (size_t i = 0; i < layout->print.field_count; i++)
        if (strcmp(layout->print.fields[i].name, name) == 0)
            return &layout->print.fields[i];
    fail_msg("there is no field %s", name);
    return NULL;
}

static int32_t right_of(const struct print_field *field)
{
    return field->x_um + field->width_um;
}

static void the_key_stands_under_the_symbol(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(resolutions); i++) {
        for (int profile = TAG_INTERNAL; profile <= TAG_GS1; profile++) {
            const struct roll *roll = make_roll(resolutions[i], (enum tag_profile)profile);
            struct layout layout = lay_out(NULL, roll);
            const struct print_field *symbol = find(&layout, "symbol");
            const struct print_field *first = find(&layout, "key-1");
            int32_t quiet_um = 2 * media_um(layout.module_dots, layout.dpi);
            int32_t dot_um = media_um(1, layout.dpi);
            assert_true(first->y_um >= symbol->y_um + symbol->height_um + quiet_um);
            assert_true(abs(first->y_um - find(&layout, "key-2")->y_um) <= dot_um);
            assert_true(find(&layout, "key-3")->y_um >= first->y_um + first->height_um);
            assert_true(abs(right_of(find(&layout, "key-2")) - right_of(symbol)) <= FIGURE_UM);
            assert_true(abs(right_of(find(&layout, "key-4")) - right_of(symbol)) <= FIGURE_UM);
            assert_memory_equal(first->text, roll->bags[1].serial, 3);
            assert_memory_equal(find(&layout, "key-4")->text, roll->bags[1].serial + 9, 3);
        }
        rw_arena_reset(arena);
    }
}

static void a_film_says_where_everything_may_lie(void **state)
{
    (void)state;
    struct media film = *media_find("generic-70x60");
    film.edges_um[MEDIA_LEFT] = 3000;
    film.edges_um[MEDIA_RIGHT] = 3200;
    film.edges_um[MEDIA_BOTTOM] = 2800;
    film.symbol_right_um = 5000;
    film.symbol_bottom_um = 3500;
    for (size_t i = 0; i < RW_COUNT(resolutions); i++) {
        struct layout layout = lay_out(&film, make_roll(resolutions[i], TAG_INTERNAL));
        const struct print_field *last = find(&layout, "key-4");
        int32_t dot_um = media_um(1, resolutions[i]);
        assert_true(abs(right_of(find(&layout, "symbol")) - 65000) <= dot_um);
        assert_true(abs(last->y_um + last->height_um - 56500) <= 2 * dot_um);
        for (size_t f = 0; f < layout.print.field_count; f++) {
            const struct print_field *field = &layout.print.fields[f];
            assert_true(field->x_um >= 3000 && field->y_um >= film.margin_um);
            assert_true(right_of(field) <= 66800);
            assert_true(field->y_um + field->height_um <= 57200);
        }
        rw_arena_reset(arena);
    }
}

/* What would lie on other ink, or off the film, is refused before anything is printed. */
static void a_place_without_room_is_refused(void **state)
{
    (void)state;
    struct media film = *media_find("generic-70x60");
    struct layout layout;
    struct rw_error err = { 0 };
    const struct layout_desk desk = { .canvas = canvas, .media = &film };
    const struct roll *roll = make_roll(300, TAG_INTERNAL);
    film.symbol_right_um = 69000;
    assert_false(layout_make(&desk, roll, &roll->bags[1], arena, &layout, &err));
    assert_int_equal(err.code, RW_INVALID);
    film.symbol_right_um = 0;
    film.symbol_bottom_um = 45000;
    err = (struct rw_error){ 0 };
    assert_false(layout_make(&desk, roll, &roll->bags[1], arena, &layout, &err));
    assert_int_equal(err.code, RW_INVALID);
    rw_arena_reset(arena);
}

static void assert_does_not_fit(const struct media *film, const struct roll *roll,
                                const char *field)
{
    struct layout layout = { .dpi = -1 };
    struct rw_error err = { 0 };
    const struct layout_desk desk = { .canvas = canvas, .media = film };
    assert_false(layout_make(&desk, roll, &roll->bags[1], arena, &layout, &err));
    assert_int_equal(err.code, RW_INVALID);
    if (field != NULL)
        assert_string_equal(err.at, field);
    assert_non_null(strstr(err.text, "does not fit on the film"));
    assert_int_equal(layout.dpi, -1);
}

/* A reader needs the white around the symbol; film that ends there has none. */
static void a_symbol_whose_white_leaves_the_film_is_refused(void **state)
{
    (void)state;
    struct media film = *media_find("generic-70x60");
    film.edges_um[MEDIA_RIGHT] = 1;
    assert_does_not_fit(&film, make_roll(300, TAG_INTERNAL), "/symbol");
    film.symbol_right_um = 2500;
    (void)lay_out(&film, make_roll(300, TAG_INTERNAL)); /* an error would stop the test */
    rw_arena_reset(arena);
}

/* Whatever the number of fields, none is ever dropped in silence. */
static void a_label_of_more_fields_than_a_print_holds_is_refused(void **state)
{
    (void)state;
    struct media film = *media_find("generic-70x60");
    struct rw_error err = { 0 };
    struct roll *roll = make_roll(300, TAG_INTERNAL);
    struct bag_content *many = rw_arena_array(arena, PRINT_FIELDS_MAX, sizeof *many, &err);
    struct bag *bag = &roll->bags[1];
    size_t most = 0;
    assert_non_null(many);
    film.height_um = 600000; /* room for all of them */
    bag->contents = many;
    for (size_t i = 0; i < PRINT_FIELDS_MAX; i++) /* two fields, the first one has a third */
        many[i] = (struct bag_content){ .name = "A", .milli = 1000 };
    for (size_t odd = 0; odd < 2; odd++) {
        many[0].form = odd == 1 ? "tablet" : NULL;
        for (bag->content_count = 30; bag->content_count < PRINT_FIELDS_MAX / 2;
             bag->content_count++) {
            const struct layout_desk desk = { .canvas = canvas, .media = &film };
            struct layout layout;
            err = (struct rw_error){ 0 };
            if (!layout_make(&desk, roll, bag, arena, &layout, &err)) {
                assert_does_not_fit(&film, roll, NULL);
                continue;
            }
            (void)find(&layout, "key-4"); /* an error would stop the test */
            (void)find(&layout, "rule-2");
            most = layout.print.field_count > most ? layout.print.field_count : most;
        }
        assert_does_not_fit(&film, roll, NULL);
    }
    assert_int_equal(most, PRINT_FIELDS_MAX);
    rw_arena_reset(arena);
}

static void a_code_without_its_serial_is_refused(void **state)
{
    (void)state;
    static const char *const serials[] = { NULL, "", "12345678901", "1234567890123" };
    struct roll *roll = make_roll(300, TAG_INTERNAL);
    const struct layout_desk desk = { .canvas = canvas };
    for (size_t i = 0; i < RW_COUNT(serials); i++) {
        struct layout layout;
        struct rw_error err = { 0 };
        roll->bags[1].serial = serials[i];
        assert_false(layout_make(&desk, roll, &roll->bags[1], arena, &layout, &err));
        assert_int_equal(err.code, RW_INVALID);
        assert_string_equal(err.at, "/serial");
    }
    rw_arena_reset(arena);
}

/* Films down to a few words wide: what is printed lies in the window, or nothing is. */
static void a_small_film_holds_a_whole_label_or_none(void **state)
{
    (void)state;
    struct media film = *media_find("generic-70x60");
    const struct layout_desk desk = { .canvas = canvas, .media = &film };
    struct roll *roll = make_roll(300, TAG_INTERNAL);
    size_t made = 0;
    for (film.width_um = 14000; film.width_um <= 70000; film.width_um += 7000) {
        for (film.height_um = 15000; film.height_um <= 60000; film.height_um += 5000) {
            struct layout layout;
            struct rw_error err = { 0 };
            if (!layout_make(&desk, roll, &roll->bags[1], arena, &layout, &err)) {
                assert_does_not_fit(&film, roll, err.at);
                continue;
            }
            made++;
            for (size_t i = 0; i < layout.print.field_count; i++) {
                const struct print_field *field = &layout.print.fields[i];
                assert_true(field->x_um >= film.margin_um && field->y_um >= film.margin_um);
                assert_true(right_of(field) <= film.width_um - film.margin_um);
                assert_true(field->y_um + field->height_um <= film.height_um - film.margin_um);
            }
        }
        rw_arena_reset(arena);
        roll = make_roll(300, TAG_INTERNAL);
    }
    assert_in_range(made, 5, 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key_stands_under_the_symbol),
        cmocka_unit_test(a_film_says_where_everything_may_lie),
        cmocka_unit_test(a_place_without_room_is_refused),
        cmocka_unit_test(a_symbol_whose_white_leaves_the_film_is_refused),
        cmocka_unit_test(a_label_of_more_fields_than_a_print_holds_is_refused),
        cmocka_unit_test(a_code_without_its_serial_is_refused),
        cmocka_unit_test(a_small_film_holds_a_whole_label_or_none),
    };
    return cmocka_run_group_tests(tests, open_canvas, close_canvas);
}
