/* SPDX-License-Identifier: Apache-2.0 */
/* Takes one frame after the other through all checks and reports. */
#include "verifier/inspect.h"

#include <math.h>
#include <string.h>

#include "verifier/grade.h"
#include "verifier/grid.h"
#include "verifier/overlay.h"
#include "verifier/proof.h"
#include "verifier/sightings.h"
#include "verifier/size.h"

#define AXIAL_ASIDE 1 /* D: a symbol seen from more than 25 degrees aside */
#define GONE_FRAMES 3 /* of a video without a bag: it left the view */

struct inspect {
    struct inspect_setup setup;
    struct rw_arena *arena;
    struct lane *lane; /* of frames that are not read ahead */
    struct codewords_layout layouts[SYMBOLOGY_COUNT];
    struct grade_desk grade_desk;
    struct verdict_bag *bags;
    struct inspect_view *views;
    struct verdict_stranger *strangers;
    size_t stranger_count;
    size_t stranger_room;
    struct sightings sightings;
    const char **names; /* of the frames */
    size_t name_room;
    int32_t frames;
    int32_t size_um[2]; /* of a label */
    size_t strangers_told;
    struct proof_way way; /* of the last label: tried first with the next */
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
    for (int i = 0; i < SYMBOLOGY_COUNT; i++)
        if (!codewords_lay_out(symbology_get(i), inspect->arena, &inspect->layouts[i], err))
            return false;
    return true;
}

bool inspect_open(const struct inspect_setup *setup, struct rw_arena *arena,
                  struct inspect **ret_inspect, struct rw_error *err)
{
    struct inspect *inspect = rw_arena_alloc(arena, sizeof *inspect, err);
    const struct lane_setup lane_setup = { setup->plan.roll, setup->labels, setup->limits,
                                           setup->decode };
    size_t count = setup->plan.roll->bag_count;

    if (inspect == NULL)
        return false;
    inspect->setup = *setup;
    inspect->arena = arena;
    inspect->grade_desk.light = setup->light;
    inspect->bags = rw_arena_array(arena, count + 1, sizeof *inspect->bags, err);
    inspect->views = rw_arena_array(arena, count + 1, sizeof *inspect->views, err);
    if (inspect->bags == NULL || inspect->views == NULL ||
        !lane_open(&lane_setup, arena, &inspect->lane, err) || !lay_out_sizes(inspect, err) ||
        !sightings_open(arena, setup->moving, &inspect->sightings, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        inspect->bags[i].n = setup->plan.roll->bags[i].n;
        inspect->bags[i].serial = setup->plan.roll->bags[i].serial;
    }
    *ret_inspect = inspect;
    return true;
}

/* A stranger that two frames show is one stranger. */
static bool add_stranger(struct inspect *inspect, const struct match *match, int32_t *ret_id,
                         struct rw_error *err)
{
    for (size_t i = 0; i < inspect->stranger_count; i++)
        if (strcmp(inspect->strangers[i].text, match->text) == 0) {
            *ret_id = SIGHTINGS_STRANGER - (int32_t)i;
            return true;
        }
    if (!rw_arena_grow(inspect->arena, &inspect->strangers, &inspect->stranger_room,
                       inspect->stranger_count, sizeof *inspect->strangers, VERDICT_STRANGERS_MAX,
                       err))
        return false;
    const char *frame = inspect->names[inspect->frames];
    const char *text = rw_arena_text(inspect->arena, match->text, err);
    if (text == NULL)
        return false;
    *ret_id = SIGHTINGS_STRANGER - (int32_t)inspect->stranger_count;
    inspect->strangers[inspect->stranger_count++] =
        (struct verdict_stranger){ frame, text, match->reason };
    return true;
}

/* Lays the label over the frame and compares. */
static bool judge_print(struct inspect *inspect, const struct look *look, struct verdict_bag *bag,
                        struct inspect_view *view, struct rw_error *err)
{
    struct proof proof;
    const struct proof_view shown = { inspect->setup.labels, inspect->setup.plan.roll, look->bag,
                                      look->picture, &look->reading->grid.quad };

