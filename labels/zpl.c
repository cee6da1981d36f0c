/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the labels of a roll in ZPL II with the printer's own letters. */
#include "labels/zpl.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/base/date.h"
#include "core/base/text.h"
#include "labels/dose_label.h"
#include "labels/wording.h"
#include "labels/zpl_field.h"
#include "labels/zpl_shape.h"

#define SHAPES_BYTES_MAX (64 * RW_ARENA_MIB)
#define BAG_MARK "\x01" /* stands for the bag's number in the phrase; no text of ours has it */
#define NUMBER_MAX 12
#define FILLED_USUAL \
    256 /* bytes of the gaps of a bag, and by which a dose is longer than a header */

/* The words of one day, which a day's bags share. */
struct day {
    const struct rw_stamp *at; /* NULL = none yet */
    const char *weekday;
    const char *date;
    int32_t weekday_um;
    int32_t date_um;
};

struct job {
    const struct layout_desk *desk;
    const struct roll *roll;
    const struct wording *wording;
    struct rw_arena *arena; /* of shapes and words */
    struct rw_text *zpl;
    struct zpl_shape shapes[ZPL_SHAPES_MAX];
    size_t shape_count;
    struct zpl_shape spare;
    struct day day;
    const char *count; /* "Zakje \x01 van 56" */
    int32_t count_of;
};

static bool learn_day(struct job *job, const struct rw_stamp *at, struct rw_error *err)
{
    struct canvas_extent extent;
    struct day day = { .at = at };
    if (job->day.at != NULL && job->day.at->wall.day == at->wall.day)
        return true;
    day.weekday = wording_weekday(job->wording, rw_date_weekday(at->wall.day));
    day.date = wording_date(job->wording, at->wall.day, job->arena, err);
    if (day.date == NULL ||
        !canvas_measure(job->desk->canvas, day.weekday, dose_label_weekday, &extent, err))
        return false;
    day.weekday_um = extent.advance_um;
    if (!canvas_measure(job->desk->canvas, day.date, dose_label_date, &extent, err))
        return false;
    day.date_um = extent.advance_um;
    job->day = day;
    return true;
}

static bool learn_count(struct job *job, int32_t of, struct rw_error *err)
{
    char number[NUMBER_MAX];
    if (job->count != NULL && job->count_of == of)
        return true;
    (void)snprintf(number, sizeof number, "%d", of);
    job->count = wording_say(job->wording, WORDING_BAG, (const char *const[2]){ BAG_MARK, number },
                             job->arena, err);
    job->count_of = of;
    return job->count != NULL;
}

static void add_count(struct rw_text *zpl, const char *count, int32_t n)
{
    char digits[NUMBER_MAX];
    size_t at = sizeof digits;
    const char *mark = strchr(count, BAG_MARK[0]);
    assert(mark != NULL && n >= 0);
    do {
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    rw_text_add_n(zpl, count, (size_t)(mark - count));
    rw_text_add_n(zpl, digits + at, sizeof digits - at);
    rw_text_add(zpl, mark + 1);
}

static bool fill_gap(struct job *job, const struct zpl_shape_gap *gap, const struct bag *bag,
                     struct rw_error *err)
{
    switch (gap->kind) {
    case ZPL_WEEKDAY:
        zpl_field_add_text(job->zpl, job->day.weekday);
        return true;
    case ZPL_DATE:
        zpl_field_add_text(job->zpl, job->day.date);
        return true;
    case ZPL_COUNT:
        add_count(job->zpl, job->count, bag->n);
        return true;
    case ZPL_KEY:
        rw_text_add_n(job->zpl, bag->serial + (size_t)gap->number * 3, 3);
        return true;
    case ZPL_CODE:
        return zpl_field_add_code(job->zpl, bag->code, err);
    }
    assert(false);
    return false;
}

/* The text that the layout gives to the field "bag" of this bag. */
static const char *say_count(struct job *job, const struct bag *bag, struct rw_error *err)
{
    struct rw_text text;
    const char *said = NULL;
    rw_text_init(&text, job->arena, WORDING_SAID_MAX);
    add_count(&text, job->count, bag->n);
    return rw_text_finish(&text, &said, err) ? said : NULL;
}

static bool has_room(const struct job *job, const struct zpl_shape *shape)
{
    return job->day.weekday_um <= shape->weekday_room_um && job->day.date_um <= shape->date_room_um;
}

static bool make_shape(struct job *job, const struct bag *bag, const struct zpl_shape **ret_shape,
                       struct rw_error *err)
{
    struct zpl_shape *shape =
        job->shape_count < ZPL_SHAPES_MAX ? &job->shapes[job->shape_count] : &job->spare;
    const char *count = say_count(job, bag, err);
    if (count == NULL || !zpl_shape_make(job->desk, job->roll, bag, count, job->arena, shape, err))
        return false;
    job->shape_count += shape == &job->spare ? 0 : 1;
    *ret_shape = shape;
    return true;
}

/* The newest first: the moments of a day follow each other. */
static bool get_shape(struct job *job, const struct bag *bag, const struct zpl_shape **ret_shape,
                      struct rw_error *err)
{
    for (size_t i = job->shape_count; i > 0; i--) {
        if (zpl_shape_is_of(&job->shapes[i - 1], bag) && has_room(job, &job->shapes[i - 1])) {
            *ret_shape = &job->shapes[i - 1];
            return true;
        }
    }
    return make_shape(job, bag, ret_shape, err);
}

static bool add_bag(struct job *job, const struct bag *bag, struct rw_error *err)
{
    const struct zpl_shape *shape = NULL;
    size_t done = 0;
    if (!learn_day(job, &bag->at, err) || !learn_count(job, bag->of, err) ||
        !get_shape(job, bag, &shape, err))
        return false;
    if (job->zpl->length == 0)
        rw_text_reserve(job->zpl, job->roll->bag_count * (shape->length + FILLED_USUAL));
    for (size_t i = 0; i < shape->gap_count; i++) {
        rw_text_add_n(job->zpl, shape->text + done, shape->gaps[i].at - done);
        done = shape->gaps[i].at;
        if (!fill_gap(job, &shape->gaps[i], bag, err))
            return false;
    }
    rw_text_add_n(job->zpl, shape->text + done, shape->length - done);
    return true;
}

bool zpl_write(const struct layout_desk *desk, const struct roll *roll, struct rw_arena *arena,
               const char **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    struct rw_text zpl;
    struct job *job = NULL;
    struct rw_arena *shapes = rw_arena_open(SHAPES_BYTES_MAX);
    rw_text_init(&zpl, arena, ZPL_BYTES_MAX);
    if (shapes == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for labels");
    bool done =
        wording_find(roll->language) != NULL ||
        rw_error_set(err, RW_INVALID, "/language", "labels do not speak \"%s\"", roll->language);
    if (done)
        job = rw_arena_alloc(shapes, sizeof *job, err);
    done = job != NULL;
    if (done)
        *job = (struct job){ .desk = desk,
                             .roll = roll,
                             .arena = shapes,
                             .zpl = &zpl,
                             .wording = wording_find(roll->language) };
    for (size_t i = 0; done && i < roll->bag_count; i++) {
        layout_tell(desk, i);
        done = add_bag(job, &roll->bags[i], err);
    }
    rw_arena_close(shapes);
    if (!done || !rw_text_finish(&zpl, ret_bytes, err))
        return false;
    *ret_length = zpl.length;
    return true;
}
