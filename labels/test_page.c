/* SPDX-License-Identifier: Apache-2.0 */
/* Places the marks of a test page and sees that they are on the film. */
#include "labels/test_page.h"

void test_page_begin(struct test_page *page)
{
    const struct media *media = page->media;
    int32_t right_um = media->width_um - media_edge_um(media, MEDIA_RIGHT);
    int32_t bottom_um = media->height_um - media_edge_um(media, MEDIA_BOTTOM);
    /* A dot inside, since each is rounded. */
    page->left = media_dots(media_edge_um(media, MEDIA_LEFT), page->dpi) + 1;
    page->top = media_dots(media_edge_um(media, MEDIA_TOP), page->dpi) + 1;
    page->right = media_dots(right_um, page->dpi) - 1;
    page->bottom = media_dots(bottom_um, page->dpi) - 1;
}

int32_t test_page_dots(const struct test_page *page, int32_t um)
{
    return media_dots(um, page->dpi);
}

static bool is_inside(const struct test_page *page, const struct sheet_dots *box)
{
    return box->x >= page->left && box->y >= page->top && box->x + box->width <= page->right &&
           box->y + box->height <= page->bottom;
}

static void refuse(struct test_page *page)
{
    page->failed = true;
    (void)rw_error_set(page->err, RW_INVALID, "/media",
                       "the film \"%s\" is too small for the test roll", page->media->name);
}

void test_page_box(struct test_page *page, struct sheet_dots box)
{
    if (page->failed)
        return;
    if (!is_inside(page, &box)) {
        refuse(page);
        return;
    }
    page->failed = !rw_arena_grow(page->arena, &page->dots, &page->dot_room, page->dot_count,
                                  sizeof *page->dots, TEST_PAGE_DOTS_MAX, page->err);
    if (!page->failed)
        page->dots[page->dot_count++] = box;
}

void test_page_text(struct test_page *page, struct canvas_style style, int32_t x, int32_t baseline,
                    const char *text)
{
    struct canvas_extent extent;
    page->failed = page->failed || text == NULL;
    if (page->failed)
        return;
    page->failed = !canvas_measure(page->canvas, text, style, &extent, page->err) ||
                   !rw_arena_grow(page->arena, &page->texts, &page->text_room, page->text_count,
                                  sizeof *page->texts, TEST_PAGE_TEXTS_MAX, page->err);
    if (page->failed)
        return;
    struct sheet_dots ink = { .x = x,
                              .y = baseline + test_page_dots(page, extent.ink_y_um),
                              .width = test_page_dots(page, extent.advance_um),
                              .height = test_page_dots(page, extent.ink_height_um) };
    if (!is_inside(page, &ink)) {
        refuse(page);
        return;
    }
    page->texts[page->text_count++] = (struct test_text){ text, style, x, baseline };
}

static bool is_dark(const struct test_symbol *place, int32_t row, int32_t column)
{
    int32_t last = place->symbol->side - 1;
    switch (place->quarters) {
    case 1:
        return symbol_is_dark(place->symbol, last - column, row);
    case 2:
        return symbol_is_dark(place->symbol, last - row, last - column);
    case 3:
        return symbol_is_dark(place->symbol, column, last - row);
    default:
        return symbol_is_dark(place->symbol, row, column);
    }
}

static void add_brackets(struct test_page *page, const struct test_symbol *place)
{
    int32_t module = place->module_dots;
    int32_t quiet = TEST_PAGE_QUIET_MODULES * module;
    int32_t length = TEST_PAGE_BRACKET_MODULES * module;
    int32_t thick = module / 2 > 0 ? module / 2 : 1;
    int32_t left = place->x - quiet;
    int32_t upper = place->y - quiet;
    int32_t right = left + place->symbol->side * module + 2 * quiet;
    int32_t lower = upper + place->symbol->side * module + 2 * quiet;
    for (int32_t corner = 0; corner < 4; corner++) {
        bool on_right = corner % 2 == 1;
        bool below = corner >= 2;
        const struct sheet_dots lying = { on_right ? right - length : left - thick,
                                          below ? lower : upper - thick, length + thick, thick };
        const struct sheet_dots standing = { on_right ? right : left - thick,
                                             below ? lower - length : upper - thick, thick,
                                             length + thick };
        test_page_box(page, lying);
        test_page_box(page, standing);
    }
}

void test_page_symbol(struct test_page *page, const struct test_symbol *place)
{
    int32_t module = place->module_dots;
    for (int32_t row = 0; row < place->symbol->side; row++) {
        for (int32_t column = 0; column < place->symbol->side; column++) {
            int32_t start = column;
            while (column < place->symbol->side && is_dark(place, row, column))
                column++;
            if (column > start)
                test_page_box(page, (struct sheet_dots){ place->x + start * module,
                                                         place->y + row * module,
                                                         (column - start) * module, module });
        }
    }
    add_brackets(page, place);
}

bool test_page_draw(const struct test_page *page, struct sheet *sheet, struct rw_error *err)
{
    sheet_draw_dots(sheet, page->dpi, page->dots, page->dot_count);
    for (size_t i = 0; i < page->text_count; i++) {
        const struct test_text *text = &page->texts[i];
        if (!sheet_draw_text(sheet, text->text, text->style, media_um(text->x, page->dpi),
                             media_um(text->baseline, page->dpi), err))
            return false;
    }
    return true;
}
