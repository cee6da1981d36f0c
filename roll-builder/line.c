/* SPDX-License-Identifier: Apache-2.0 */
/* Places each order: the roll, loose, or excluded with its reason. */
#include "roll-builder/line.h"

#include <string.h>

#include "core/base/date.h"
#include "core/base/text.h"
#include "core/model/quantity.h"
#include "roll-builder/fraction.h"

/* Refusals that mean the order is not in force: nothing was forgotten, nothing blocks. */
static const char *const not_in_force[] = { "not-an-order",   "cancelled-agreement",
                                            "stop-agreement", "do-not-perform",
                                            "replaced",       NULL };
/* Refusals that mean it cannot lie in a bag: it is handed over beside the roll (D6, D14, D23). */
static const char *const beside_the_roll[] = {
    "as-needed",         "not-oral", "rate", "unit-not-countable", "has-administration-duration",
    "external-schedule", NULL
};
/* Refusals after which no word of the order may be trusted (D9). */
static const char *const not_understood[] = { "malformed-input", "unknown-modifier-extension",
                                              NULL };

static bool is_one_of(const char *word, const char *const *words)
{
    for (size_t i = 0; word != NULL && words[i] != NULL; i++) {
        if (strcmp(word, words[i]) == 0)
            return true;
    }
    return false;
}

static const char *written_name(const struct order *order)
{
    if (order->product.text != NULL && order->product.text[0] != '\0')
        return order->product.text;
    for (size_t i = 0; i < order->product.code_count; i++) {
        if (order->product.codes[i].display != NULL)
            return order->product.codes[i].display;
    }
    const struct medicine_code *code = medicine_best_code(&order->product);
    return code != NULL && code->code != NULL ? code->code : "?";
}

static const char *make_label(const struct order *order, const struct line_rules *rules,
                              struct rw_arena *arena, struct rw_error *err)
{
    if (!rules->many_sources || order->source == NULL)
        return order->pointer;
    return rw_arena_format(arena, err, "%s#%s", order->source, order->pointer);
}

/* The order's own findings, under the roll's pointers. `milder`: the line is out of the roll on
 * purpose, so what blocked planning it no longer blocks the roll. */
static bool take_findings(const struct line *line, const struct line_rules *rules, bool milder,
                          struct rw_diag *diag, struct rw_error *err)
{
    const struct rw_diag *from = &line->judged.findings;
    for (size_t i = 0; i < from->count; i++) {
        const struct rw_finding *finding = &from->findings[i];
        enum rw_severity severity = finding->severity;
        if (milder && severity == RW_BLOCKS)
            severity = RW_INFORMS;
        const char *pointer = finding->pointer;
        if (rules->many_sources && line->chosen->order->source != NULL)
            pointer = rw_arena_format(diag->arena, err, "%s#%s", line->chosen->order->source,
                                      finding->pointer);
        if (pointer == NULL)
            return false;
        rw_diag_add(diag, finding->id, finding->reason, severity, pointer, "%s", finding->text);
    }
    diag->lost += from->lost;
    diag->starved = diag->starved || from->starved;
    return true;
}

static bool is_loose_agreement(const struct order *order, const struct policy *policy)
{
    return (order->kind == ORDER_TA && !order->gds && !policy->pack_by_default) ||
           (order->kind == ORDER_WDS && !policy->pack_wds);
}

static void place(struct line *line, enum order_destination destination, const char *reason)
{
    line->destination = destination;
    line->reason = reason;
}

/* An agreement ended the order before the window. */
static bool is_ended_before(const struct chosen *chosen, const struct line_rules *rules)
{
    const struct rw_wall midnight = { rules->window->from, 0 };
    return chosen->has_until &&
           chosen->until_utc_minute <
               rw_stamp_utc_minute(rw_zone_stamp(rules->policy->zone, midnight));
}

/* An order that is packed, and of which nothing is taken when needed, is not asked. */
static bool find_validity(struct line *line, const struct line_rules *rules, struct rw_arena *arena,
                          struct rw_error *err)
{
    const struct chosen *chosen = line->chosen;
    if (line->kept > 0 && line->judged.as_needed_count == 0)
        return true;
    if (!validity_find(chosen->order, rules->window, rules->policy->zone, arena, &line->validity,
                       err))
        return false;
    const bool ended = is_ended_before(chosen, rules);
    for (size_t i = 0; i < ORDER_DOSINGS_MAX; i++)
        line->validity.lapsed[i] = line->validity.lapsed[i] || ended;
    return true;
}

