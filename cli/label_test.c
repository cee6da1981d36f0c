/* SPDX-License-Identifier: Apache-2.0 */
/* rolwacht label --test-roll: what certifies a film and a printer. */
#include "cli/label_test.h"

#include <stdio.h>

#include "core/base/text.h"
#include "labels/png.h"
#include "labels/test_roll.h"

#define MEMORY_MAX (256 * RW_ARENA_MIB)
#define PAGE_MEMORY_MAX (64 * RW_ARENA_MIB)
#define PAGE_FILE_NAME_MAX 32
#define JOB_NAME "test-roll"

static bool write_page(const struct label_output *output, const struct test_roll *roll,
                       size_t index, struct rw_arena *arena, struct rw_error *err)
{
    struct picture picture;
    const char *bytes = NULL;
    size_t length = 0;
    char name[PAGE_FILE_NAME_MAX];
    (void)snprintf(name, sizeof name, "page-%03zu.png", index + 1);
    return test_roll_draw(roll, index, arena, &picture, err) &&
           png_write(&picture, PNG_BITS, arena, &bytes, &length, err) &&
           label_output_add_file(output, name, bytes, length, err);
}

static bool write_pages(const struct label_output *output, const struct test_roll *roll,
                        struct rw_error *err)
{
    size_t count = 0;
    if (!test_roll_count(roll, &count, err) || !label_output_make_folder(output, err))
        return false;
    struct rw_arena *arena = rw_arena_open(PAGE_MEMORY_MAX);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a page");
    bool done = true;
    for (size_t i = 0; done && i < count; i++) {
        rw_arena_reset(arena);
        done = write_page(output, roll, i, arena, err);
    }
    rw_arena_close(arena);
    return done;
}

static bool write_roll(const struct label_output *output, const struct test_roll *roll,
                       struct rw_arena *arena, struct rw_error *err)
{
    const char *bytes = NULL;
    size_t length = 0;
    if (rw_text_equal(output->as, "png"))
        return write_pages(output, roll, err);
    bool made = rw_text_equal(output->as, "pdf")
                    ? test_roll_write_pdf(roll, arena, &bytes, &length, err)
                    : test_roll_write_zpl(roll, arena, &bytes, &length, err);
    return made && label_output_send(output, JOB_NAME, bytes, length, err);
}

static bool run(const struct label_output *output, const char *film, struct test_roll *roll,
                struct rw_arena *arena, struct rw_error *err)
{
    struct media *media = NULL;
    roll->media = media_find(film);
    if (roll->media == NULL) {
        if (!label_output_read_media(film, arena, &media, err))
            return false;
        roll->media = media;
    }
    if (!canvas_open(&roll->canvas, err))
        return false;
    bool done = write_roll(output, roll, arena, err);
    canvas_close(roll->canvas);
    return done;
}

bool label_test_run(const struct label_output *output, const char *film, int32_t dpi,
                    struct rw_error *err)
{
    if (!rw_text_equal(output->as, "pdf") && !rw_text_equal(output->as, "png") &&
        !rw_text_equal(output->as, "zpl"))
        return rw_error_set(err, RW_USAGE, "", "a test roll is --as pdf, png or zpl");
    if (!media_is_dpi(dpi))
        return rw_error_set(err, RW_USAGE, "", "--dpi is 203, 300 or 600");
    struct rw_arena *arena = rw_arena_open(MEMORY_MAX);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory");
    struct test_roll roll = { .dpi = dpi };
    bool done = run(output, film, &roll, arena, err);
    rw_arena_close(arena);
    return done;
}
