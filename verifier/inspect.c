/* SPDX-License-Identifier: Apache-2.0 */
/* Takes one frame after the other through all checks and reports. */
#include "verifier/inspect.h"

#include <math.h>
#include <string.h>

#include "verifier/compare.h"
#include "verifier/grade.h"
#include "verifier/register.h"

#define SIZE_SMALLEST 16 /* modules of a symbol on a label */
#define SIZE_LARGEST 32
#define LAID_MIN 6 /* pieces of text that must agree on where the label lies */

struct inspect {
    struct inspect_setup setup;
    struct rw_arena *arena;
    struct reader *reader;
    bool sizes[SYMBOLOGY_COUNT];
    struct codewords_layout layouts[SYMBOLOGY_COUNT];
    struct modules modules;
    struct verdict_bag *bags;
    struct inspect_view *views;
    struct verdict_stranger *strangers;
    size_t stranger_count;
    size_t stranger_room;
    struct sequence_sighting *sightings;
    size_t sighting_count;
    size_t sighting_room;
    const char **names; /* of the frames */
    size_t name_room;
    int32_t frames;
    float module_px; /* of the last symbol read */
};

/* One look at one bag. */
struct look {
    const struct picture *picture;
    const struct reading *reading;
    const struct bag *bag;
    struct rw_arena *arena;
};

static bool lay_out_sizes(struct inspect *inspect, struct rw_error *err)
{
    for (int i = 0; i < SYMBOLOGY_COUNT; i++) {
        const struct symbology *size = symbology_get(i);
        inspect->sizes[i] =
            size->rows == size->cols && size->rows >= SIZE_SMALLEST && size->rows <= SIZE_LARGEST;
        if (!codewords_lay_out(size, inspect->arena, &inspect->layouts[i], err))
            return false;
    }
    if (inspect->setup.limits.sizes == NULL)
        inspect->setup.limits.sizes = inspect->sizes;
    return true;
}

bool inspect_open(const struct inspect_setup *setup, struct rw_arena *arena,
                  struct inspect **ret_inspect, struct rw_error *err)
{
    struct inspect *inspect = rw_arena_alloc(arena, sizeof *inspect, err);
    size_t count = setup->plan.roll->bag_count;

    if (inspect == NULL)
        return false;
    inspect->setup = *setup;
    inspect->arena = arena;
    inspect->bags = rw_arena_array(arena, count + 1, sizeof *inspect->bags, err);
    inspect->views = rw_arena_array(arena, count + 1, sizeof *inspect->views, err);
    if (inspect->bags == NULL || inspect->views == NULL ||
        !reader_open(setup->decode, arena, &inspect->reader, err) || !lay_out_sizes(inspect, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        inspect->bags[i].n = setup->plan.roll->bags[i].n;
        inspect->bags[i].serial = setup->plan.roll->bags[i].serial;
    }
    *ret_inspect = inspect;
    return true;
}

static bool add_sighting(struct inspect *inspect, int32_t bag, float along, struct rw_error *err)
{
    if (!rw_arena_grow(inspect->arena, &inspect->sightings, &inspect->sighting_room,
                       inspect->sighting_count, sizeof *inspect->sightings, SEQUENCE_SIGHTINGS_MAX,
                       err))
        return false;
    inspect->sightings[inspect->sighting_count++] =
        (struct sequence_sighting){ inspect->frames, bag, along };
    return true;
}

/* A stranger that two overlapping frames show is one stranger. */
static bool add_stranger(struct inspect *inspect, const struct match *match, struct rw_error *err)
{
    for (size_t i = 0; i < inspect->stranger_count; i++)
        if (strcmp(inspect->strangers[i].text, match->text) == 0)
            return true;
    if (!rw_arena_grow(inspect->arena, &inspect->strangers, &inspect->stranger_room,
                       inspect->stranger_count, sizeof *inspect->strangers, VERDICT_STRANGERS_MAX,
                       err))
        return false;
    const char *frame = inspect->names[inspect->frames];
    const char *text = rw_arena_text(inspect->arena, match->text, err);
    if (text == NULL)
        return false;
    inspect->strangers[inspect->stranger_count++] =
        (struct verdict_stranger){ frame, text, match->reason };
    return true;
}

/* Does every field of the label lie in the frame? */
static bool is_whole(const struct registration *registration, const struct print *print,
                     const struct picture *picture)
{
    for (size_t i = 0; i < print->field_count * 4; i++) {
        const struct print_field *field = &print->fields[i / 4];
        float x = (float)(field->x_um + (i % 2 == 0 ? 0 : field->width_um));
        float y = (float)(field->y_um + (i % 4 < 2 ? 0 : field->height_um));
        struct picture_point at = register_to_frame(registration, x, y);
        if (!(at.x >= 0 && at.y >= 0 && at.x <= (float)picture->width &&
              at.y <= (float)picture->height))
            return false;
    }
    return true;
}

static void take_comparison(const struct comparison *comparison, struct verdict_bag *bag)
{
    bag->print_score_milli = comparison->score_milli;
    bag->defect_count = comparison->defect_count < VERDICT_DEFECTS_MAX ? comparison->defect_count
                                                                       : VERDICT_DEFECTS_MAX;
    for (size_t i = 0; i < bag->defect_count; i++) {
        bag->defects[i] = comparison->defects[i];
        verdict_bag_add_reason(bag, bag->defects[i].reason);
    }
    if (comparison->is_pale || comparison->is_damaged)
        verdict_bag_add_reason(bag, REASON_PRINT_DAMAGED);
}

/* Lays the label over the frame and compares. */
static bool judge_print(const struct inspect *inspect, const struct look *look,
                        struct verdict_bag *bag, struct inspect_view *view, struct rw_error *err)
{
    struct picture label;
    struct print print;
    struct registration registration;
    struct comparison comparison;
    const struct expected_labels *labels = inspect->setup.labels;
    const struct register_view where = { look->picture, &look->reading->grid.quad, &label, &print };

