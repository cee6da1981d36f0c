/* SPDX-License-Identifier: Apache-2.0 */
/* A film profile is read whole or refused at its fault. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/json/media_json.h"

static const char good[] =
    "{\"format\":\"rolwacht/media/1\",\"name\":\"narrow\",\"width_um\":60000,\"height_um\":55000,"
    "\"margin_um\":2500,\"module_dots\":4,\"pieces_max\":8,\"lines_max\":4,\"bags_max\":80,"
    "\"leader_bags\":1,\"trailer_bags\":1,\"unverified\":false}";

static struct rw_arena *arena;

static int open_arena(void **state)
{
    (void)state;
    arena = rw_arena_open(RW_ARENA_MIB);
    return arena == NULL;
}

static int close_arena(void **state)
{
    (void)state;
    rw_arena_close(arena);
    return 0;
}

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
        cmocka_unit_test(a_fault_is_named_at_its_place),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
