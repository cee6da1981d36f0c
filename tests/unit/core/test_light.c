/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that grey is turned into the reflectance it came from. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/json/light_json.h"
#include "tests/support/fixture.h"

#define WIDTH 1000
#define HEIGHT 800
#define SPOTS 4

static const float places[SPOTS][2] = { { 100, 100 }, { 900, 120 }, { 150, 700 }, { 880, 690 } };

/* Film of 200 grey levels at the middle, 40 more from left to right, 20 fewer from top to bottom;
 * black is a quarter of it everywhere. */
static struct light_spot spot_at(float x, float y)
{
    float film = 200 + 40 * (x / WIDTH - 0.5F) - 20 * (y / HEIGHT - 0.5F);
    return (struct light_spot){ x, y, film, film / 4 };
}

static struct light frame(void)
{
    return (struct light){ .frame_width = WIDTH,
                           .frame_height = HEIGHT,
                           .film_reflectance_milli = 800,
                           .black_reflectance_milli = 50 };
}

static struct light measured(void)
{
    struct light light = frame();
    struct light_spot spots[SPOTS];
    struct rw_error err = { 0 };
    for (int i = 0; i < SPOTS; i++)
        spots[i] = spot_at(places[i][0], places[i][1]);
    assert_true(light_fit(&light, spots, SPOTS, &err));
    return light;
}

static void a_slope_of_light_is_found(void **state)
{
    (void)state;
    struct light light = measured();
    assert_in_range(light.film_grey_milli, 199990, 200010);
    assert_in_range(light.film_across_milli, 39980, 40020);
    assert_in_range(-light.film_down_milli, 19980, 20020);
    assert_in_range(light.black_grey_milli, 49990, 50010);
}

static void film_and_black_are_what_the_instrument_said_everywhere(void **state)
{
    (void)state;
    struct light light = measured();
    for (float x = 50; x < WIDTH; x += 300)
        for (float y = 50; y < HEIGHT; y += 300) {
            struct light_spot spot = spot_at(x, y);
            assert_true(fabsf(light_reflectance(&light, x, y, spot.film) - 0.8F) < 0.001F);
            assert_true(fabsf(light_reflectance(&light, x, y, spot.black) - 0.05F) < 0.001F);
        }
    /* Half way between 50 and 200 at the middle: half way between 5 and 80 percent. */
    float middle = light_reflectance(&light, WIDTH / 2.0F, HEIGHT / 2.0F, 125);
    assert_true(fabsf(middle - 0.425F) < 0.001F);
}

static void refused(struct light light, const struct light_spot *spots, size_t count)
{
    struct rw_error err = { 0 };
    assert_false(light_fit(&light, spots, count, &err));
    assert_int_equal(err.code, RW_INVALID);
}

static void what_says_nothing_of_the_light_is_refused(void **state)
{
    (void)state;
    struct light_spot spots[SPOTS];
    struct light light = frame();
    for (int i = 0; i < SPOTS; i++)
        spots[i] = spot_at(places[i][0], places[i][1]);
    refused(light, spots, 2);
    for (int i = 0; i < SPOTS; i++)
        spots[i] = spot_at(100.0F + 200 * (float)i, 400);
    refused(light, spots, SPOTS); /* in a line */
    for (int i = 0; i < SPOTS; i++) {
        spots[i] = spot_at(places[i][0], places[i][1]);
        spots[i].black = spots[i].film - 10;
    }
    refused(light, spots, SPOTS); /* black is no black */
    for (int i = 0; i < SPOTS; i++) {
        spots[i] = spot_at(places[i][0], places[i][1]);
        spots[i].film += 400 * (places[i][0] / WIDTH - 0.5F);
    }
    refused(light, spots, SPOTS); /* the left edge lies in the dark */
    light.film_reflectance_milli = 100;
    refused(light, spots, SPOTS);
}

static void it_is_read_as_it_was_written(void **state)
{
    struct light light = measured();
    struct light read;
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    assert_true(light_json_write(&light, *state, &bytes, &length, &err));
    assert_non_null(strstr(bytes, "{\"format\":\"rolwacht/light/1\",\"frame_width\":1000,"));
    assert_true(light_json_read(bytes, length, *state, &read, &err));
    assert_memory_equal(&read, &light, sizeof read);
}

static void a_file_that_is_none_is_refused_with_its_place(void **state)
{
    static const char strange[] = "{\"format\":\"rolwacht/light/1\",\"frame_width\":0}";
    static const char impossible[] =
        "{\"format\":\"rolwacht/light/1\",\"frame_width\":10,\"frame_height\":10,"
        "\"film_grey_milli\":200000,\"film_across_milli\":0,\"film_down_milli\":0,"
        "\"black_grey_milli\":40000,\"film_reflectance_milli\":50,\"black_reflectance_milli\":60}";
    struct light light;
    struct rw_error err = { 0 };
    assert_false(light_json_read(strange, strlen(strange), *state, &light, &err));
    assert_string_equal(err.at, "/frame_width");
    err = (struct rw_error){ 0 };
    assert_false(light_json_read(impossible, strlen(impossible), *state, &light, &err));
    assert_string_equal(err.at, "/film_reflectance_milli");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slope_of_light_is_found),
        cmocka_unit_test(film_and_black_are_what_the_instrument_said_everywhere),
        cmocka_unit_test(what_says_nothing_of_the_light_is_refused),
        cmocka_unit_test_setup_teardown(it_is_read_as_it_was_written, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_file_that_is_none_is_refused_with_its_place, fixture_open,
                                        fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