    if (!labels->draw(labels->self, inspect->setup.plan.roll, look->bag, look->arena, &label,
                      &print, err) ||
        !register_label(&where, look->arena, &registration, err))
        return false;
    memcpy(view->to_frame, registration.to_frame, sizeof view->to_frame);
    view->is_laid = registration.agreeing >= LAID_MIN;
    view->is_whole = is_whole(&registration, &print, look->picture);
    if (!view->is_whole)
        return true;
    if (!view->is_laid) { /* its text is not where it should be, or is none */
        verdict_bag_add_reason(bag, REASON_PRINT_DAMAGED);
        return true;
    }
    if (!compare_print(&registration, &print, look->arena, &comparison, err))
        return false;
    bag->print_judged = true;
    take_comparison(&comparison, bag);
    /* The names of fields live in the frame's arena. */
    for (size_t i = 0; i < bag->defect_count; i++) {
        bag->defects[i].field = rw_arena_text(inspect->arena, bag->defects[i].field, err);
        if (bag->defects[i].field == NULL)
            return false;
    }
    return true;
}

/* A view of the whole label is better than one of a part, then the better likeness counts. */
static bool is_better(const struct inspect_view *view, const struct verdict_bag *bag,
                      const struct inspect_view *old_view, const struct verdict_bag *old_bag)
{
    if (!old_view->is_seen)
        return true;
    if (view->is_whole != old_view->is_whole)
        return view->is_whole;
    if (bag->reason_count != old_bag->reason_count)
        return bag->reason_count < old_bag->reason_count;
    return bag->print_score_milli > old_bag->print_score_milli;
}

static bool look_at_bag(struct inspect *inspect, const struct look *look, size_t index,
                        struct rw_error *err)
{
    struct verdict_bag *kept = &inspect->bags[index];
    struct verdict_bag bag = { .n = kept->n, .serial = kept->serial, .has_grade = true };
    struct inspect_view view = { .is_seen = true,
                                 .is_forged = inspect->views[index].is_forged,
                                 .frame = inspect->frames };
    struct grade_measures measures;

    bag.quad = look->reading->grid.quad;
    grade_symbol(look->picture, look->reading, &inspect->layouts[look->reading->grid.size],
                 &inspect->modules, &bag.grade, &measures);
    if (!judge_print(inspect, look, &bag, &view, err))
        return false;
    if (!is_better(&view, &bag, &inspect->views[index], kept))
        return true;
    bag.frame = inspect->names[inspect->frames];
    *kept = bag;
    inspect->views[index] = view;
    return true;
}

/* How far along the film a symbol lies: up the label, or across it where the film runs so. */
static void order_axis(const struct readings *readings, float ret_axis[2])
{
    ret_axis[0] = 0;
    ret_axis[1] = 1;
    if (readings->count < 2)
        return;
    const struct picture_quad *first = &readings->readings[0].grid.quad;
    const struct picture_quad *second = &readings->readings[1].grid.quad;
    struct picture_point from = grid_quad_centre(first);
    struct picture_point to = grid_quad_centre(second);
    for (int side = 0; side < 2; side++) {
        const struct picture_point *end = &first->corner[side == 0 ? 3 : 1];
        float x = end->x - first->corner[0].x;
        float y = end->y - first->corner[0].y;
        float length = hypotf(x, y);
        float along = ((to.x - from.x) * x + (to.y - from.y) * y) / length;
        ret_axis[0] = x / length;
        ret_axis[1] = y / length;
        if (fabsf(along) > 0.7F * hypotf(to.x - from.x, to.y - from.y))
            return;
    }
}

/* A code that bears a planned serial and is not the planned code. It proves nothing about the bag
 * itself, which stays unseen. */
static void mark_forged(struct inspect *inspect, const struct look *look, size_t index)
{
    struct verdict_bag *bag = &inspect->bags[index];
    inspect->views[index].is_forged = true;
    if (bag->frame == NULL) {
        bag->frame = inspect->names[inspect->frames];
        bag->quad = look->reading->grid.quad;
    }
}

static bool take_reading(struct inspect *inspect, const struct look *look, const float axis[2],
                         struct rw_error *err)
{
    struct match match;
    struct look mine = *look;
    struct picture_point centre = grid_quad_centre(&look->reading->grid.quad);
    float along = centre.x * axis[0] + centre.y * axis[1];

