/* SPDX-License-Identifier: Apache-2.0 */
/* Compares the print that was seen with the print that was wanted. */
#include "verifier/compare.h"

#include <math.h>
#include <string.h>

#include "verifier/aside.h"
#include "verifier/cell.h"
#include "verifier/laying.h"
#include "verifier/rims.h"
#include "verifier/rules.h"
#include "verifier/slip.h"
#include "verifier/smear.h"
#include "verifier/stray.h"

#define WHITE 255
#define CONTRAST_MIN 0.08F   /* of the rendering: less is no print at all */
#define INK_MIN 0.42F        /* darkness of the print for that of black on the paper beside it */
#define LETTERS_MAX 3        /* places that differ, for the label to say another thing */
#define ASIDE_LETTERS_MAX 32 /* that are looked for beside their place: more are no wrinkle */
#define LETTER_UM 3600       /* of such a place: a letter on the border of two cells */
#define RIM_UM 300           /* around text: ink is soft, and film bends */
#define DOUBT_MAX 1.3F   /* a fault up to this size may be that of light, film or tablets, … */
#define DOUBTS_MAX 8     /* … where there are no more of them */
#define GAP_MAX 0.4F     /* part of its ink that a rule may lack in one place */
#define STRAY_FAULT 2.0F /* the size of a mark where there should be none */
#define ASIDE_UM 900.0F  /* rules and the symbol may lie so far from where they should */
#define BLOT_FAULT 1.1F  /* of a blot: nothing that should be on the bag is lost */
#define SMEAR_FAULT 1.1F /* and of a smear: the rim of a tablet may run along a line of text */

static void add_defect(const struct laying *laying, const char *name, struct comparison *comparison,
                       const struct plane_box *box, struct cell_fault fault)
{
    enum verdict_reason reason = fault.reason;
    int32_t x = (int32_t)((float)box->x / laying->px_per_um);
    int32_t width = (int32_t)((float)box->width / laying->px_per_um);
    int32_t y = (int32_t)((float)box->y / laying->px_per_um);
    size_t count = comparison->defect_count;
    struct verdict_defect *last =
        count > 0 && count <= VERDICT_DEFECTS_MAX ? &comparison->defects[count - 1] : NULL;

    comparison->fault = fmaxf(comparison->fault, fault.size);
    comparison->faults += !fault.in_doubt;
    if (last != NULL && last->field == name && last->reason == reason && last->y_um == y &&
        x <= last->x_um + last->width_um + LAYING_CELL_UM) {
        last->width_um = x + width - last->x_um;
        return;
    }
    if (count < VERDICT_DEFECTS_MAX)
        comparison->defects[count] = (struct verdict_defect){
            name, reason, x, y, width, (int32_t)((float)box->height / laying->px_per_um)
        };
    comparison->defect_count++;
}

/* What is wrong with a letter whose edges may lie aside. */
static struct cell_fault look_closer(const struct laying *laying, const struct cell_usual *usual,
                                     struct cell *cell)
{
    cell_measure(&laying->planes, cell);
    return cell_judge(cell, usual);
}

static bool judge_cells(const struct laying *laying, const struct print *print, struct rims *rims,
                        struct rw_arena *arena, struct comparison *comparison, struct rw_error *err)
{
    float sum = 0;
    float worst = 1;
    float missing = 0;
    float extra = 0;
    struct cell_usual usual = laying->usual;
    size_t inked = 0;
    size_t looked_aside = 0;

    usual.contrast = fmaxf(usual.contrast, CONTRAST_MIN);
    for (size_t i = 0; i < laying->count; i++) {
        struct cell *cell = &laying->cells[i];
        struct cell_fault fault = cell_judge(cell, &usual);
        if (fault.reason != REASON_NONE && laying->planes.edge_px > 0)
            fault = look_closer(laying, &usual, cell);
        if (fault.reason != REASON_NONE && !rims_judge(rims, cell, &usual, arena, &fault, err))
            return false;
        if (fault.reason != REASON_NONE && !fault.in_doubt && looked_aside++ < ASIDE_LETTERS_MAX)
            fault = aside_judge(&laying->planes, cell, &usual, fault);
        if (fault.reason != REASON_NONE)
            add_defect(laying, print->fields[cell->field].name, comparison, &cell->box, fault);
        extra = fmaxf(extra, cell->extra / usual.contrast);
        if (!cell->has_ink)
            continue;
        missing = fmaxf(missing, cell->missing / usual.contrast);
        sum += fmaxf(cell->likeness, 0);
        worst = fminf(worst, fmaxf(cell->likeness, 0));
        inked++;
    }
    comparison->cells = inked;
    comparison->usual_milli = (int32_t)(1000 * laying->usual.spot / usual.contrast);
    comparison->missing_milli = (int32_t)(1000 * missing);
    comparison->extra_milli = (int32_t)(1000 * extra);
    comparison->score_milli = inked > 0 ? (int32_t)(1000 * sum / (float)inked) : 0;
    comparison->worst_milli = inked > 0 ? (int32_t)(1000 * worst) : 0;
    return true;
}