/* What the client no longer takes, or not yet, is no medicine beside the roll. A schedule of
 * changing doses that ended waits for the next one: the medicine goes on (D23). */
static bool place_over(struct line *line, const struct line_rules *rules)
{
    const struct validity *validity = &line->validity;
    const bool goes_on = line->chosen->order->kind == ORDER_WDS;
    if (is_ended_before(line->chosen, rules))
        place(line, ORDER_EXCLUDED, line->chosen->until_reason);
    else if (!goes_on && (validity->ended || validity->to_come))
        place(line, ORDER_EXCLUDED, validity->ended ? "ended" : "not-begun");
    else
        return false;
    line->over = true;
    return true;
}

/* The period of use lies wholly outside the window, or an agreement before it ended the order. */
static bool is_over(const struct line *line, const struct line_rules *rules)
{
    const struct order *order = line->chosen->order;
    const int32_t from = rules->window->from;
    const struct dosing_point *start = &order->period_start;
    const struct dosing_point *end = &order->period_end;
    return is_ended_before(line->chosen, rules) ||
           (end->precision != DOSING_ABSENT && end->stamp.wall.day < from) ||
           (start->precision != DOSING_ABSENT &&
            start->stamp.wall.day >= from + rules->window->days);
}

static void place_refused(struct line *line, const struct line_rules *rules)
{
    const struct order *order = line->chosen->order;
    const char *reason = line->judged.reason;
    line->silent = strcmp(reason, "not-an-order") == 0 &&
                   (order->kind == ORDER_VV || order->kind == ORDER_MVE);
    if (is_one_of(reason, not_in_force) || rw_text_starts_with(reason, "status-") ||
        is_one_of(reason, not_understood)) {
        place(line, ORDER_EXCLUDED, reason);
        return;
    }
    const bool unfit = line->product != NULL && !(line->product->solid && line->product->packable);
    if (is_one_of(reason, beside_the_roll) || line->chosen->not_in_gds || unfit ||
        is_loose_agreement(order, rules->policy)) {
        if (!place_over(line, rules))
            place(line, ORDER_TO_LOOSE, reason);
        return;
    }
    const bool over = is_over(line, rules);
    if (over && place_over(line, rules))
        return; /* whatever else is wrong with it, nobody takes it */
    place(line, ORDER_EXCLUDED, reason);
    line->over = over;
}

static void place_loose(struct line *line, struct rw_diag *diag)
{
    const struct order *order = line->chosen->order;
    if (line->chosen->not_in_gds) {
        place(line, ORDER_TO_LOOSE, "not-in-gds");
        rw_diag_add(diag, "A21", "not-in-gds", RW_INFORMS, line->label,
                    "a dispense request wishes this outside the roll");
    } else {
        place(line, ORDER_TO_LOOSE,
              order->kind == ORDER_WDS ? "variable-regimen" : "loose-agreement");
    }
}

/* The table has no row for it: what nobody can name exactly is never packed. */
static void place_unlisted(struct line *line, bool conflict, struct rw_diag *diag)
{
    const struct medicine *medicine = &line->chosen->order->product;
    const enum rw_severity severity = line->kept > 0 ? RW_BLOCKS : RW_INFORMS;
    place(line, ORDER_EXCLUDED, "not-packable");
    if (conflict)
        rw_diag_add(diag, "D7", "not-packable", severity, line->label,
                    "the codes of this order name several products of the table");
    else if (medicine->code_count == 0)
        rw_diag_add(diag, "D7", "not-packable", severity, line->label,
                    "the order names its product in words alone");
    else if (products_is_magistral(medicine))
        rw_diag_add(diag, "D7", "not-packable", severity, line->label,
                    "the product is known only by a number that a pharmacy gave it itself");
    else
        rw_diag_add(diag, "D31", "not-packable", severity, line->label,
                    "this product is not in the pharmacy's product table");
}

