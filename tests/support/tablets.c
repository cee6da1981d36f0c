/* SPDX-License-Identifier: Apache-2.0 */
/* Lays tablets into a bag and paints them. */
#include "tests/support/tablets.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "core/base/attributes.h"

#define PI 3.14159265F
#define TRIES 600
#define EDGE_MM 2.0F  /* from the seal */
#define APART_MM 0.6F /* between two tablets */
#define SYMBOL_COST 1000
#define HAZE 0.12F /* of the film over a tablet */

struct look_word {
    const char *word;
    struct tablets_colour colour;
};

static const struct look_word colours[] = {
    { "wit", { 0.93F, 0.92F, 0.90F } },    { "roze", { 0.90F, 0.66F, 0.68F } },
    { "geel", { 0.92F, 0.83F, 0.48F } },   { "bruin", { 0.55F, 0.38F, 0.28F } },
    { "blauw", { 0.48F, 0.62F, 0.83F } },  { "groen", { 0.58F, 0.76F, 0.56F } },
    { "oranje", { 0.93F, 0.63F, 0.36F } }, { "rood", { 0.78F, 0.28F, 0.26F } },
    { "grijs", { 0.62F, 0.62F, 0.62F } },  { "lila", { 0.72F, 0.62F, 0.80F } },
};

/* The number before " mm", or the usual size. */
static float look_size(const char *look, float usual)
{
    const char *unit = strstr(look, " mm");
    const char *start = unit;
    float size = 0.0F;
    while (start != NULL && start > look && start[-1] >= '0' && start[-1] <= '9')
        start--;
    for (const char *digit = start; digit != unit; digit++)
        size = size * 10.0F + (float)(*digit - '0');
    return size >= 3.0F && size <= 25.0F ? size : usual;
}

/* The word of the table that stands first in the look. */
static struct tablets_colour look_colour(const char *look)
{
    const char *first = NULL;
    struct tablets_colour colour = colours[0].colour;
    for (size_t i = 0; i < RW_COUNT(colours); i++) {
        const char *at = strstr(look, colours[i].word);
        if (at != NULL && (first == NULL || at < first)) {
            first = at;
            colour = colours[i].colour;
        }
    }
    return colour;
}

static struct tablet make_tablet(const struct bag_content *content, bool half)
{
    const char *look = content->look == NULL ? "" : content->look;
    bool capsule = content->form != NULL && strstr(content->form, "capsule") != NULL;
    bool oval = capsule || strstr(look, "ovaal") != NULL;
    float size = look_size(look, capsule ? 16.0F : oval ? 12.0F : 8.0F);
    return (struct tablet){ .product = content->product,
                            .half_length_mm = size / 2.0F,
                            .half_width_mm = oval ? size * 0.24F : size / 2.0F,
                            .half = half,
                            .colour = look_colour(look) };
}

/* How many texts it would lie under; a great number for the symbol, another tablet or the edge. */
static int32_t place_cost(const struct tablet *tablet, const struct print *print,
                          const struct tablet *others, int32_t other_count)
{
    float reach = tablet->half_length_mm;
    int32_t cost = 0;
    for (int32_t i = 0; i < other_count; i++)
        if (hypotf(tablet->x_mm - others[i].x_mm, tablet->y_mm - others[i].y_mm) <
            reach + others[i].half_length_mm + APART_MM)
            cost += SYMBOL_COST;
    for (size_t i = 0; i < print->field_count; i++) {
        const struct print_field *field = &print->fields[i];
        bool symbol = (int32_t)i == print->symbol;
        float room = symbol ? reach + 1.5F : reach + 0.2F;
        bool hit = (float)field->x_um / 1000.0F < tablet->x_mm + room &&
                   (float)(field->x_um + field->width_um) / 1000.0F > tablet->x_mm - room &&
                   (float)field->y_um / 1000.0F < tablet->y_mm + room &&
                   (float)(field->y_um + field->height_um) / 1000.0F > tablet->y_mm - room;
        if (hit)
            cost += symbol ? SYMBOL_COST : 1;
    }
    return cost;
}