/* Print that lies well in itself, but not where its neighbours say. One wrinkle carries many
 * stretches: they count by how far it is, not by how many they are. */
static void judge_slips(const struct laying *laying, const struct print *print,
                        struct comparison *comparison)
{
    for (size_t i = 1; i < laying->stretch_count; i++) {
        const struct laying_stretch *stretch = &laying->stretches[i];
        const struct cell_fault fault = { REASON_PRINT_DAMAGED, slip_of(laying, i), true };
        if (fault.size > 1)
            add_defect(laying, print->fields[laying->cells[stretch->first].field].name, comparison,
                       &stretch->box, fault);
    }
}

/* Letters that are good one by one, with ink dragged over a row of them. */
static void judge_smears(const struct laying *laying, const struct print *print,
                         struct comparison *comparison)
{
    const struct cell_fault fault = { REASON_PRINT_DAMAGED, SMEAR_FAULT, true };
    if (comparison->defect_count > 0)
        return;
    for (size_t i = 0; i < laying->count; i++) {
        struct plane_box box;
        if (smear_of(laying, i, &box) <= 1)
            continue;
        add_defect(laying, print->fields[laying->cells[i].field].name, comparison, &box, fault);
        comparison->is_smeared = true;
    }
}

/* Where the label's text lies, in the seen picture, with the soft edge of its ink. */
static size_t find_known(const struct laying *laying, const struct print *print,
                         struct plane_box *ret_boxes)
{
    const struct print_field *symbol = &print->fields[print->symbol];
    float px = laying->px_per_um;
    int rim = (int)(RIM_UM * px);
    size_t count = 0;
    for (size_t i = 0; i < laying->stretch_count; i++) {
        const struct laying_stretch *stretch = &laying->stretches[i];
        struct plane_box box = stretch->box;
        ret_boxes[count++] =
            (struct plane_box){ box.x + stretch->shift.x - rim, box.y + stretch->shift.y - rim,
                                box.width + 2 * rim, box.height + 2 * rim };
    }
    ret_boxes[count++] = (struct plane_box){ (int)((float)symbol->x_um * px) - 2 * rim,
                                             (int)((float)symbol->y_um * px) - 2 * rim,
                                             (int)((float)symbol->width_um * px) + 4 * rim,
                                             (int)((float)symbol->height_um * px) + 4 * rim };
    return count;
}

