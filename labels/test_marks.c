/* SPDX-License-Identifier: Apache-2.0 */
/* Draws what each page of the test roll shows below its title. */
#include "labels/test_marks.h"

#include "labels/frame.h"

#define UM_PER_MM 1000
#define TICK_UM 1000  /* of a millimetre; of ten it is thrice as long */
#define GAP_UM 1500   /* between things on a page */
#define FIELD_UM 7000 /* side of a field of lines or grey */
#define STAIR_STEPS 10
#define STAIR_STEP_UM 800 /* height of one step of the stair of dots */
#define BAND_UM 3000      /* height of the black band over the whole head */
#define MARK_DOTS 50      /* between two marks of the head's dots */
#define QUARTERS 4

static const struct canvas_style small = { FRAME_SMALL_UM, CANVAS_REGULAR };
static const struct canvas_style digits = { FRAME_KEY_UM, CANVAS_REGULAR };

static int32_t line_height(const struct test_page *page, int32_t size_um)
{
    return test_page_dots(page, size_um * 13 / 10);
}

static void add_number(struct test_page *page, int32_t x, int32_t baseline, int32_t number)
{
    test_page_text(page, digits, x, baseline,
                   rw_arena_format(page->arena, page->err, "%d", number));
}

/* Millimetres from the edge of the film itself, so that a shift of the print is read off. */
static void add_ruler(struct test_page *page, bool lying, int32_t top)
{
    int32_t end = lying ? page->right : page->bottom;
    int32_t from = lying ? page->left : top;
    for (int32_t mm = 1; test_page_dots(page, mm * UM_PER_MM) + 1 <= end; mm++) {
        int32_t at = test_page_dots(page, mm * UM_PER_MM);
        int32_t length = test_page_dots(page, mm % 10 == 0 ? 3 * TICK_UM : TICK_UM);
        if (at < from)
            continue;
        if (lying)
            test_page_box(page, (struct sheet_dots){ at, top, 1, length });
        else
            test_page_box(page, (struct sheet_dots){ page->left, at, length, 1 });
        int32_t beyond = length + test_page_dots(page, FRAME_KEY_UM);
        if (mm % 10 == 0 && lying && mm * UM_PER_MM + 2 * FRAME_KEY_UM < page->media->width_um)
            add_number(page, at - test_page_dots(page, FRAME_KEY_UM / 2), top + beyond, mm);
        if (mm % 10 == 0 && !lying)
            add_number(page, page->left + length + test_page_dots(page, 500), at, mm);
    }
}

/* The outermost dots that may be printed: a border one dot wide, open where the title stands. */
static void add_border(struct test_page *page, int32_t top)
{
    int32_t width = page->right - page->left;
    int32_t height = page->bottom - top;
    test_page_box(page, (struct sheet_dots){ page->left, page->bottom - 1, width, 1 });
    test_page_box(page, (struct sheet_dots){ page->right - 1, top, 1, height });
}

void test_marks_rulers(struct test_page *page, const struct test_place *place)
{
    int32_t left = page->left + test_page_dots(page, 9 * UM_PER_MM);
    int32_t baseline = place->top + test_page_dots(page, 10 * UM_PER_MM);
    int32_t line = line_height(page, FRAME_SMALL_UM);
    const struct media *media = page->media;
    add_ruler(page, true, place->top);
    add_ruler(page, false, place->top + test_page_dots(page, 4 * UM_PER_MM));
    add_border(page, place->top);
    test_page_text(page, small, left, baseline,
                   rw_arena_format(page->arena, page->err, "film %s", media->name));
    test_page_text(page, small, left, baseline + line,
                   rw_arena_format(page->arena, page->err, "%d x %d um, a dot is %d um",
                                   media->width_um, media->height_um, media_um(1, page->dpi)));
    test_page_text(
        page, small, left, baseline + 2 * line,
        rw_arena_format(page->arena, page->err, "%d dpi, free %d %d %d %d um", page->dpi,
                        media_edge_um(media, MEDIA_LEFT), media_edge_um(media, MEDIA_RIGHT),
                        media_edge_um(media, MEDIA_TOP), media_edge_um(media, MEDIA_BOTTOM)));
    int32_t y = baseline + 3 * line;
    int32_t bar = test_page_dots(page, 40 * UM_PER_MM);
    test_page_box(page, (struct sheet_dots){ left, y, bar, test_page_dots(page, UM_PER_MM) });
    test_page_text(page, small, left, y + test_page_dots(page, UM_PER_MM) + line, "40 mm");
}

