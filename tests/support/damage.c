/* SPDX-License-Identifier: Apache-2.0 */
/* Spoils the print of a bag the way printers and hands do. */
#include "tests/support/damage.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "core/base/attributes.h"
#include "core/base/text.h"
#include "tests/support/misfeed.h"

#define UM_PER_PX(label) ((float)(label)->um_per_px_milli / 1000.0F)
#define LINE_UM 260.0F   /* two to three elements of a head of 300 dpi */
#define SMEAR_UM 2600.0F /* how far the ink is dragged */
#define TORN_MM 14.0F    /* along both edges */
#define FADED_LEFT 0.35F /* ink that remains where the heat failed */
#define PALE_LEFT 0.25F  /* ink that remains where the head is worn or the ribbon spent */
#define SHIFT_UM 1100.0F
#define SCRATCH_UM 330.0F
#define SCRATCHES 6
#define BURNT_UM 300.0F /* what a dot grows to */
#define TARGET_UM 5000  /* shorter texts are not chosen to be spoilt */

static const char *const words[DAMAGE_KIND_COUNT] = {
    [DAMAGE_NONE] = "none",   [DAMAGE_LINE] = "line",           [DAMAGE_FADED] = "faded",
    [DAMAGE_SMEAR] = "smear", [DAMAGE_VOID] = "void",           [DAMAGE_SHIFTED] = "shifted",
    [DAMAGE_PALE] = "pale",   [DAMAGE_SCRATCHED] = "scratched", [DAMAGE_BURNT] = "burnt",
    [DAMAGE_TORN] = "torn",   [DAMAGE_CODE] = "code",           [DAMAGE_MIRRORED] = "mirrored",
    [DAMAGE_BLANK] = "blank", [DAMAGE_HALF] = "half",           [DAMAGE_OVERPRINT] = "overprint",
    [DAMAGE_ADDED] = "added", [DAMAGE_SCALED] = "scaled",
};

/* Pixels of the label, right and bottom not included. */
struct area {
    int32_t left;
    int32_t top;
    int32_t right;
    int32_t bottom;
};

const char *damage_word(enum damage_kind kind)
{
    return words[kind];
}

bool damage_from_word(const char *word, enum damage_kind *ret_kind)
{
    for (int kind = 0; kind < DAMAGE_KIND_COUNT; kind++) {
        if (rw_text_equal(word, words[kind])) {
            *ret_kind = (enum damage_kind)kind;
            return true;
        }
    }
    return false;
}

static uint8_t *row_of(struct picture *label, int32_t y)
{
    return label->pixels + (size_t)y * (size_t)label->stride;
}

/* May damage be done here? A text that matters and is long enough to be hit. */
static bool is_target(const struct print_field *field)
{
    static const char *const names[] = { "client-name", "time", "weekday", "date", "title" };
    bool named = rw_text_starts_with(field->name, "content-");
    for (size_t i = 0; i < RW_COUNT(names); i++)
        named = named || strcmp(field->name, names[i]) == 0;
    return named && field->width_um >= TARGET_UM;
}

/* One of the texts that matter. */
static struct area target_area(const struct print *print, struct rw_random *random,
                               const struct picture *label)
{
    const struct print_field *target = &print->fields[0];
    size_t count = 0;
    for (size_t i = 0; i < print->field_count; i++)
        if (is_target(&print->fields[i]) && rw_random_below(random, ++count) == 0)
            target = &print->fields[i];
    float um = UM_PER_PX(label);
    return (struct area){ (int32_t)((float)target->x_um / um), (int32_t)((float)target->y_um / um),
                          (int32_t)((float)(target->x_um + target->width_um) / um),
                          (int32_t)((float)(target->y_um + target->height_um) / um) };
}

static void whiten(struct picture *label, struct area area)
{
    for (int32_t y = area.top; y < area.bottom && y < label->height; y++)
        for (int32_t x = area.left; x < area.right && x < label->width; x++)
            row_of(label, y)[x] = 255;
}

static void fade(struct picture *label, struct area area)
{
    float middle_x = (float)(area.left + area.right) / 2.0F;
    float middle_y = (float)(area.top + area.bottom) / 2.0F;
    float reach_x = (float)(area.right - area.left) * 0.6F;
    float reach_y = (float)(area.bottom - area.top) * 2.0F;
    for (int32_t y = 0; y < label->height; y++) {
        for (int32_t x = 0; x < label->width; x++) {
            float far = hypotf(((float)x - middle_x) / reach_x, ((float)y - middle_y) / reach_y);
            float left = far >= 1.0F ? 1.0F : FADED_LEFT + (1.0F - FADED_LEFT) * far * far;
            uint8_t *pixel = row_of(label, y) + x;
            *pixel = (uint8_t)(255.0F - (255.0F - (float)*pixel) * left);
        }
    }
}

/* From the bottom up, each row takes the darkest of what lies above it, ever fainter. */
static void smear(struct picture *label, struct area area)
{
    int32_t reach = (int32_t)(SMEAR_UM / UM_PER_PX(label));
    int32_t lowest = area.bottom + reach < label->height ? area.bottom + reach : label->height;
    for (int32_t y = lowest - 1; y > area.top; y--) {
        for (int32_t x = area.left; x < area.right; x++) {
            float ink = 255.0F - (float)row_of(label, y)[x];
            for (int32_t up = 1; up < reach && y - up >= area.top; up++) {
                float dragged = (255.0F - (float)row_of(label, y - up)[x]) *
                                (0.8F - 0.8F * (float)up / (float)reach);
                ink = dragged > ink ? dragged : ink;
            }
            row_of(label, y)[x] = (uint8_t)(255.0F - ink);
        }
    }
}

