/* SPDX-License-Identifier: Apache-2.0 */
/* Decides where every field of a bag's label lies. */
#include "labels/layout.h"

#include <string.h>

#include "core/base/text.h"
#include "labels/compose.h"
#include "labels/dose_label.h"
#include "labels/frame.h"
#include "labels/outer_label.h"

#define QUIET_MODULES 2

/* From airy to tight. The first that holds the whole text is taken; the letters never change. Of
 * those with the same last two, a later one has nowhere more white. */
static const struct compose_spacing spacings[] = {
    { 1500, 1700, 5200, 3500, 4600, 1500, 3350, false, false },
    { 1500, 1600, 4700, 3250, 3950, 1200, 3250, false, false },
    { 1350, 1300, 4200, 3050, 3500, 900, 3100, false, false },
    { 1350, 1300, 4200, 3050, 3500, 900, 3100, true, false },
    { 1250, 1100, 3700, 2980, 3250, 900, 3100, false, false },
    { 1250, 1100, 3700, 2980, 3250, 900, 3100, true, false },
    { 1150, 950, 3250, 2920, 3060, 380, 2920, false, true },
    { 1150, 950, 3250, 2920, 3060, 380, 2920, true, true },
};

#define SPACING_KINDS 4 /* what may stand beside what: two answers of yes or no */

/* What is asked of the spacings, and the field that had no room with the last one tried. */
struct problem {
    bool any; /* whether one of them fits: the tightest is tried first */
    char overflow[COMPOSE_NAME_MAX];
    bool of_boxes; /* one of them failed as two boxes met: another day's date may be shorter */
};

static bool overlap(const struct print_field *one, const struct print_field *other)
{
    /* Lines lie above each other: most boxes are told apart by the first two questions. */
    return one->y_um < other->y_um + other->height_um && other->y_um < one->y_um + one->height_um &&
           one->x_um < other->x_um + other->width_um && other->x_um < one->x_um + one->width_um;
}

/* The box of a symbol with its quiet zone, else the box itself. */
static struct print_field with_quiet_zone(const struct layout *layout, size_t index)
{
    struct print_field field = layout->print.fields[index];
    if (layout->marks[index].ink != LAYOUT_SYMBOL)
        return field;
    int32_t quiet = QUIET_MODULES * media_um(layout->module_dots, layout->dpi);
    field.x_um -= quiet;
    field.y_um -= quiet;
    field.width_um += 2 * quiet;
    field.height_um += 2 * quiet;
    return field;
}

/* REQ-008: what the flow of lines cannot see: ink outside the window, or two boxes in one place.
 * The fields before `first` were checked already. */
static void check_boxes(struct compose *compose, const struct media *media, size_t first)
{
    const struct print *print = &compose->layout->print;
    struct print_field boxes[PRINT_FIELDS_MAX];
    int32_t right_um = media->width_um - media_edge_um(media, MEDIA_RIGHT);
    int32_t bottom_um = media->height_um - media_edge_um(media, MEDIA_BOTTOM);
    for (size_t i = 0; i < print->field_count && !compose_is_stopped(compose); i++) {
        const struct print_field *field = &print->fields[i];
        const struct print_field box = with_quiet_zone(compose->layout, i);
        boxes[i] = box;
        if (i < first)
            continue;
        if (field->x_um < media_edge_um(media, MEDIA_LEFT) ||
            field->y_um < media_edge_um(media, MEDIA_TOP) ||
            field->x_um + field->width_um > right_um || field->y_um + field->height_um > bottom_um)
            compose_overflow(compose, field->name);
        if (box.x_um < 0 || box.y_um < 0 || box.x_um + box.width_um > media->width_um ||
            box.y_um + box.height_um > media->height_um)
            compose_overflow(compose, field->name);
        for (size_t j = 0; j < i; j++) {
            if (overlap(&box, &boxes[j]))
                compose_overflow(compose, field->name);
        }
    }
}

static bool check_arguments(const struct layout_desk *desk, const struct roll *roll,
                            const struct bag *bag, const struct media **ret_media,
                            struct rw_error *err)
{
    const struct media *media = desk->media != NULL ? desk->media : media_find(roll->media);
    if (media == NULL)
        return rw_error_set(err, RW_INVALID, "/media", "no film is called \"%s\"", roll->media);
    if (media_module_dots(media, roll->dpi) == 0)
        return rw_error_set(err, RW_INVALID, "/dpi", "a printer of %d dpi cannot print the code",
                            roll->dpi);
    if (wording_find(roll->language) == NULL)
        return rw_error_set(err, RW_INVALID, "/language", "labels do not speak \"%s\"",
                            roll->language);
    bool coded = bag->code != NULL && bag->code[0] != '\0';
    if (coded && (bag->serial == NULL || strlen(bag->serial) != BAG_SERIAL_DIGITS ||
                  roll->number == NULL || !roll_is_number(roll->number)))
        return rw_error_set(err, RW_INVALID, "/serial",
                            "a bag with a code needs a serial of %d digits and its roll's number",
                            BAG_SERIAL_DIGITS);
    *ret_media = media;
    return true;
}

