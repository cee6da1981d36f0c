/* SPDX-License-Identifier: Apache-2.0 */
/* Spoils a label as a whole, as a printer that is fed wrong does. */
#include "tests/support/misfeed.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "core/base/attributes.h"

#define WHITE 255
#define WORD_UM 4000 /* of a word that is added */
#define GAP_UM 800   /* before it */
#define EDGE_UM 2500 /* of the bag, where nothing is added */

/* The print's size for what it should be, across and along the film, in hundredths. */
static const int32_t scales[][2] = { { 90, 90 }, { 92, 92 }, { 90, 100 } };

static uint8_t *row_of(const struct picture *label, int32_t y)
{
    return label->pixels + (ptrdiff_t)y * label->stride;
}

static int32_t to_px(const struct picture *label, int32_t um)
{
    return (int32_t)((int64_t)um * 1000 / label->um_per_px_milli);
}

void misfeed_mirror(struct picture *label)
{
    for (int32_t y = 0; y < label->height; y++) {
        uint8_t *row = row_of(label, y);
        for (int32_t x = 0; x < label->width / 2; x++) {
            uint8_t kept = row[x];
            row[x] = row[label->width - 1 - x];
            row[label->width - 1 - x] = kept;
        }
    }
}

void misfeed_half(struct picture *label, struct rw_random *random)
{
    int32_t part = 30 + (int32_t)rw_random_below(random, 30); /* in hundredths */
    bool upper = rw_random_below(random, 2) == 0;
    int32_t rows = upper ? label->height * part / 100 : label->height;
    int32_t columns = upper ? label->width : label->width * part / 100;
    for (int32_t y = 0; y < rows; y++)
        memset(row_of(label, y), WHITE, (size_t)columns);
}

static bool is_symbol(const struct picture *label, const struct print_field *symbol, int32_t x,
                      int32_t y)
{
    int32_t rim = to_px(label, GAP_UM);
    return x >= to_px(label, symbol->x_um) - rim &&
           x <= to_px(label, symbol->x_um + symbol->width_um) + rim &&
           y >= to_px(label, symbol->y_um) - rim &&
           y <= to_px(label, symbol->y_um + symbol->height_um) + rim;
}

/* From the lower right, so that what was printed a second time is not printed a third. */
void misfeed_overprint(struct picture *label, const struct print *print, struct rw_random *random)
{
    int32_t right = to_px(label, 1000 + (int32_t)rw_random_below(random, 1500));
    int32_t down = to_px(label, 1000 + (int32_t)rw_random_below(random, 1500));
    const struct print_field *symbol = &print->fields[print->symbol];
    for (int32_t y = label->height - 1; y >= down; y--)
        for (int32_t x = label->width - 1; x >= right; x--) {
            uint8_t ink = row_of(label, y - down)[x - right];
            uint8_t *here = row_of(label, y) + x;
            if (ink < *here && !is_symbol(label, symbol, x, y) &&
                !is_symbol(label, symbol, x - right, y - down))
                *here = ink;
        }
}

/* Is there no print in a part of the label? */
static bool is_empty(const struct picture *label, const int32_t from[2], const int32_t to[2])
{
    for (int32_t y = from[1]; y < to[1]; y++)
        for (int32_t x = from[0]; x < to[0]; x++)
            if (row_of(label, y)[x] != WHITE)
                return false;
    return true;
}

static bool add_behind(struct picture *label, const struct print_field *field)
{
    int32_t width = to_px(label, WORD_UM);
    int32_t end = to_px(label, field->x_um + field->width_um) + 1;
    int32_t top = to_px(label, field->y_um);
    int32_t bottom = to_px(label, field->y_um + field->height_um);
    int32_t at = end + to_px(label, GAP_UM);
    if (field->text[0] == '\0' || field->width_um < WORD_UM || bottom > label->height ||
        at + width > label->width - to_px(label, EDGE_UM) ||
        !is_empty(label, (const int32_t[2]){ end + 1, top },
                  (const int32_t[2]){ at + width, bottom }))
        return false;
    for (int32_t y = top; y < bottom; y++)
        memcpy(row_of(label, y) + at, row_of(label, y) + end - width, (size_t)width);
    return true;
}

void misfeed_add_word(struct picture *label, const struct print *print, struct rw_random *random)
{
    size_t first = (size_t)rw_random_below(random, print->field_count);
    for (size_t i = 0; i < print->field_count; i++)
        if (add_behind(label, &print->fields[(first + i) % print->field_count]))
            return;
}

void misfeed_scale(struct picture *label, struct rw_random *random)
{
    const int32_t *scale = scales[rw_random_below(random, RW_COUNT(scales))];
    for (int32_t row = 0; row < label->height; row++) {
        int32_t source_y = row * 100 / scale[1];
        uint8_t *to = row_of(label, row);
        if (source_y >= label->height) {
            memset(to, WHITE, (size_t)label->width);
            continue;
        }
        const uint8_t *from = row_of(label, source_y);
        for (int32_t x = 0; x < label->width; x++) {
            int32_t source_x = x * 100 / scale[0];
            to[x] = source_x < label->width ? from[source_x] : WHITE;
        }
    }
}
