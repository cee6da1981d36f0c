/* SPDX-License-Identifier: Apache-2.0 */
/* A document keeps its bounds; what is none cannot be completed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "labels/catalogue.h"
#include "labels/document.h"

static struct rw_arena *arena;
static struct canvas *canvas;

static const struct document_paper paper = {
    .title = "Fonts", .created = "2026-11-20T09:30:15Z", .width_um = 70000, .height_um = 60000
};

static int open_canvas(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    arena = rw_arena_open(64 * RW_ARENA_MIB);
    return arena == NULL || !canvas_open(&canvas, &err);
}

static int close_canvas(void **state)
{
    (void)state;
    canvas_close(canvas);
    rw_arena_close(arena);
    return 0;
}

static bool add_in_size(struct document *document, int32_t size_um, struct rw_error *err)
{
    const struct canvas_style style = { size_um, CANVAS_REGULAR };
    const int32_t origin_um[2] = { 5000, 30000 };
    struct canvas_line line;
    assert_true(canvas_set(canvas, "a", style, &line, err));
    return document_add_line(document, &line, size_um, origin_um, err);
}

static void more_sizes_than_a_document_takes_are_refused(void **state)
{
    (void)state;
    struct document *document = NULL;
    struct rw_error err = { 0 };
    const char *bytes = NULL;
    size_t length = 0;
    assert_true(document_open(canvas, &paper, arena, &document, &err));
    for (int32_t i = 0; i < DOCUMENT_FONTS_MAX; i++)
        assert_true(add_in_size(document, 2000 + i, &err));
    assert_true(add_in_size(document, 2000, &err)); /* one that it has already */
    assert_false(add_in_size(document, 1999, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    err = (struct rw_error){ 0 };
    assert_true(document_end_page(document, &err));
    assert_true(document_take(document, &bytes, &length, &err));
    assert_memory_equal(bytes, "%PDF-1.5", 8);
    document_close(document);
}

static void bytes_that_are_no_document_cannot_be_completed(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    const char *bytes = NULL;
    size_t length = 0;
    static const char torn[] = "%PDF-1.5\n1 0 obj\n<</Type/Catalog";
    assert_false(catalogue_complete(torn, strlen(torn), "nl", arena, &bytes, &length, &err));
    assert_int_equal(err.code, RW_BUG);
    assert_null(bytes);
}

static void a_document_is_not_completed_without_memory(void **state)
{
    (void)state;
    static const size_t ceilings[] = { 0, 64 }; /* the date finds none, the copy finds none */
    struct document *document = NULL;
    const char *whole = NULL;
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    assert_true(document_open(canvas, &paper, arena, &document, &err));
    assert_true(document_end_page(document, &err));
    assert_true(document_take(document, &whole, &length, &err));
    for (size_t i = 0; i < RW_COUNT(ceilings); i++) {
        struct rw_arena *small = rw_arena_open(ceilings[i]);
        size_t completed = 0;
        err = (struct rw_error){ 0 };
        assert_non_null(small);
        assert_false(catalogue_complete(whole, length, "nl", small, &bytes, &completed, &err));
        assert_int_equal(err.code, RW_NO_MEMORY);
        assert_null(bytes);
        rw_arena_close(small);
    }
    document_close(document);
}

static void a_title_that_is_no_text_is_refused(void **state)
{
    (void)state;
    struct document_paper broken = paper;
    struct document *document = NULL;
    struct rw_error err = { 0 };
    broken.title = "Rol \xFF";
    assert_false(document_open(canvas, &broken, arena, &document, &err));
    assert_non_null(strstr(err.text, "could not be written"));
    assert_null(document);
    document_close(document); /* there is none, and nothing to close */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_sizes_than_a_document_takes_are_refused),
        cmocka_unit_test(bytes_that_are_no_document_cannot_be_completed),
        cmocka_unit_test(a_document_is_not_completed_without_memory),
        cmocka_unit_test(a_title_that_is_no_text_is_refused),
    };
    return cmocka_run_group_tests(tests, open_canvas, close_canvas);
}
