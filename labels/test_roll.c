/* SPDX-License-Identifier: Apache-2.0 */
/* Puts the pages of the test roll in order and writes them. */
#include "labels/test_roll.h"

#include "labels/catalogue.h"
#include "labels/frame.h"
#include "labels/test_marks.h"
#include "labels/zpl_dots.h"

#define MODULE_DOTS_MAX 16
#define MODULE_UM_MAX 510                  /* larger modules leave a bag no room for its text */
#define PAGE_BYTES_MAX (16 * RW_ARENA_MIB) /* of one page with its picture */
#define TITLE_UM 4000                      /* height of the title line */
#define CREATED "2026-01-01T00:00:00Z"     /* a test roll has no moment: the same bytes always */

struct page_kind {
    const char *title;
    void (*add)(struct test_page *page, const struct test_place *place);
    bool each_module; /* one page for each size that may be printed */
};
static const struct page_kind kinds[] = {
    { "measures", test_marks_rulers, false },      { "modules", test_marks_codes, true },
    { "turns", test_marks_turns, false },          { "letters", test_marks_letters, false },
    { "lines and grey", test_marks_lines, false }, { "dots of the head", test_marks_head, false },
};

struct page_row {
    const struct page_kind *kind;
    int32_t module_dots;
};
struct page_list {
    struct page_row rows[TEST_ROLL_PAGES_MAX];
    size_t count;
};

static bool is_allowed(const struct test_roll *roll, int32_t dots)
{
    struct media media = *roll->media;
    media.module_dots = dots;
    return media_module_dots(&media, roll->dpi) == dots &&
           media_um(dots, roll->dpi) <= MODULE_UM_MAX;
}

static bool list_pages(const struct test_roll *roll, struct page_list *ret_list,
                       struct rw_error *err)
{
    struct page_list list = { .count = 0 };
    int32_t usual = media_module_dots(roll->media, roll->dpi);
    if (usual == 0)
        return rw_error_set(err, RW_INVALID, "/dpi", "a printer of %d dpi cannot print the code",
                            roll->dpi);
    for (size_t i = 0; i < RW_COUNT(kinds); i++) {
        int32_t first = kinds[i].each_module ? 1 : usual;
        int32_t last = kinds[i].each_module ? MODULE_DOTS_MAX : usual;
        for (int32_t dots = first; dots <= last; dots++) {
            if (kinds[i].each_module && !is_allowed(roll, dots))
                continue;
            if (list.count == TEST_ROLL_PAGES_MAX)
                return rw_error_set(err, RW_TOO_LARGE, "/dpi", "a test roll has at most %d pages",
                                    TEST_ROLL_PAGES_MAX);
            list.rows[list.count++] = (struct page_row){ &kinds[i], dots };
        }
    }
    *ret_list = list;
    return true;
}

bool test_roll_count(const struct test_roll *roll, size_t *ret_count, struct rw_error *err)
{
    struct page_list list;
    if (!list_pages(roll, &list, err))
        return false;
    *ret_count = list.count;
    return true;
}

static const char *make_title(const struct test_roll *roll, const struct page_list *list,
                              size_t index, struct test_page *page)
{
    const struct page_row *row = &list->rows[index];
    if (!row->kind->each_module)
        return rw_arena_format(page->arena, page->err, "TEST %zu/%zu  %s", index + 1, list->count,
                               row->kind->title);
    int32_t um = media_um(row->module_dots, roll->dpi);
    return rw_arena_format(page->arena, page->err, "TEST %zu/%zu  %s: %d dots, 0.%03d mm",
                           index + 1, list->count, row->kind->title, row->module_dots, um);
}

static bool draw_page(const struct test_roll *roll, const struct page_list *list, size_t index,
                      struct sheet *sheet, struct rw_error *err)
{
    static const struct canvas_style title = { FRAME_SMALL_UM, CANVAS_BOLD };
    struct rw_arena *arena = rw_arena_open(PAGE_BYTES_MAX);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a page");
    struct test_page page = {
        .canvas = roll->canvas, .media = roll->media, .dpi = roll->dpi, .arena = arena, .err = err
    };
    test_page_begin(&page);
    test_page_text(&page, title, page.left, page.top + test_page_dots(&page, FRAME_SMALL_UM),
                   make_title(roll, list, index, &page));
    const struct test_place place = { .number = (int32_t)index + 1,
                                      .top = page.top + test_page_dots(&page, TITLE_UM),
                                      .module_dots = list->rows[index].module_dots };
    list->rows[index].kind->add(&page, &place);
    bool done = !page.failed && test_page_draw(&page, sheet, err);
    rw_arena_close(arena);
    return done;
}

bool test_roll_draw(const struct test_roll *roll, size_t index, struct rw_arena *arena,
                    struct picture *ret_picture, struct rw_error *err)
{
    struct page_list list;
    if (!list_pages(roll, &list, err))
        return false;
    if (index >= list.count)
        return rw_error_set(err, RW_NOT_FOUND, "", "the test roll has %zu pages", list.count);
    struct sheet sheet;
    const struct sheet_paper paper = { roll->media->width_um, roll->media->height_um, roll->dpi,
                                       false };
    if (!sheet_start_picture(roll->canvas, &paper, arena, &sheet, err) ||
        !draw_page(roll, &list, index, &sheet, err))
        return false;
    *ret_picture = sheet.picture;
    return true;
}

bool test_roll_write_pdf(const struct test_roll *roll, struct rw_arena *arena,
                         const char **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    struct page_list list;
    struct document *document = NULL;
    const struct document_paper paper = { .title = "Rolwacht test roll",
                                          .created = CREATED,
                                          .width_um = roll->media->width_um,
                                          .height_um = roll->media->height_um };
    if (!list_pages(roll, &list, err) ||
        !document_open(roll->canvas, &paper, arena, &document, err))
        return false;
    struct sheet sheet = sheet_of_document(roll->canvas, document);
    bool done = true;
    for (size_t i = 0; done && i < list.count; i++)
        done = draw_page(roll, &list, i, &sheet, err) && document_end_page(document, err);
    const char *bytes = NULL;
    size_t length = 0;
    done = done && document_take(document, &bytes, &length, err) &&
           catalogue_complete(bytes, length, "en", arena, ret_bytes, ret_length, err);
    document_close(document);
    return done;
}

bool test_roll_write_zpl(const struct test_roll *roll, struct rw_arena *arena,
                         const char **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    size_t count = 0;
    struct rw_text text;
    rw_text_init(&text, arena, ZPL_DOTS_BYTES_MAX);
    if (!test_roll_count(roll, &count, err))
        return false;
    struct rw_arena *page_arena = rw_arena_open(PAGE_BYTES_MAX);
    if (page_arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a page");
    bool done = true;
    for (size_t i = 0; done && i < count; i++) {
        struct picture picture;
        rw_arena_reset(page_arena);
        done = test_roll_draw(roll, i, page_arena, &picture, err);
        if (done)
            zpl_dots_add_picture(&text, &picture);
    }
    rw_arena_close(page_arena);
    if (!done || !rw_text_finish(&text, ret_bytes, err))
        return false;
    *ret_length = text.length;
    return true;
}