/* One try with one spacing. False only when `err` is set. */
static bool try_layout(struct compose *compose, const struct media *media, bool names,
                       bool *ret_of_boxes)
{
    compose->layout->print.field_count = 0;
    compose->overflow[0] = '\0';
    if (compose->bag->kind == BAG_DOSE)
        dose_label_compose(compose);
    else
        outer_label_compose(compose, names);
    if (!compose_is_stopped(compose)) {
        check_boxes(compose, media, 0);
        *ret_of_boxes = compose->overflow[0] != '\0';
    }
    return !compose->failed;
}

static bool prepare(const struct layout_desk *desk, struct compose *compose,
                    const struct media *media)
{
    struct layout *layout = compose->layout;
    int32_t symbol_side = desk->symbol_side > 0 ? desk->symbol_side : SYMBOL_SIDE_MAX;
    const char *code = compose->bag->code;
    layout->dpi = compose->roll->dpi;
    layout->module_dots = media_module_dots(media, layout->dpi);
    layout->print.width_um = media->width_um;
    layout->print.height_um = media->height_um;
    layout->symbol.side = symbol_side;
    if (code != NULL && code[0] != '\0' && !symbol_encode(code, &layout->symbol, compose->err))
        return false;
    if (layout->marks != NULL) /* a question brings its own room */
        return true;
    layout->print.fields = rw_arena_array(compose->arena, PRINT_FIELDS_MAX,
                                          sizeof *layout->print.fields, compose->err);
    layout->marks =
        rw_arena_array(compose->arena, PRINT_FIELDS_MAX, sizeof *layout->marks, compose->err);
    return layout->print.fields != NULL && layout->marks != NULL;
}

static void set_edges(const struct layout_desk *desk, struct compose *compose,
                      const struct media *media)
{
    compose->canvas = desk->canvas;
    compose->wording = wording_find(compose->roll->language);
    compose->dot_um = media_um(1, compose->roll->dpi);
    compose->left_um = media_edge_um(media, MEDIA_LEFT) + compose->dot_um;
    compose->right_um = media->width_um - media_edge_um(media, MEDIA_RIGHT) - compose->dot_um;
    compose->top_um = media_edge_um(media, MEDIA_TOP) + compose->dot_um;
    compose->bottom_um = media->height_um - media_edge_um(media, MEDIA_BOTTOM) - compose->dot_um;
    compose->symbol_right_um =
        media->symbol_right_um > 0 ? media->width_um - media->symbol_right_um : compose->right_um;
    compose->symbol_bottom_um =
        media->symbol_bottom_um > 0 ? media->height_um - media->symbol_bottom_um : 0;
}

/* Spacings of one kind break their lines in the same places. */
static size_t kind_of(const struct compose_spacing *spacing)
{
    return (spacing->look_beside ? 1U : 0U) + (spacing->rule_beside ? 2U : 0U);
}

/* Composes with ever less white until the text fits. A question begins with the least: where that
 * has no room, more white of the same kind has none either, unless two boxes met that it would
 * part.
 */
static bool compose_all(const struct layout_desk *desk, struct compose *compose,
                        struct problem *ret_problem)
{
    const struct media *media = NULL;
    if (!check_arguments(desk, compose->roll, compose->bag, &media, compose->err) ||
        !prepare(desk, compose, media))
        return false;
    set_edges(desk, compose, media);
    for (int names = 1; names >= 0; names--) {
        bool full[SPACING_KINDS] = { false };
        for (size_t i = 0; i < RW_COUNT(spacings); i++) {
            compose->spacing = &spacings[ret_problem->any ? RW_COUNT(spacings) - 1 - i : i];
            bool *kind = &full[kind_of(compose->spacing)];
            bool of_boxes = false;
            if (*kind)
                continue;
            if (!try_layout(compose, media, names == 1, &of_boxes))
                return false;
            if (compose->overflow[0] == '\0')
                return true;
            *kind = ret_problem->any && !of_boxes;
            ret_problem->of_boxes = ret_problem->of_boxes || of_boxes;
        }
        if (compose->bag->kind != BAG_HEADER)
            break;
    }
    (void)rw_text_copy(ret_problem->overflow, COMPOSE_NAME_MAX, compose->overflow); /* same size */
    return true;
}