static bool lay_one(struct tablet *tablet, const struct print *print, struct rw_random *random,
                    const struct tablet *others, int32_t other_count)
{
    struct tablet best = *tablet;
    int32_t best_cost = SYMBOL_COST;
    float width = (float)print->width_um / 1000.0F;
    float height = (float)print->height_um / 1000.0F;
    float reach = tablet->half_length_mm + EDGE_MM;
    for (int32_t i = 0; i < TRIES && best_cost > 0; i++) {
        tablet->x_mm = reach + (float)rw_random_unit(random) * (width - 2.0F * reach);
        tablet->y_mm = reach + (float)rw_random_unit(random) * (height - 2.0F * reach);
        tablet->angle = (float)rw_random_unit(random) * PI;
        int32_t cost = place_cost(tablet, print, others, other_count);
        if (cost < best_cost) {
            best = *tablet;
            best_cost = cost;
        }
    }
    *tablet = best;
    tablet->under_text = best_cost > 0;
    return best_cost < SYMBOL_COST;
}

int32_t tablets_lay(const struct bag *bag, const struct print *print, struct rw_random *random,
                    struct tablet ret_tablets[TABLETS_MAX])
{
    int32_t count = 0;
    for (size_t i = 0; i < bag->content_count; i++) {
        const struct bag_content *content = &bag->contents[i];
        int64_t pieces = (content->milli + 999) / 1000;
        for (int64_t piece = 0; piece < pieces && count < TABLETS_MAX; piece++) {
            bool half = piece == pieces - 1 && content->milli % 1000 != 0;
            struct tablet tablet = make_tablet(content, half);
            if (lay_one(&tablet, print, random, ret_tablets, count))
                ret_tablets[count++] = tablet;
        }
    }
    return count;
}

/* 1 inside, 0 outside, soft over a tenth of a millimetre; `ret_height` is 1 in the middle. */
static float coverage(const struct tablet *tablet, float x_mm, float y_mm, float *ret_height)
{
    float dx = x_mm - tablet->x_mm;
    float dy = y_mm - tablet->y_mm;
    float along = (dx * cosf(tablet->angle) + dy * sinf(tablet->angle)) / tablet->half_length_mm;
    float across = (dy * cosf(tablet->angle) - dx * sinf(tablet->angle)) / tablet->half_width_mm;
    float far = hypotf(along, across);
    float inside = (1.0F - far) * tablet->half_width_mm / 0.1F;
    if (tablet->half && -across * tablet->half_width_mm / 0.1F < inside)
        inside = -across * tablet->half_width_mm / 0.1F;
    *ret_height = far < 1.0F ? 1.0F - far * far : 0.0F;
    return inside <= 0.0F ? 0.0F : inside >= 1.0F ? 1.0F : inside;
}

static void mix(struct tablets_colour *colour, struct tablets_colour with, float share)
{
    colour->red += (with.red - colour->red) * share;
    colour->green += (with.green - colour->green) * share;
    colour->blue += (with.blue - colour->blue) * share;
}

void tablets_paint(const struct tablet *tablets, int32_t count, const float at_mm[2],
                   struct tablets_colour *colour)
{
    static const struct tablets_colour black = { 0.05F, 0.05F, 0.07F };
    static const struct tablets_colour film = { 0.95F, 0.96F, 0.97F };
    for (int32_t i = 0; i < count; i++) {
        float height = 0.0F;
        float dx = at_mm[0] - tablets[i].x_mm;
        float dy = at_mm[1] - tablets[i].y_mm;
        float reach = tablets[i].half_length_mm + 1.0F; /* with its shadow */
        if (dx * dx + dy * dy > reach * reach)
            continue;
        float shadow = coverage(&tablets[i], at_mm[0] - 0.5F, at_mm[1] - 0.6F, &height);
        mix(colour, black, 0.16F * shadow);
        float share = coverage(&tablets[i], at_mm[0], at_mm[1], &height);
        if (share <= 0.0F)
            continue;
        struct tablets_colour body = tablets[i].colour;
        mix(&body, black, 0.30F * (1.0F - sqrtf(height)));
        mix(&body, film, HAZE);
        mix(colour, body, share);
    }
}
