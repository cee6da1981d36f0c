/* SPDX-License-Identifier: Apache-2.0 */
/* A page of the test roll: marks and letters, placed in dots. */
#ifndef RW_LABELS_TEST_PAGE_H
#define RW_LABELS_TEST_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/model/media.h"
#include "labels/canvas.h"
#include "labels/sheet.h"
#include "labels/symbol.h"

#define TEST_PAGE_DOTS_MAX 40000 /* rectangles of one page */
#define TEST_PAGE_TEXTS_MAX 200

struct test_text {
    const char *text;
    struct canvas_style style;
    int32_t x; /* dots */
    int32_t baseline;
};

/* Its failures are sticky; `failed` says that `err` is set. All places are dots. */
struct test_page {
    struct canvas *canvas;
    const struct media *media;
    int32_t dpi;
    struct rw_arena *arena;
    struct rw_error *err;
    bool failed;
    int32_t left; /* of the print window; right and bottom are the first dot outside */
    int32_t top;
    int32_t right;
    int32_t bottom;
    struct sheet_dots *dots;
    size_t dot_count;
    size_t dot_room;
    struct test_text *texts;
    size_t text_count;
    size_t text_room;
};

/* The caller has set all up to `err`. */
void test_page_begin(struct test_page *page);
int32_t test_page_dots(const struct test_page *page, int32_t um);
/* What lies outside of the print window is an error: the film is too small for the page. */
void test_page_box(struct test_page *page, struct sheet_dots box);
/* A NULL text is one that found no memory. */
void test_page_text(struct test_page *page, struct canvas_style style, int32_t x, int32_t baseline,
                    const char *text);

/* A symbol that is turned clockwise by quarters, its upper left module at x, y. */
struct test_symbol {
    const struct symbol *symbol;
    int32_t x;
    int32_t y;
    int32_t module_dots;
    int32_t quarters;
};
/* With four brackets that stand right outside of its quiet zone. */
void test_page_symbol(struct test_page *page, const struct test_symbol *place);
#define TEST_PAGE_QUIET_MODULES 2
#define TEST_PAGE_BRACKET_MODULES 2

RW_MUST_USE bool test_page_draw(const struct test_page *page, struct sheet *sheet,
                                struct rw_error *err);

#endif