    match_reading(&inspect->setup.plan, look->reading, &match);
    if (match.in_plan && match.reason != REASON_NONE)
        mark_forged(inspect, &mine, match.bag);
    if (match.reason != REASON_NONE)
        return add_sighting(inspect, SEQUENCE_STRANGER, along, err) &&
               add_stranger(inspect, &match, err);
    mine.bag = &inspect->setup.plan.roll->bags[match.bag];
    inspect->module_px = grid_module_px(&look->reading->grid);
    return add_sighting(inspect, (int32_t)match.bag, along, err) &&
           look_at_bag(inspect, &mine, match.bag, err);
}

static bool add_name(struct inspect *inspect, const char *name, struct rw_error *err)
{
    size_t at = (size_t)inspect->frames;
    if (!rw_arena_grow(inspect->arena, &inspect->names, &inspect->name_room, at,
                       sizeof *inspect->names, INSPECT_FRAMES_MAX, err))
        return false;
    inspect->names[at] = rw_arena_text(inspect->arena, name, err);
    return inspect->names[at] != NULL;
}

bool inspect_frame(struct inspect *inspect, const char *name, const struct picture *picture,
                   struct rw_arena *arena, struct rw_error *err)
{
    struct readings readings;
    float axis[2];

    if (inspect->frames >= INSPECT_FRAMES_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "a roll has at most %d frames",
                            INSPECT_FRAMES_MAX);
    if (!add_name(inspect, name, err))
        return false;
    inspect->setup.limits.module_px = inspect->module_px;
    if (!reader_read(inspect->reader, picture, &inspect->setup.limits, arena, &readings, err))
        return false;
    if (readings.count == 0 && !add_sighting(inspect, SEQUENCE_UNREADABLE, 0, err))
        return false;
    order_axis(&readings, axis);
    for (size_t i = 0; i < readings.count; i++) {
        struct look look = { picture, &readings.readings[i], NULL, arena };
        if (!take_reading(inspect, &look, axis, err))
            return false;
    }
    inspect->frames++;
    return true;
}

/* What the order says about a bag, added to what its print says. */
static void add_order(const struct inspect *inspect, size_t index,
                      const struct sequence_finding *finding)
{
    struct verdict_bag *bag = &inspect->bags[index];
    const struct inspect_view *view = &inspect->views[index];

    if (view->is_forged)
        verdict_bag_add_reason(bag, REASON_BAD_TAG);
    if (finding->missing && finding->unreadable) {
        verdict_bag_add_reason(bag, REASON_CODE_UNREADABLE);
        bag->frame = inspect->names[finding->frame];
    } else if (finding->missing) {
        verdict_bag_add_reason(bag, REASON_NOT_SEEN);
    }
    if (finding->gap)
        verdict_bag_add_reason(bag, REASON_GAP);
    if (finding->twice)
        verdict_bag_add_reason(bag, REASON_TWICE);
    if (finding->out_of_order)
        verdict_bag_add_reason(bag, REASON_OUT_OF_ORDER);
    /* The symbol was read at the edge of the frame, but not all of the label was in it. */
    if (view->is_seen && !view->is_whole)
        verdict_bag_add_reason(bag, REASON_CUT_ASKEW);
}

bool inspect_finish(struct inspect *inspect, struct verdict_report *ret_report,
                    struct rw_error *err)
{
    const struct roll *roll = inspect->setup.plan.roll;
    struct sequence_finding *findings =
        rw_arena_array(inspect->arena, roll->bag_count + 1, sizeof *findings, err);
    struct verdict_report report = {
        .roll = roll->number,
        .fingerprint = roll->fingerprint,
        .judged_code = true,
        .judged_order = true,
        .judged_print = true,
        .bags = inspect->bags,
        .bag_count = roll->bag_count,
        .strangers = inspect->strangers,
        .stranger_count = inspect->stranger_count,
        .frames = inspect->frames,
    };

    if (findings == NULL || !sequence_check(inspect->sightings, inspect->sighting_count,
                                            roll->bag_count, inspect->arena, findings, err))
        return false;
    for (size_t i = 0; i < roll->bag_count; i++) {
        add_order(inspect, i, &findings[i]);
        decide_bag(&inspect->bags[i], inspect->views[i].is_seen, &inspect->setup.policy);
    }
    report.verdict = decide_roll(&report);
    *ret_report = report;
    return true;
}

const struct inspect_view *inspect_view_of(const struct inspect *inspect, size_t bag)
{
    return &inspect->views[bag];
}
