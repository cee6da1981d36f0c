/* SPDX-License-Identifier: Apache-2.0 */
/* A label is whole or refused, whatever the system has no more of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "labels/expected.h"
#include "labels/orderfile.h"
#include "labels/pdf.h"
#include "labels/png.h"
#include "labels/strip.h"
#include "labels/svg.h"
#include "labels/test_roll.h"
#include "labels/zpl.h"
#include "labels/zpl_dots.h"
#include "tests/support/sample_roll.h"
#include "tests/torture/ceilings.h"

#define LEAST_BYTES 16 /* the smallest request */
#define USUAL_FONTS 8

struct _FcConfig;

/* The linker puts these in the place of the calls of our own objects; libraries keep the real ones.
 * The request of that number is refused; 0 = none. */
static size_t refused_request;
static size_t requests;
static const char *refused_font; /* words in the names of font files that are not there */

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
int __real_FcConfigAppFontAddFile(struct _FcConfig *config, const unsigned char *path);
int __wrap_FcConfigAppFontAddFile(struct _FcConfig *config, const unsigned char *path);

void *__wrap_calloc(size_t count, size_t size)
{
    return ++requests == refused_request ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return ++requests == refused_request ? NULL : __real_realloc(old, size);
}

int __wrap_FcConfigAppFontAddFile(struct _FcConfig *config, const unsigned char *path)
{
    bool refused = refused_font != NULL && strstr((const char *)path, refused_font) != NULL;
    return refused ? 0 : __real_FcConfigAppFontAddFile(config, path);
}

static struct rw_arena *arena;
static struct layout_desk desk;
static struct roll *roll;

struct bytes {
    const char *first;
    size_t length;
};

typedef bool writer(struct rw_arena *room, struct bytes *ret, struct rw_error *err);

static bool write_pdf(struct rw_arena *room, struct bytes *ret, struct rw_error *err)
{
    return pdf_write(&desk, roll, room, &ret->first, &ret->length, err);
}

static bool write_strip(struct rw_arena *room, struct bytes *ret, struct rw_error *err)
{
    return strip_write(&desk, roll, room, &ret->first, &ret->length, err);
}

static bool write_zpl(struct rw_arena *room, struct bytes *ret, struct rw_error *err)
{
    return zpl_write(&desk, roll, room, &ret->first, &ret->length, err);
}

static bool write_zpl_dots(struct rw_arena *room, struct bytes *ret, struct rw_error *err)
{
    return zpl_dots_write(&desk, roll, room, &ret->first, &ret->length, err);
}

static bool write_csv(struct rw_arena *room, struct bytes *ret, struct rw_error *err)
{
    return orderfile_write_csv(roll, room, &ret->first, &ret->length, err);
}

static bool write_header(struct rw_arena *room, struct bytes *ret, struct rw_error *err)
{
    if (!svg_write(&desk, roll, &roll->bags[0], room, &ret->first, err))
        return false;
    ret->length = strlen(ret->first);
    return true;
}

static bool write_dose(struct rw_arena *room, struct bytes *ret, struct rw_error *err)
{
    if (!svg_write(&desk, roll, &roll->bags[1], room, &ret->first, err))
        return false;
    ret->length = strlen(ret->first);
    return true;
}

/* Grey noise, which does not become smaller: its file needs more than the first room. */
static bool write_noise(struct rw_arena *room, struct bytes *ret, struct rw_error *err)
{
    struct picture noise;
    struct rw_random random = rw_random_seeded(7);
    if (!picture_make(room, 400, 400, &noise, err))
        return false;
    for (int32_t i = 0; i < 400 * 400; i++)
        noise.pixels[i] = (uint8_t)rw_random_below(&random, 256);
    return png_write(&noise, PNG_GREY, room, &ret->first, &ret->length, err);
}

