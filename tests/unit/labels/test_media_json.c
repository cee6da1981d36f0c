/* SPDX-License-Identifier: Apache-2.0 */
/* A film profile is read whole or refused at its fault. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/file.h"
#include "core/json/media_json.h"
#include "tests/support/fixture.h"

static const char good[] =
    "{\"format\":\"rolwacht/media/1\",\"name\":\"narrow\",\"width_um\":60000,\"height_um\":55000,"
    "\"margin_um\":2500,\"module_dots\":4,\"pieces_max\":8,\"lines_max\":4,\"bags_max\":80,"
    "\"leader_bags\":1,\"trailer_bags\":1,\"unverified\":false}";

static void a_profile_is_read(void **state)
{
    (void)state;
    struct media *media = NULL;
    struct rw_error err = { 0 };
    assert_true(media_json_read(good, strlen(good), arena, &media, &err));
    assert_string_equal(media->name, "narrow");
    assert_int_equal(media->width_um, 60000);
    assert_int_equal(media->height_um, 55000);
    assert_int_equal(media->margin_um, 2500);
    assert_int_equal(media->module_dots, 4);
    assert_int_equal(media->pieces_max, 8);
    assert_int_equal(media->lines_max, 4);
    assert_int_equal(media->bags_max, 80);
    assert_false(media->unverified);
}

/* The good profile with one text in place of another. */
static void assert_refused(const char *old, const char *new, const char *at)
{
    char text[1024];
    const char *found = strstr(good, old);
    struct media *media = NULL;
    struct rw_error err = { 0 };
    assert_non_null(found);
    size_t before = (size_t)(found - good);
    memcpy(text, good, before);
    memcpy(text + before, new, strlen(new));
    memcpy(text + before + strlen(new), found + strlen(old), strlen(found + strlen(old)) + 1);
    assert_false(media_json_read(text, strlen(text), arena, &media, &err));
    assert_int_equal(err.code, RW_INVALID);
    assert_string_equal(err.at, at);
    assert_null(media);
}

/* The files in samples/media are the built-in profiles, to be changed by whoever measured. */
static void a_sample_is_the_profile_that_is_built_in(void **state)
{
    (void)state;
    for (size_t i = 0; i < media_count(); i++) {
        const struct media *built_in = media_at(i);
        struct rw_error err = { 0 };
        struct media *media = NULL;
        char *bytes;
        size_t length;
        const char *path = rw_arena_format(arena, &err, "%s/samples/media/%s.json",
                                           getenv("ROLWACHT_ROOT"), built_in->name);
        assert_true(rw_file_read(path, MEDIA_JSON_BYTES_MAX, arena, &bytes, &length, &err));
        assert_true(media_json_read(bytes, length, arena, &media, &err));
        assert_string_equal(media->name, built_in->name);
        assert_int_equal(media->width_um, built_in->width_um);
        assert_int_equal(media->height_um, built_in->height_um);
        assert_int_equal(media->margin_um, built_in->margin_um);
        assert_int_equal(media->module_dots, built_in->module_dots);
        assert_int_equal(media->pieces_max, built_in->pieces_max);
        assert_int_equal(media->volume_max_ul, built_in->volume_max_ul);
        assert_int_equal(media->lines_max, built_in->lines_max);
        assert_int_equal(media->bags_max, built_in->bags_max);
        assert_int_equal(media->unverified, built_in->unverified);
    }
}

static void assumptions_are_named_one_by_one(void **state)
{
    (void)state;
    char text[1024];
    struct media *media = NULL;
    struct rw_error err = { 0 };
    const char *end = strstr(good, "\"unverified\"");
    (void)snprintf(text, sizeof text, "%.*s\"unverified\":[\"bags_max\",\"width_um\"]}",
                   (int)(end - good), good);
    assert_true(media_json_read(text, strlen(text), arena, &media, &err));
    assert_int_equal(media->unverified, 1u << MEDIA_BAGS | 1u << MEDIA_WIDTH);
    assert_refused("\"unverified\":false", "\"unverified\":[\"length\"]", "/unverified/0");
    assert_refused("\"unverified\":false", "\"unverified\":7", "/unverified");
}

static void each_edge_may_have_a_margin_of_its_own(void **state)
{
    (void)state;
    char text[1024];
    struct media *media = NULL;
    struct rw_error err = { 0 };
    const char *end = strstr(good, "\"unverified\"");
    (void)snprintf(text, sizeof text,
                   "%.*s\"margin_left_um\":3000,\"margin_bottom_um\":4000,"
                   "\"symbol_right_um\":9000,\"unverified\":false}",
                   (int)(end - good), good);
    assert_true(media_json_read(text, strlen(text), arena, &media, &err));
    assert_int_equal(media_edge_um(media, MEDIA_LEFT), 3000);
    assert_int_equal(media_edge_um(media, MEDIA_RIGHT), 2500);
    assert_int_equal(media_edge_um(media, MEDIA_TOP), 2500);
    assert_int_equal(media_edge_um(media, MEDIA_BOTTOM), 4000);
    assert_int_equal(media->symbol_right_um, 9000);
    assert_int_equal(media->symbol_bottom_um, 0);
    assert_refused("\"unverified\":false", "\"margin_top_um\":100", "/margin_top_um");
}

static void a_profile_may_say_how_long_it_counts(void **state)
{
    (void)state;
    char text[1024];
    struct media *media = NULL;
    struct rw_error err = { 0 };
    const char *end = strstr(good, "\"unverified\"");
    (void)snprintf(text, sizeof text, "%.*s\"until\":\"2027-01-31\"}", (int)(end - good), good);
    assert_true(media_json_read(text, strlen(text), arena, &media, &err));
    assert_int_equal(media->until, 20849);
    assert_refused("\"unverified\":false", "\"until\":\"next year\"", "/until");
    assert_refused("\"unverified\":false", "\"until\":20849", "/until");
}

static void a_fault_is_named_at_its_place(void **state)
{
    (void)state;
    assert_refused("rolwacht/media/1", "rolwacht/media/2", "/format");
    assert_refused("60000", "600", "/width_um");
    assert_refused("\"height_um\":55000", "\"height_um\":\"x\"", "/height_um");
    assert_refused("\"margin_um\":2500", "\"margin_um\":0", "/margin_um");
    assert_refused("\"leader_bags\":1", "\"leader_bags\":0", "/leader_bags");
    assert_refused("\"name\":\"narrow\"", "\"name\":\"\"", "/name");
    assert_refused("\"unverified\":false", "\"unverfied\":false", "/unverfied");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_profile_is_read),
        cmocka_unit_test(a_sample_is_the_profile_that_is_built_in),
        cmocka_unit_test(assumptions_are_named_one_by_one),
        cmocka_unit_test(each_edge_may_have_a_margin_of_its_own),
        cmocka_unit_test(a_profile_may_say_how_long_it_counts),
        cmocka_unit_test(a_fault_is_named_at_its_place),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