/* Print where there should be none makes the label say something else. */
static bool judge_strays(const struct laying *laying, const struct print *print, struct rims *rims,
                         struct rw_arena *arena, struct comparison *comparison,
                         struct rw_error *err)
{
    struct stray_mark marks[STRAY_MARKS_MAX];
    struct plane_box *known = rw_arena_array(arena, LAYING_STRETCHES_MAX + 1, sizeof *known, err);
    size_t count = 0;
    if (known == NULL)
        return false;
    const struct stray_view view = { .seen = &laying->registration->seen,
                                     .paper = &laying->seen_paper,
                                     .wanted = &laying->wanted_print,
                                     .print = print,
                                     .known = known,
                                     .known_count = find_known(laying, print, known),
                                     .px_per_um = laying->px_per_um,
                                     .full = CELL_FULL_INK *
                                             fmaxf(laying->usual.contrast, CONTRAST_MIN) };
    if (!stray_find(&view, arena, marks, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct cell_fault fault = { REASON_TEXT_DIFFERS, STRAY_FAULT, false };
        if (!rims_judge_mark(rims, &marks[i].box, view.full, arena, &fault, err))
            return false;
        if (fault.reason != REASON_NONE)
            add_defect(laying, marks[i].field, comparison, &marks[i].box, fault);
    }
    return true;
}

/* The text as it was found, on white. */
static bool draw_found(const struct laying *laying, struct rw_arena *arena,
                       struct picture *ret_found, struct rw_error *err)
{
    const struct picture *print = &laying->wanted_print;
    if (!picture_make(arena, print->width, print->height, ret_found, err))
        return false;
    memset(ret_found->pixels, WHITE, (size_t)ret_found->stride * (size_t)print->height);
    for (size_t i = 0; i < laying->count; i++) {
        const struct cell *cell = &laying->cells[i];
        for (int k = 0; k < cell->box.width * cell->box.height; k++) {
            int x = cell->box.x + k % cell->box.width;
            int y = cell->box.y + k / cell->box.width;
            int col = x + cell->shift.x;
            int row = y + cell->shift.y;
            if (col < 0 || row < 0 || col >= print->width || row >= print->height)
                continue;
            uint8_t grey = print->pixels[(ptrdiff_t)y * print->stride + x];
            uint8_t *pixel = ret_found->pixels + (ptrdiff_t)row * ret_found->stride + col;
            *pixel = grey < *pixel ? grey : *pixel;
        }
    }
    return true;
}

/* What is dark in a bag in which nothing lies is a blot, or something does lie in it; in others it
 * is one where it is no tablet. */
static bool judge_blots(const struct laying *laying, const struct compare_view *compared,
                        struct rw_arena *arena, struct comparison *comparison, struct rw_error *err)
{
    const struct print *print = compared->print;
    const struct cell_fault fault = { REASON_PRINT_DAMAGED, BLOT_FAULT, true };
    struct stray_mark marks[STRAY_MARKS_MAX];
    struct plane_box known[PRINT_FIELDS_MAX];
    struct picture found;
    float px = laying->px_per_um;
    int rim = (int)(ASIDE_UM * px);
    size_t count = 0;
    struct stray_view view = { .seen = &laying->registration->seen,
                               .paper = compared->is_empty ? NULL : &laying->seen_paper,
                               .wanted = &found,
                               .print = print,
                               .known = known,
                               .px_per_um = px,
                               .full = CELL_FULL_INK * fmaxf(laying->usual.contrast, CONTRAST_MIN),
                               .black = laying->black };
    for (size_t i = 0; i < print->field_count && i < PRINT_FIELDS_MAX; i++) {
        const struct print_field *field = &print->fields[i];
        if (field->text[0] == '\0')
            known[view.known_count++] =
                (struct plane_box){ (int)((float)field->x_um * px) - rim,
                                    (int)((float)field->y_um * px) - rim,
                                    (int)((float)field->width_um * px) + 2 * rim,
                                    (int)((float)field->height_um * px) + 2 * rim };
    }
    if (!draw_found(laying, arena, &found, err) ||
        !stray_find_blots(&view, arena, marks, &count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        add_defect(laying, marks[i].field, comparison, &marks[i].box, fault);
    comparison->is_smeared |= count > 0;
    return true;
}

/* A dead element of the printhead that met no letter. */
static void judge_rules(const struct laying *laying, const struct print *print,
                        struct comparison *comparison)
{
    struct rules_gap gaps[RULES_COMPARED];
    float lack = rules_find_gap(laying, print, gaps);
    const struct cell_fault fault = { REASON_PRINT_DAMAGED, lack / GAP_MAX, false };
    for (size_t i = 0; i < RULES_COMPARED && fault.size > 1; i++)
        add_defect(laying, gaps[i].field, comparison, &gaps[i].box, fault);
}

/* Few small places that differ may be damage, or other letters: E where F should be. Both are said.
 */
static void name_letters(struct comparison *comparison)
{
    if (comparison->defect_count > LETTERS_MAX)
        return;
    for (size_t i = 0; i < comparison->defect_count; i++) {
        struct verdict_defect *defect = &comparison->defects[i];
        if (defect->reason != REASON_PRINT_DAMAGED || defect->width_um > LETTER_UM)
            continue;
        comparison->is_damaged = true;
        defect->reason = REASON_TEXT_DIFFERS;
    }
}

bool compare_print(const struct compare_view *view, struct rw_arena *arena,
                   struct comparison *ret_comparison, struct rw_error *err)
{
    const struct print *print = view->print;
    struct laying laying;
    struct rims rims = { .laying = &laying };
    struct comparison comparison = { 0 };

    if (!laying_make(view->registration, print, arena, &laying, err))
        return false;
    laying.planes.edge_px = fminf(view->edge_um * laying.px_per_um, 1);
    if (!judge_cells(&laying, print, &rims, arena, &comparison, err))
        return false;
    judge_slips(&laying, print, &comparison);
    if (!judge_strays(&laying, print, &rims, arena, &comparison, err))
        return false;
    name_letters(&comparison);
    judge_rules(&laying, print, &comparison);
    judge_smears(&laying, print, &comparison);
    if (comparison.defect_count == 0 && !judge_blots(&laying, view, arena, &comparison, err))
        return false;
    comparison.ink_milli =
        (int32_t)(1000 * laying.usual.contrast * laying.wanted_paper / fmaxf(laying.paper, 1));
    if (comparison.cells > 0)
        comparison.paleness = 1000 * INK_MIN / fmaxf((float)comparison.ink_milli, 1);
    *ret_comparison = comparison;
    return true;
}

void compare_tell(const struct comparison *comparison, struct verdict_bag *bag)
{
    bag->print_score_milli = comparison->score_milli;
    bag->print_in_doubt = (comparison->is_rounded ||
                           (comparison->fault <= DOUBT_MAX && comparison->faults <= DOUBTS_MAX)) &&
                          comparison->paleness <= DOUBT_MAX && bag->reason_count == 0;
    bag->defect_count = comparison->defect_count < VERDICT_DEFECTS_MAX ? comparison->defect_count
                                                                       : VERDICT_DEFECTS_MAX;
    for (size_t i = 0; i < bag->defect_count; i++)
        bag->defects[i] = comparison->defects[i];
    /* The worse reason first: it is what a stopped strip shows. */
    for (size_t i = 0; i < bag->defect_count; i++)
        if (bag->defects[i].reason == REASON_TEXT_DIFFERS)
            verdict_bag_add_reason(bag, REASON_TEXT_DIFFERS);
    for (size_t i = 0; i < bag->defect_count; i++)
        verdict_bag_add_reason(bag, bag->defects[i].reason);
    if (comparison->paleness > 1 || comparison->is_damaged)
        verdict_bag_add_reason(bag, REASON_PRINT_DAMAGED);
}