static bool draw_picture(struct rw_arena *room, struct bytes *ret, struct rw_error *err)
{
    struct picture picture;
    if (!expected_draw(&desk, roll, &roll->bags[1], room, &picture, NULL, err))
        return false;
    *ret = (struct bytes){ (const char *)picture.pixels,
                           (size_t)picture.stride * (size_t)picture.height };
    return true;
}

static bool write_test_roll(struct rw_arena *room, struct bytes *ret, struct rw_error *err)
{
    const struct test_roll pages = { desk.canvas, media_find("generic-70x60"), 203 };
    return test_roll_write_zpl(&pages, room, &ret->first, &ret->length, err);
}

/* Half a tablet with a look of two lines, a name that the printer has no letters for, and another
 * medicine outside of the roll: something of all that a label says. */
static int open_all(void **state)
{
    const struct sample_roll_request request = {
        .seed = 2, .days = 1, .dpi = 203, .language = "nl", .profile = TAG_INTERNAL
    };
    struct rw_error err = { 0 };
    (void)state;
    arena = rw_arena_open(256 * RW_ARENA_MIB);
    if (arena == NULL || !rw_crypto_init(&err) || !canvas_open(&desk.canvas, &err) ||
        !sample_roll_make(&request, arena, &roll, &err))
        return 1;
    roll->client.name = "Ελένη";
    roll->bag_count = 2;
    roll->bags[1].content_count = 1;
    roll->bags[1].contents[0].milli = 1500;
    roll->bags[1].contents[0].look = "wit, langwerpig, met een breukstreep, 12 mm, opdruk MET en "
                                     "aan de andere zijde 500 in twee regels";
    roll->bags[1].use_by = "2026-12-28";
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    canvas_close(desk.canvas);
    rw_arena_close(arena);
    return 0;
}

static struct bytes write_whole(writer *write)
{
    struct bytes whole = { 0 };
    struct rw_error err = { 0 };
    if (!write(arena, &whole, &err))
        fail_msg("%s: %s", err.at, err.text);
    return whole;
}

static void assert_whole(const struct bytes *written, const struct bytes *wanted)
{
    assert_int_equal(written->length, wanted->length);
    assert_memory_equal(written->first, wanted->first, wanted->length);
}

/* With too little memory there is no label; with enough, the same one as always. */
static void every_ceiling_gives_the_whole_label_or_none(void **state)
{
    static writer *const writers[] = { write_header, write_dose, write_csv, draw_picture };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(writers); i++) {
        const struct bytes wanted = write_whole(writers[i]);
        struct ceilings ceilings = { .least = LEAST_BYTES };
        for (bool done = false; !done;) {
            struct rw_error err = { 0 };
            struct bytes written = { 0 };
            struct rw_arena *room = ceilings_open(&ceilings);
            done = writers[i](room, &written, &err);
            if (!done && err.code != RW_NO_MEMORY)
                fail_msg("at %zu bytes: %s: %s", ceilings.at, err.at, err.text);
            if (done) {
                assert_whole(&written, &wanted);
                rw_arena_close(room);
            } else {
                assert_null(written.first);
                ceilings_raise(&ceilings, room);
            }
        }
        assert_true(ceilings.refusals > 5);
    }
}

/* One request after the other is refused, until none is left that could be. */
static void each_request_that_is_refused_refuses_the_label(void **state)
{
    static writer *const writers[] = { write_pdf,      write_strip, write_zpl,
                                       write_zpl_dots, write_noise, write_test_roll };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(writers); i++) {
        const struct bytes wanted = write_whole(writers[i]);
        size_t refusals = 0;
        for (bool done = false; !done; refusals += !done) {
            struct rw_error err = { 0 };
            struct bytes written = { 0 };
            struct rw_arena *room = rw_arena_open(64 * RW_ARENA_MIB);
            assert_non_null(room);
            requests = 0;
            refused_request = refusals + 1;
            done = writers[i](room, &written, &err);
            assert_int_equal(done, requests < refused_request);
            refused_request = 0;
            if (done)
                assert_whole(&written, &wanted);
            else
                assert_int_equal(err.code, RW_NO_MEMORY);
            rw_arena_close(room);
        }
        assert_true(refusals > 3);
    }
}