    if (!proof_take(&shown, inspect->way, look->arena, &proof, err))
        return false;
    const struct print *print = &proof.print;
    const struct print_field *symbol = &print->fields[print->symbol];
    inspect->size_um[0] = print->width_um;
    inspect->size_um[1] = print->height_um;
    inspect->sightings.pitch_per_symbol = (float)print->height_um / (float)symbol->height_um;
    inspect->sightings.above_part =
        (float)(symbol->y_um + symbol->height_um / 2) / (float)print->height_um;
    memcpy(view->to_frame, proof.registration.to_frame, sizeof view->to_frame);
    view->is_laid = proof.is_laid;
    view->is_whole = proof.is_whole;
    if (!view->is_whole)
        return true;
    if (!view->is_laid) { /* its text is not where it should be, is none, or is seen from aside */
        bool is_aside = bag->grade.axial <= AXIAL_ASIDE;
        verdict_bag_add_reason(bag, is_aside ? REASON_CUT_ASKEW : REASON_PRINT_DAMAGED);
        return true;
    }
    inspect->way = proof.way; /* one printer makes a roll */
    bag->print_judged = true;
    compare_tell(&proof.comparison, bag);
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
                        bool *ret_whole, struct rw_error *err)
{
    struct verdict_bag *kept = &inspect->bags[index];
    struct inspect_view *best = &inspect->views[index];
    best->frame_last = inspect->frames;
    *ret_whole = true;
    /* A bag of a video that is good in one frame need not be looked at in the next ones. */
    if (inspect->setup.moving && best->is_seen && best->is_whole && kept->reason_count == 0)
        return true;
    struct verdict_bag bag = { .n = kept->n, .serial = kept->serial, .has_grade = true };
    struct inspect_view view = { .is_seen = true,
                                 .is_forged = inspect->views[index].is_forged,
                                 .upright = inspect->views[index].upright,
                                 .frame = inspect->frames,
                                 .frame_last = inspect->frames };
    struct grade_measures measures;
    bag.quad = look->reading->grid.quad;
    if (grid_quad_is_mirrored(&bag.quad)) /* the code can be read from behind, the words cannot */
        verdict_bag_add_reason(&bag, REASON_PRINT_DAMAGED);
    grade_symbol(&inspect->grade_desk, look->picture, look->reading,
                 &inspect->layouts[look->reading->grid.size], &bag.grade, &measures);
    if (!judge_print(inspect, look, &bag, &view, err))
        return false;
    *ret_whole = view.is_whole;
    if (!is_better(&view, &bag, &inspect->views[index], kept))
        return true;
    bag.frame = inspect->names[inspect->frames];
    *kept = bag;
    inspect->views[index] = view;
    return !inspect->setup.keeps_pictures ||
           overlay_keep(look->picture, view.to_frame, inspect->size_um, look->arena, inspect->arena,
                        &inspect->views[index].upright, err);
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

static bool take_reading(struct inspect *inspect, const struct look *look, struct rw_error *err)
{
    struct match match;
    struct look mine = *look;
    const struct picture_quad *quad = &look->reading->grid.quad;
    int32_t stranger = 0;
    bool whole = true;
    match_reading(&inspect->setup.plan, look->reading, &match);
    if (match.in_plan && match.reason != REASON_NONE)
        mark_forged(inspect, &mine, match.bag);
    if (match.reason != REASON_NONE)
        return add_stranger(inspect, &match, &stranger, err) &&
               sightings_add(&inspect->sightings, stranger, quad, true, err);
    mine.bag = &inspect->setup.plan.roll->bags[match.bag];
    return look_at_bag(inspect, &mine, match.bag, &whole, err) &&
           sightings_add(&inspect->sightings, (int32_t)match.bag, quad, whole, err);
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

/* Tells what can be told before the film's end: bags that left the view, and strangers. */
static void tell_what_left(struct inspect *inspect)
{
    const struct inspect_listener *listener = inspect->setup.listener;
    if (listener == NULL)
        return;
    for (; inspect->strangers_told < inspect->stranger_count; inspect->strangers_told++)
        listener->stranger(listener->self, &inspect->strangers[inspect->strangers_told]);
    for (size_t i = 0; i < inspect->setup.plan.roll->bag_count; i++) {
        struct inspect_view *view = &inspect->views[i];
        int32_t since = inspect->frames - view->frame_last;
        if (!view->is_seen || view->is_told || since < (inspect->setup.moving ? GONE_FRAMES : 0))
            continue;
        struct verdict_bag bag = inspect->bags[i];
        decide_bag(&bag, true, &inspect->setup.policy);
        view->is_told = true;
        listener->bag(listener->self, &bag, view);
    }
}

bool inspect_judge(struct inspect *inspect, const char *name, const struct picture *picture,
                   const struct readings *readings, struct rw_arena *arena, struct rw_error *err)
{
    if (inspect->frames >= INSPECT_FRAMES_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "a roll has at most %d frames",
                            INSPECT_FRAMES_MAX);
    if (!add_name(inspect, name, err))
        return false;
    sightings_begin(&inspect->sightings, readings);
    for (size_t i = 0; i < readings->count; i++) {
        struct look look = { picture, &readings->readings[i], NULL, arena };
        if (!take_reading(inspect, &look, err))
            return false;
    }
    if (!sightings_end(&inspect->sightings, picture, arena, err))
        return false;
    tell_what_left(inspect);
    inspect->frames++;
    return true;
}

bool inspect_frame(struct inspect *inspect, const char *name, const struct picture *picture,
                   struct rw_arena *arena, struct rw_error *err)
{
    struct readings readings;
    return lane_read(inspect->lane, picture, arena, &readings, err) &&
           inspect_judge(inspect, name, picture, &readings, arena, err);
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
    if (finding->beside)
        verdict_bag_add_reason(bag, REASON_CODE_UNREADABLE);
    if (finding->twice)
        verdict_bag_add_reason(bag, REASON_TWICE);
    if (finding->out_of_order)
        verdict_bag_add_reason(bag, REASON_OUT_OF_ORDER);
    /* The symbol was read at the edge of the frame, but not all of the label was in it. */
    if (view->is_seen && !view->is_whole)
        verdict_bag_add_reason(bag, REASON_CUT_ASKEW);
}

/* A label that is larger or smaller than the others, or drawn out. Film that rose towards the
 * camera looks so too: where nothing else is wrong a person decides. */
static bool add_sizes(struct inspect *inspect, struct rw_error *err)
{
    size_t count = inspect->setup.plan.roll->bag_count;
    struct size *sizes = rw_arena_array(inspect->arena, count + 1, sizeof *sizes, err);
    struct size_part *parts = rw_arena_array(inspect->arena, count + 1, sizeof *parts, err);
    if (sizes == NULL || parts == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        if (inspect->bags[i].print_judged)
            sizes[i] = size_of(inspect->views[i].to_frame, inspect->size_um);
    if (!size_compare(sizes, count, inspect->arena, parts, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (parts[i].differs) {
            struct verdict_bag *bag = &inspect->bags[i];
            bag->print_in_doubt = bag->reason_count == 0;
            inspect->views[i].part = parts[i];
            verdict_bag_add_reason(bag, REASON_PRINT_DAMAGED);
        }
    return true;
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

    if (findings == NULL || !add_sizes(inspect, err) ||
        !sightings_check(&inspect->sightings, roll->bag_count, findings, err))
        return false;
    for (size_t i = 0; i < roll->bag_count; i++) {
        add_order(inspect, i, &findings[i]);
        decide_bag(&inspect->bags[i], inspect->views[i].is_seen, &inspect->setup.policy);
    }
    report.verdict = decide_roll(&report);
    *ret_report = report;
    return true;
}

void inspect_lose(struct inspect *inspect)
{
    sightings_lose(&inspect->sightings);
}

bool inspect_saw_ends(const struct inspect *inspect)
{
    size_t count = inspect->setup.plan.roll->bag_count;
    return count > 0 && inspect->views[0].is_seen && inspect->views[count - 1].is_seen;
}

bool inspect_is_over(const struct inspect *inspect)
{
    return inspect_saw_ends(inspect) && inspect->sightings.now_count == 0;
}

bool inspect_planned(const struct inspect *inspect, size_t bag, struct rw_arena *arena,
                     struct picture *ret_picture, struct rw_error *err)
{
    const struct expected_labels *labels = inspect->setup.labels;
    const struct roll *roll = inspect->setup.plan.roll;
    struct print print;
    const struct print_order order = { roll, &roll->bags[bag], PRINT_FITTED, roll->dpi };
    return labels->draw(labels->self, &order, arena, ret_picture, &print, err);
}

const struct inspect_view *inspect_view_of(const struct inspect *inspect, size_t bag)
{
    return &inspect->views[bag];
}