static void place_by_product(struct line *line, bool conflict, struct rw_diag *diag)
{
    const struct product *product = line->product;
    if (product == NULL) {
        place_unlisted(line, conflict, diag);
    } else if (!product->solid) {
        place(line, ORDER_TO_LOOSE, "not-packable");
        rw_diag_add(diag, "D6", "not-packable", RW_INFORMS, line->label,
                    "\"%s\" is no solid form and is handed over beside the roll", product->form);
    } else if (!product->packable) {
        place(line, ORDER_TO_LOOSE, "not-packable");
        rw_diag_add(diag, "D31", "kept-out-of-bags", RW_INFORMS, line->label,
                    "the product table keeps this product out of bags; it is handed over loose");
    } else if (!product->in_stock && product->sent_later) {
        place(line, ORDER_TO_LOOSE, "sent-later");
        if (line->kept > 0)
            rw_diag_add(diag, "D44", "sent-later", RW_OVERRIDABLE, line->label,
                        "this product is out of stock: it is sent later and lies beside the roll");
    } else if (!product->in_stock) {
        place(line, ORDER_EXCLUDED, "out-of-stock");
        rw_diag_add(diag, "D44", "out-of-stock", line->kept > 0 ? RW_BLOCKS : RW_INFORMS,
                    line->label, "this product is out of stock and may not silently be left out");
    } else {
        place(line, ORDER_TO_ROLL, NULL);
    }
}

static bool is_kept(const struct chosen *chosen, const struct intake *intake)
{
    return !chosen->has_until || rw_stamp_utc_minute(intake->at) <= chosen->until_utc_minute;
}

static bool keep_intakes(struct line *line, struct rw_error *err)
{
    const struct chosen *chosen = line->chosen;
    for (size_t i = 0; i < line->judged.intake_count; i++) {
        const struct intake *intake = &line->judged.intakes[i];
        const bool kept = is_kept(chosen, intake);
        int64_t *sum = kept ? &line->kept_milli : &line->ended_milli;
        if (!quantity_add(*sum, intake->milli, sum))
            return rw_error_set(err, RW_TOO_LARGE, chosen->order->pointer,
                                "the amounts of this order are too large to be added");
        line->kept += kept;
    }
    return true;
}

/* A schedule of changing doses is packed for the time that it was issued for, and no longer. */
static bool is_open_regimen(const struct order *order, const struct policy *policy)
{
    bool bounded = order->period_end.precision != DOSING_ABSENT || order->period_duration.milli > 0;
    for (size_t i = 0; i < order->dosing_count && !bounded; i++)
        bounded = order->dosings[i].bounds_end.precision != DOSING_ABSENT ||
                  order->dosings[i].bounds_duration.milli > 0 || order->dosings[i].count > 0 ||
                  order->dosings[i].event_count > 0;
    return order->kind == ORDER_WDS && policy->pack_wds && !bounded;
}

static void place_line(struct line *line, const struct line_rules *rules, bool conflict,
                       struct rw_diag *diag)
{
    const struct order *order = line->chosen->order;
    if (line->chosen->replaced) {
        place(line, ORDER_EXCLUDED, "replaced");
        line->silent = order->kind == ORDER_VV || order->kind == ORDER_MVE;
    } else if (!line->judged.planned) {
        place_refused(line, rules);
    } else if (line->kept == 0 && line->chosen->has_until) {
        line->over = true;
        place(line, ORDER_EXCLUDED, line->chosen->until_reason);
    } else if (line->kept == 0 && place_over(line, rules)) {
        return;
    } else if (rules->products == NULL) {
        place(line, ORDER_EXCLUDED, "not-packable");
        rw_diag_add(diag, "D31", "not-packable", line->kept > 0 ? RW_BLOCKS : RW_INFORMS,
                    line->label, "without a product table nothing may be packed");
    } else if (is_open_regimen(order, rules->policy)) {
        place(line, ORDER_TO_LOOSE, "variable-regimen");
        rw_diag_add(diag, "D23", "regimen-without-end", RW_INFORMS, line->label,
                    "a schedule of changing doses that states no end is not packed");
    } else if (line->chosen->not_in_gds || line->judged.destination == ORDER_TO_LOOSE) {
        place_loose(line, diag);
    } else {
        place_by_product(line, conflict, diag);
    }
    if (line->destination == ORDER_TO_ROLL && line->kept == 0) {
        line->over = true; /* in force, but nothing of it falls into these days (D2) */
        place(line, ORDER_EXCLUDED, "not-in-period");
    }
    if (line->destination != ORDER_EXCLUDED && line->chosen->has_until && line->ended_milli > 0)
        rw_diag_add(diag, "A2", line->chosen->until_reason, RW_INFORMS, line->label,
                    "another agreement ends this one within the period of the roll");
}

