/* SPDX-License-Identifier: Apache-2.0 */
/* A label in ZPL with gaps for what differs from day to day. */
#include "labels/zpl_shape.h"

#include <assert.h>
#include <string.h>

#include "labels/zpl_field.h"

#define SHAPE_BYTES_MAX ((size_t)4 * 1024 * 1024)

struct making {
    struct canvas *canvas;
    const struct layout *layout;
    const char *count;
    struct zpl_shape *shape;
    struct rw_text text;
};

static void add_gap(struct making *making, enum zpl_gap kind, int32_t number)
{
    struct zpl_shape *shape = making->shape;
    assert(shape->gap_count < ZPL_SHAPE_GAPS_MAX); /* a label has eight of them */
    shape->gaps[shape->gap_count++] =
        (struct zpl_shape_gap){ .kind = kind, .at = making->text.length, .number = number };
}

/* From the field's left edge to what stands right of it, or to the end of the print window. */
static int32_t room_of(const struct layout *layout, size_t index, int32_t margin_um)
{
    const struct print *print = &layout->print;
    const struct print_field *field = &print->fields[index];
    int32_t end_um = print->width_um - margin_um;
    for (size_t i = 0; i < print->field_count; i++) {
        const struct print_field *other = &print->fields[i];
        bool beside = other->y_um < field->y_um + field->height_um &&
                      field->y_um < other->y_um + other->height_um;
        if (i != index && beside && other->x_um > field->x_um && other->x_um < end_um)
            end_um = other->x_um;
    }
    return end_um - layout->marks[index].x_um;
}

/* The kind of gap that the field's text is, if it is one. */
static bool find_gap(const struct making *making, size_t index, enum zpl_gap *ret_kind,
                     int32_t *ret_number)
{
    const struct print_field *field = &making->layout->print.fields[index];
    *ret_number = 0;
    if (rw_text_equal(field->name, "weekday"))
        *ret_kind = ZPL_WEEKDAY;
    else if (rw_text_equal(field->name, "date"))
        *ret_kind = ZPL_DATE;
    else if (rw_text_equal(field->name, "bag") && rw_text_equal(field->text, making->count))
        *ret_kind = ZPL_COUNT;
    else if (rw_text_starts_with(field->name, "key-"))
        *ret_kind = ZPL_KEY;
    else
        return false;
    if (*ret_kind == ZPL_KEY)
        *ret_number = field->name[strlen("key-")] - '1';
    return zpl_field_is_plain(field->text);
}

static bool add_field(struct making *making, size_t index, struct rw_error *err)
{
    enum zpl_gap kind;
    int32_t number = 0;
    const struct layout *layout = making->layout;
    if (layout->marks[index].ink == LAYOUT_SYMBOL) {
        zpl_field_begin_symbol(&making->text, layout);
        add_gap(making, ZPL_CODE, 0);
        zpl_field_end(&making->text);
        return true;
    }
    if (!find_gap(making, index, &kind, &number))
        return zpl_field_add(&making->text, making->canvas, layout, index, err);
    zpl_field_begin(&making->text, layout, index);
    add_gap(making, kind, number);
    zpl_field_end(&making->text);
    return true;
}

static bool add_fields(struct making *making, const struct media *media, struct rw_error *err)
{
    const struct print *print = &making->layout->print;
    int32_t dpi = making->layout->dpi;
    rw_text_format(&making->text, "^XA\n^PW%d\n^LL%d\n^LH0,0\n^CI28\n",
                   media_dots(print->width_um, dpi), media_dots(print->height_um, dpi));
    for (size_t i = 0; i < print->field_count; i++) {
        if (!add_field(making, i, err))
            return false;
        if (rw_text_equal(print->fields[i].name, "weekday"))
            making->shape->weekday_room_um =
                room_of(making->layout, i, media_edge_um(media, MEDIA_RIGHT));
        if (rw_text_equal(print->fields[i].name, "date"))
            making->shape->date_room_um =
                room_of(making->layout, i, media_edge_um(media, MEDIA_RIGHT));
    }
    rw_text_add(&making->text, "^PQ1\n^XZ\n");
    return true;
}

bool zpl_shape_make(const struct layout_desk *desk, const struct roll *roll, const struct bag *bag,
                    const char *count, struct rw_arena *arena, struct zpl_shape *ret_shape,
                    struct rw_error *err)
{
    struct layout layout;
    struct zpl_shape shape = { .bag = bag };
    struct making making = {
        .canvas = desk->canvas, .layout = &layout, .count = count, .shape = &shape
    };
    const struct media *media = desk->media != NULL ? desk->media : media_find(roll->media);
    rw_text_init(&making.text, arena, SHAPE_BYTES_MAX);
    if (!layout_make(desk, roll, bag, arena, &layout, err) || !add_fields(&making, media, err) ||
        !rw_text_finish(&making.text, &shape.text, err))
        return false;
    shape.length = making.text.length;
    *ret_shape = shape;
    return true;
}

static bool is_same_content(const struct bag_content *one, const struct bag_content *other)
{
    return one->milli == other->milli && rw_text_equal(one->name, other->name) &&
           rw_text_equal(one->strength, other->strength) && rw_text_equal(one->form, other->form) &&
           rw_text_equal(one->look, other->look) && rw_text_equal(one->warning, other->warning);
}

bool zpl_shape_is_of(const struct zpl_shape *shape, const struct bag *bag)
{
    const struct bag *own = shape->bag;
    if (own->kind != BAG_DOSE || bag->kind != BAG_DOSE ||
        own->at.wall.minute != bag->at.wall.minute || own->content_count != bag->content_count ||
        own->exact != bag->exact || own->part != bag->part || own->parts != bag->parts ||
        own->of != bag->of || !rw_text_equal(own->moment, bag->moment) ||
        !rw_text_equal(own->use_by, bag->use_by) || strlen(own->code) != strlen(bag->code))
        return false;
    for (size_t i = 0; i < bag->content_count; i++)
        if (!is_same_content(&own->contents[i], &bag->contents[i]))
            return false;
    return true;
}