static void a_question_without_memory_is_no_answer(void **state)
{
    const struct fits port = layout_fits(&desk);
    struct bag planned = roll->bags[1];
    struct rw_error err = { 0 };
    bool fits = true;
    (void)state;
    planned.code = "";
    requests = 0;
    refused_request = 1;
    assert_false(port.ask(port.self, roll, &planned, &fits, &err));
    refused_request = 0;
    assert_int_equal(err.code, RW_NO_MEMORY);
    assert_true(fits);
}

static void fonts_that_find_no_memory_are_refused(void **state)
{
    struct canvas *canvas = NULL;
    struct rw_error err = { 0 };
    (void)state;
    requests = 0;
    refused_request = 1;
    assert_false(canvas_open(&canvas, &err));
    refused_request = 0;
    assert_int_equal(err.code, RW_NO_MEMORY);
    assert_null(canvas);
}

/* A machine without the packages of fonts: the message says which to install. */
static void a_font_that_is_missing_is_named(void **state)
{
    static const char *const files[USUAL_FONTS] = { "NotoSans-Regular",       "NotoSans-Bold",
                                                    "NotoSansArabic-Regular", "NotoSansArabic-Bold",
                                                    "NotoSansHebrew-Regular", "NotoSansHebrew-Bold",
                                                    "dejavu/DejaVuSans.ttf",  "DejaVuSans-Bold" };
    (void)state;
    for (size_t i = 0; i < USUAL_FONTS; i++) {
        struct canvas *canvas = NULL;
        struct rw_error err = { 0 };
        refused_font = files[i];
        assert_false(canvas_open(&canvas, &err));
        refused_font = NULL;
        assert_int_equal(err.code, RW_UNAVAILABLE);
        assert_non_null(strstr(err.text, files[i]));
        assert_non_null(strstr(err.text, "fonts-noto-core"));
        assert_null(canvas);
    }
}

/* The font of a script is looked for when its first letter comes, and again when it was not there.
 * Without its bold face the letters are set in the regular one. */
static void a_script_without_its_font_is_refused_until_it_is_there(void **state)
{
    static const struct canvas_style bold = { 3000, CANVAS_BOLD };
    struct canvas_extent extent = { .advance_um = -1 };
    struct canvas_outline outline = { 0 };
    struct rw_error err = { 0 };
    (void)state;
    refused_font = "NotoSansGeorgian-Regular";
    assert_false(canvas_measure(desk.canvas, "ქეთევან", bold, &extent, &err));
    assert_int_equal(err.code, RW_UNAVAILABLE);
    assert_non_null(strstr(err.text, "NotoSansGeorgian-Regular"));
    assert_int_equal(extent.advance_um, -1);
    err = (struct rw_error){ 0 };
    assert_false(canvas_take_outline(desk.canvas, "ქეთევან", bold, arena, &outline, &err));
    assert_int_equal(err.code, RW_UNAVAILABLE);
    refused_font = "NotoSansGeorgian-Bold";
    err = (struct rw_error){ 0 };
    assert_true(canvas_measure(desk.canvas, "ქეთევან", bold, &extent, &err));
    assert_true(extent.advance_um > 3000);
    refused_font = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_ceiling_gives_the_whole_label_or_none),
        cmocka_unit_test(each_request_that_is_refused_refuses_the_label),
        cmocka_unit_test(a_question_without_memory_is_no_answer),
        cmocka_unit_test(fonts_that_find_no_memory_are_refused),
        cmocka_unit_test(a_font_that_is_missing_is_named),
        cmocka_unit_test(a_script_without_its_font_is_refused_until_it_is_there),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