/* Roll number 000000000, which no roll has, and a pattern of digits where a tag would be. */
static bool encode(struct test_page *page, const struct test_place *place, bool gs1,
                   struct symbol *ret_symbol)
{
    const char *code =
        gs1 ? rw_arena_format(page->arena, page->err,
                              "(01)09520123456788(17)261231(21)000000000%03d(90)"
                              "100010100003141592653589793238",
                              place->number)
            : rw_arena_format(page->arena, page->err,
                              "(91)1000000000%03d000101000031415926535897932384", place->number);
    page->failed = page->failed || code == NULL || !symbol_encode(code, ret_symbol, page->err);
    return !page->failed;
}

static int32_t around(const struct test_place *place)
{
    return (TEST_PAGE_QUIET_MODULES + 1) * place->module_dots;
}

static void add_code(struct test_page *page, const struct test_place *place, bool gs1, int32_t x)
{
    struct symbol symbol;
    if (!encode(page, place, gs1, &symbol))
        return;
    const struct test_symbol at = { .symbol = &symbol,
                                    .x = x,
                                    .y = place->top + around(place),
                                    .module_dots = place->module_dots };
    test_page_symbol(page, &at);
    int32_t baseline = at.y + symbol.side * place->module_dots + around(place) +
                       test_page_dots(page, FRAME_SMALL_UM);
    test_page_text(page, small, x, baseline, gs1 ? "gs1 26x26" : "internal 22x22");
}

void test_marks_codes(struct test_page *page, const struct test_place *place)
{
    int32_t x = page->left + around(place);
    int32_t below = place->top + (SYMBOL_SIDE_MAX + 2) * place->module_dots + 2 * around(place) +
                    test_page_dots(page, 2 * FRAME_SMALL_UM);
    add_code(page, place, false, x);
    x += SYMBOL_SIDE_MAX * place->module_dots + around(place) + test_page_dots(page, 10000);
    add_code(page, place, true, x);
    test_page_text(
        page, small, page->left, below,
        rw_arena_format(page->arena, page->err, "serial 000000000%03d, no tag", place->number));
    test_page_text(page, small, page->left, below + line_height(page, FRAME_SMALL_UM),
                   "white between the brackets: 2 modules");
}

void test_marks_turns(struct test_page *page, const struct test_place *place)
{
    struct symbol symbol;
    if (!encode(page, place, false, &symbol))
        return;
    int32_t pitch = symbol.side * place->module_dots + 2 * around(place) +
                    test_page_dots(page, FRAME_SMALL_UM + GAP_UM);
    for (int32_t quarter = 0; quarter < QUARTERS; quarter++) {
        const struct test_symbol at = {
            .symbol = &symbol,
            .x = page->left + around(place) + quarter % 2 * 2 * pitch,
            .y = place->top + around(place) + quarter / 2 * pitch,
            .module_dots = place->module_dots,
            .quarters = quarter,
        };
        test_page_symbol(page, &at);
        int32_t right = at.x + symbol.side * place->module_dots + around(place);
        test_page_text(page, small, right, at.y + test_page_dots(page, FRAME_SMALL_UM),
                       rw_arena_format(page->arena, page->err, "%d°", quarter * 90));
    }
}

void test_marks_letters(struct test_page *page, const struct test_place *place)
{
    static const struct canvas_style styles[] = {
        { FRAME_KEY_UM, CANVAS_REGULAR }, { FRAME_SMALL_UM, CANVAS_REGULAR },
        { FRAME_SMALL_UM, CANVAS_BOLD },  { FRAME_STRONG_UM, CANVAS_BOLD },
        { FRAME_NAME_UM, CANVAS_BOLD },
    };
    int32_t baseline = place->top;
    for (size_t i = 0; i < RW_COUNT(styles); i++) {
        int32_t size = styles[i].size_um;
        baseline += test_page_dots(page, size);
        test_page_text(page, styles[i], page->left, baseline,
                       rw_arena_format(page->arena, page->err, "%d.%02d Il1 O0 B8 S5 Z2 rnm 3689",
                                       FRAME_FIGURE(size) / 1000, FRAME_FIGURE(size) % 1000 / 10));
        baseline += line_height(page, size);
        test_page_text(page, styles[i], page->left, baseline, "éëïöüñçşğ ÀÅÖ ½ ¼ ¾ × 1½ mg µg");
        baseline += test_page_dots(page, size / 2);
    }
}