/* What the order means in a window, finer doses as far as the table lets the product be split. */
static bool judge(const struct line *line, const struct line_rules *rules,
                  const struct window *window, struct rw_arena *arena,
                  struct eligibility *ret_judged, bool *ret_finer, struct rw_error *err)
{
    const struct order *order = line->chosen->order;
    if (!eligibility_judge(order, rules->policy, window, arena, ret_judged, err))
        return false;
    *ret_finer = fraction_may_plan(ret_judged, line->product);
    return !*ret_finer || fraction_judge(order, rules->policy, window, arena, ret_judged, err);
}

/* D11: a roll of one day says nothing about the other days of the week. */
static bool find_weekdays(struct line *line, const struct line_rules *rules, struct rw_arena *arena,
                          struct rw_error *err)
{
    struct window fortnight = *rules->window;
    struct eligibility ahead;
    bool finer;
    if (fortnight.days < LINE_WEEKLY_DAYS)
        fortnight.days = LINE_WEEKLY_DAYS;
    if (!judge(line, rules, &fortnight, arena, &ahead, &finer, err))
        return false;
    for (size_t i = 0; i < ahead.intake_count; i++) {
        if (is_kept(line->chosen, &ahead.intakes[i]))
            line->weekdays |= (uint8_t)(1u << (rw_date_weekday(ahead.intakes[i].at.wall.day) - 1));
    }
    return true;
}

bool line_same_substance(const struct line *one, const struct line *two)
{
    if (one->product != NULL && two->product != NULL)
        return rw_text_equal_nocase(one->product->substance, two->product->substance);
    const struct medicine_code *left = medicine_best_code(&one->chosen->order->product);
    const struct medicine_code *right = medicine_best_code(&two->chosen->order->product);
    return left != NULL && right != NULL && left->system != NULL && left->code != NULL &&
           rw_text_equal(left->system, right->system) && rw_text_equal(left->code, right->code);
}

bool line_make(const struct chosen *chosen, const struct line_rules *rules, struct rw_diag *diag,
               struct line *ret_line, struct rw_error *err)
{
    struct line line = { .chosen = chosen };
    bool conflict;
    bool finer;
    line.label = make_label(chosen->order, rules, diag->arena, err);
    if (line.label == NULL)
        return false;
    if (chosen->by != NULL) {
        line.by = make_label(chosen->by, rules, diag->arena, err);
        if (line.by == NULL)
            return false;
    }
    line.product = products_find(rules->products, &chosen->order->product, &conflict);
    if (!judge(&line, rules, rules->window, diag->arena, &line.judged, &finer, err))
        return false;
    if (line.product != NULL && line.product->weekly &&
        !find_weekdays(&line, rules, diag->arena, err))
        return false;
    if (finer)
        rw_diag_add(diag, "D40", "finer-than-half", RW_OVERRIDABLE, line.label,
                    "a part finer than a half is ordered; the product table lets it be split");
    line.name = line.product != NULL ? line.product->name : written_name(chosen->order);
    if (!chosen->replaced && line.judged.planned && !keep_intakes(&line, err))
        return false;
    if (!find_validity(&line, rules, diag->arena, err))
        return false;
    place_line(&line, rules, conflict, diag);
    const bool blocks = line.destination == ORDER_EXCLUDED && !line.over &&
                        !is_one_of(line.reason, not_in_force) &&
                        !rw_text_starts_with(line.reason, "status-");
    if (blocks && !line.judged.planned && !chosen->replaced &&
        !rw_diag_has(&line.judged.findings, RW_BLOCKS))
        return rw_error_set(err, RW_BUG, line.label, "an order was refused without saying why");
    if (!chosen->replaced && !line.silent &&
        !take_findings(&line, rules, !blocks && !line.judged.planned, diag, err))
        return false;
    *ret_line = line;
    return true;
}
