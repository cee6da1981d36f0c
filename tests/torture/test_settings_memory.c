/* SPDX-License-Identifier: Apache-2.0 */
/* Settings are read with any ceiling of memory, or refused cleanly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/file.h"
#include "core/json/media_json.h"
#include "tests/torture/settings.h"

#define STEP 768

static bool read_media(const char *bytes, size_t length, struct rw_arena *arena,
                       struct rw_error *err)
{
    struct media *media;
    return media_json_read(bytes, length, arena, &media, err);
}

/* A good file is read, or there is no memory: never a fault that the file does not have. */
static void every_ceiling_ends_cleanly(void **state)
{
    static const struct {
        const char *name;
        bool (*read)(const char *bytes, size_t length, struct rw_arena *arena,
                     struct rw_error *err);
    } files[] = {
        { "samples/policy.json", settings_read_policy },
        { "samples/products.json", settings_read_products },
        { "samples/clients.json", settings_read_people },
        { "samples/overrides.json", settings_read_overrides },
        { "samples/media/medido.json", read_media },
    };
    struct rw_arena *arena = rw_arena_open(4 * RW_ARENA_MIB);
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct rw_error err = { 0 };
        char *bytes;
        size_t length;
        bool done = false;
        const char *path =
            rw_arena_format(arena, &err, "%s/%s", getenv("ROLWACHT_ROOT"), files[i].name);
        assert_true(rw_file_read(path, RW_FILE_INPUT_MAX, arena, &bytes, &length, &err));
        for (size_t ceiling = 0; !done; ceiling += STEP) {
            struct rw_arena *small = rw_arena_open(ceiling);
            struct rw_error fault = { 0 };
            done = files[i].read(bytes, length, small, &fault);
            assert_int_equal(fault.code, done ? RW_OK : RW_NO_MEMORY);
            rw_arena_close(small);
        }
    }
    rw_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_ceiling_ends_cleanly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