/* Lines of 1, 2, 3 and 4 dots with as much white between, across and along the film. */
static void add_lines(struct test_page *page, int32_t x, int32_t y, int32_t width, bool lying)
{
    int32_t side = test_page_dots(page, FIELD_UM) / (2 * width) * (2 * width);
    for (int32_t at = 0; at < side; at += 2 * width)
        test_page_box(page, lying ? (struct sheet_dots){ x, y + at, side, width }
                                  : (struct sheet_dots){ x + at, y, width, side });
}

/* Squares of `width` dots, one in two or one in four: half and a quarter of black. */
static void add_grey(struct test_page *page, int32_t x, int32_t y, int32_t width, int32_t one_in)
{
    int32_t side = test_page_dots(page, FIELD_UM) / (2 * width) * 2;
    for (int32_t row = 0; row < side; row++)
        for (int32_t column = 0; column < side; column++) {
            bool dark = one_in == 2 ? (row + column) % 2 == 0 : row % 2 == 0 && column % 2 == 0;
            if (dark)
                test_page_box(
                    page, (struct sheet_dots){ x + column * width, y + row * width, width, width });
        }
}

void test_marks_lines(struct test_page *page, const struct test_place *place)
{
    static const int32_t squares[] = { 1, 2, 3, 4 };
    int32_t pitch = test_page_dots(page, FIELD_UM + GAP_UM);
    int32_t y = place->top + test_page_dots(page, FRAME_SMALL_UM);
    for (int32_t width = 1; width <= 4; width++) {
        int32_t x = page->left + (width - 1) * pitch;
        add_number(page, x, y - test_page_dots(page, 500), width);
        add_lines(page, x, y, width, true);
        add_lines(page, x, y + pitch, width, false);
        add_grey(page, x, y + 2 * pitch, squares[width - 1], width % 2 == 1 ? 2 : 4);
    }
    int32_t side = test_page_dots(page, FIELD_UM);
    int32_t x = page->left + 4 * pitch;
    test_page_box(page, (struct sheet_dots){ x, y, 2 * side, side });
    test_page_text(page, small, x, y + side + line_height(page, FRAME_SMALL_UM), "black");
    test_page_text(page, small, x, y + pitch + line_height(page, 2 * FRAME_SMALL_UM), "lines 1-4");
    test_page_text(page, small, x, y + 2 * pitch + line_height(page, FRAME_SMALL_UM),
                   "half, quarter");
}

/* Every dot of the head prints one short line of a stair, so that a dead one is a missing step;
 * marks every fifty dots tell which. The band below shows it as a white line. */
void test_marks_head(struct test_page *page, const struct test_place *place)
{
    int32_t step = test_page_dots(page, STAIR_STEP_UM);
    int32_t stair = place->top + test_page_dots(page, FRAME_KEY_UM + 2 * TICK_UM);
    int32_t band = stair + STAIR_STEPS * step + test_page_dots(page, GAP_UM);
    for (int32_t x = page->left; x < page->right; x++) {
        int32_t dot = x - page->left;
        test_page_box(page, (struct sheet_dots){ x, stair + dot % STAIR_STEPS * step, 1, step });
        if (dot % MARK_DOTS == 0)
            test_page_box(page, (struct sheet_dots){ x, stair - test_page_dots(page, TICK_UM) - 2,
                                                     1, test_page_dots(page, TICK_UM) });
        if (dot % (2 * MARK_DOTS) == 0 && x + test_page_dots(page, 3 * FRAME_KEY_UM) < page->right)
            add_number(page, x, stair - test_page_dots(page, TICK_UM + 500), dot);
    }
    test_page_box(page, (struct sheet_dots){ page->left, band, page->right - page->left,
                                             test_page_dots(page, BAND_UM) });
    int32_t line = line_height(page, FRAME_SMALL_UM);
    int32_t below = band + test_page_dots(page, BAND_UM) + line;
    test_page_text(
        page, small, page->left, below,
        rw_arena_format(page->arena, page->err, "dot 0 is dot %d of the film", page->left));
    test_page_text(page, small, page->left, below + line,
                   "a white line or a missing step: a dead dot");
}