/* Everything from the middle of the area down lies aside by this much. */
static void shift(struct picture *label, struct area area, int32_t aside)
{
    for (int32_t y = (area.top + area.bottom) / 2; y < label->height; y++) {
        uint8_t *row = row_of(label, y);
        memmove(row + aside, row, (size_t)(label->width - aside));
        memset(row, 255, (size_t)aside);
    }
}

/* Slanting lines across the area, about as wide as a stroke. */
static void scratch(struct picture *label, struct area area, struct rw_random *random)
{
    float width = SCRATCH_UM / UM_PER_PX(label);
    for (int i = 0; i < SCRATCHES; i++) {
        float middle =
            (float)area.left + (float)(area.right - area.left) * (float)rw_random_unit(random);
        float slope = (float)rw_random_unit(random) * 2.0F - 1.0F;
        for (int32_t y = area.top; y < area.bottom; y++) {
            int32_t left =
                (int32_t)(middle + slope * (float)(y - (area.top + area.bottom) / 2) - width / 2);
            whiten(label,
                   (struct area){ left > 0 ? left : 0, y, left + (int32_t)ceilf(width), y + 1 });
        }
    }
}

static void pale(struct picture *label)
{
    for (int32_t y = 0; y < label->height; y++)
        for (int32_t x = 0; x < label->width; x++)
            row_of(label, y)[x] = (uint8_t)(255.0F - (255.0F - row_of(label, y)[x]) * PALE_LEFT);
}

/* Every dot of ink in the area grows to a spot; what was drawn already is left out of account by
 * going from the lower right with spots that reach to the upper left. */
static void burn(struct picture *label, struct area area)
{
    int32_t side = (int32_t)ceilf(BURNT_UM / UM_PER_PX(label));
    for (int32_t y = area.top; y + side < area.bottom && y + side < label->height; y++)
        for (int32_t x = area.left; x + side < area.right && x + side < label->width; x++)
            for (int32_t i = 0; i < (side + 1) * (side + 1); i++) {
                uint8_t ink = row_of(label, y + i / (side + 1))[x + i % (side + 1)];
                if (ink < row_of(label, y)[x])
                    row_of(label, y)[x] = ink;
            }
}

/* Two thirds of the symbol are gone. */
static void scrape_symbol(struct picture *label, const struct print *print)
{
    const struct print_field *symbol = &print->fields[print->symbol];
    float um = UM_PER_PX(label);
    whiten(label, (struct area){
                      (int32_t)((float)symbol->x_um / um), (int32_t)((float)symbol->y_um / um),
                      (int32_t)((float)(symbol->x_um + symbol->width_um) / um),
                      (int32_t)(((float)symbol->y_um + 0.66F * (float)symbol->height_um) / um) });
}

/* What goes wrong with the label as a whole. */
static void misfeed(enum damage_kind kind, const struct print *print, struct rw_random *random,
                    struct picture *label)
{
    if (kind == DAMAGE_MIRRORED)
        misfeed_mirror(label);
    else if (kind == DAMAGE_BLANK)
        whiten(label, (struct area){ 0, 0, label->width, label->height });
    else if (kind == DAMAGE_HALF)
        misfeed_half(label, random);
    else if (kind == DAMAGE_OVERPRINT)
        misfeed_overprint(label, print, random);
    else if (kind == DAMAGE_ADDED)
        misfeed_add_word(label, print, random);
    else
        misfeed_scale(label, random);
}

void damage_print(enum damage_kind kind, const struct print *print, struct rw_random *random,
                  struct picture *label)
{
    struct area area = target_area(print, random, label);
    int32_t width = area.right - area.left;
    int32_t line = (int32_t)ceilf(LINE_UM / UM_PER_PX(label));
    switch (kind) {
    case DAMAGE_LINE:
        area.left += width / 4 + (int32_t)rw_random_below(random, (uint64_t)(width / 2));
        whiten(label, (struct area){ area.left, 0, area.left + line, label->height });
        break;
    case DAMAGE_FADED:
        fade(label, area);
        break;
    case DAMAGE_SMEAR:
        smear(label, area);
        break;
    case DAMAGE_VOID:
        area.left += width / 4;
        area.right -= width / 4;
        whiten(label, area);
        break;
    case DAMAGE_SHIFTED:
        shift(label, area, (int32_t)(SHIFT_UM / UM_PER_PX(label)));
        break;
    case DAMAGE_SCRATCHED:
        scratch(label, area, random);
        break;
    case DAMAGE_PALE:
        pale(label);
        break;
    case DAMAGE_BURNT:
        burn(label, area);
        break;
    case DAMAGE_CODE:
        scrape_symbol(label, print);
        break;
    case DAMAGE_MIRRORED:
    case DAMAGE_BLANK:
    case DAMAGE_HALF:
    case DAMAGE_OVERPRINT:
    case DAMAGE_ADDED:
    case DAMAGE_SCALED:
        misfeed(kind, print, random, label);
        break;
    case DAMAGE_NONE:
    case DAMAGE_TORN:
    case DAMAGE_KIND_COUNT:
        break;
    }
}

bool damage_is_gone(enum damage_kind kind, float x_mm, float y_mm)
{
    if (kind != DAMAGE_TORN || x_mm + y_mm > TORN_MM + 2.0F)
        return false;
    float ragged = 0.7F * sinf(x_mm * 2.1F) + 0.4F * sinf(x_mm * 5.3F + 1.0F);
    return x_mm + y_mm + ragged < TORN_MM;
}