static const char *bag_word(const struct bag *bag)
{
    return bag->kind == BAG_DOSE ? "bag" : bag_kind_word(bag->kind);
}

bool layout_make(const struct layout_desk *desk, const struct roll *roll, const struct bag *bag,
                 struct rw_arena *arena, struct layout *ret_layout, struct rw_error *err)
{
    struct layout layout = { 0 };
    struct problem problem = { 0 };
    struct compose compose = {
        .roll = roll, .bag = bag, .arena = arena, .err = err, .layout = &layout
    };
    if (!compose_all(desk, &compose, &problem))
        return false;
    if (problem.overflow[0] != '\0') {
        char place[COMPOSE_NAME_MAX + 1] = "/";
        (void)rw_text_copy(place + 1, COMPOSE_NAME_MAX, problem.overflow); /* same size */
        return rw_error_set(err, RW_INVALID, place,
                            "the field %s of %s %d does not fit on the film", problem.overflow,
                            bag_word(bag), bag->n);
    }
    *ret_layout = layout;
    return true;
}

void layout_tell(const struct layout_desk *desk, size_t done)
{
    if (desk->told != NULL)
        desk->told(desk->told_self, done);
}

/* The label of another day that fits, with the weekday and the date of this one. */
static bool try_day(const struct layout_desk *desk, struct compose *compose,
                    const struct fitted_entry *entry, bool *ret_fits)
{
    const struct media *media = NULL;
    struct layout *layout = compose->layout;
    if (!check_arguments(desk, compose->roll, compose->bag, &media, compose->err) ||
        !prepare(desk, compose, media))
        return false;
    set_edges(desk, compose, media);
    memcpy(layout->print.fields, entry->fields, entry->field_count * sizeof entry->fields[0]);
    memcpy(layout->marks, entry->marks, entry->field_count * sizeof entry->marks[0]);
    layout->print.field_count = entry->field_count;
    compose->day = entry->day;
    dose_label_place_day(compose);
    check_boxes(compose, media, entry->field_count);
    *ret_fits = compose->overflow[0] == '\0';
    return !compose->failed;
}

static bool ask_anew(const struct layout_desk *desk, struct compose *compose,
                     const struct fitted_key *key, bool *ret_fits)
{
    struct problem problem = { .any = true };
    if (!compose_all(desk, compose, &problem))
        return false;
    *ret_fits = problem.overflow[0] == '\0';
    if (*ret_fits && key != NULL)
        fitted_keep(desk->fitted, key, compose);
    else if (key != NULL && !problem.of_boxes)
        fitted_keep_misfit(desk->fitted, key);
    return true;
}

static bool ask_in(const struct layout_desk *desk, struct compose *compose, bool *ret_fits)
{
    struct fitted_key key;
    if (desk->fitted == NULL || compose->bag->kind != BAG_DOSE || !frame_is_planned(compose))
        return ask_anew(desk, compose, NULL, ret_fits);
    fitted_key_make(compose->roll, compose->bag, desk->media, &key);
    const struct fitted_entry *entry = fitted_find(desk->fitted, &key);
    if (entry == NULL)
        return ask_anew(desk, compose, &key, ret_fits);
    if (entry->misfit) {
        *ret_fits = false;
        return true;
    }
    /* With another spacing than the remembered one this day could still fit. */
    return try_day(desk, compose, entry, ret_fits) &&
           (*ret_fits || ask_anew(desk, compose, NULL, ret_fits));
}

static bool ask(void *self, const struct roll *roll, const struct bag *bag, bool *ret_fits,
                struct rw_error *err)
{
    const struct layout_desk *desk = self;
    struct rw_arena *arena = desk->asked != NULL ? desk->asked : rw_arena_open(LAYOUT_ASKED_MAX);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory to measure a label");
    struct print_field fields[PRINT_FIELDS_MAX];
    struct layout_mark marks[PRINT_FIELDS_MAX];
    struct layout layout = { .print.fields = fields, .marks = marks };
    struct compose compose = {
        .roll = roll, .bag = bag, .arena = arena, .err = err, .layout = &layout
    };
    bool fits;
    bool done = ask_in(desk, &compose, &fits);
    if (done)
        *ret_fits = fits;
    if (desk->asked != NULL)
        rw_arena_reset(arena);
    else
        rw_arena_close(arena);
    return done;
}

struct fits layout_fits(struct layout_desk *desk)
{
    return (struct fits){ .self = desk, .ask = ask };
}
