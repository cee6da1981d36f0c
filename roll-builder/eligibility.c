/* SPDX-License-Identifier: Apache-2.0 */
/* Decides what one order alone means: intakes or a refusal. */
#include "roll-builder/eligibility.h"

#include <string.h>

#include "core/base/text.h"
#include "roll-builder/dose_rules.h"
#include "roll-builder/occurrence.h"
#include "roll-builder/overlap.h"
#include "roll-builder/phases.h"
#include "roll-builder/reasons.h"
#include "roll-builder/recurrence.h"
#include "roll-builder/remarks.h"
#include "roll-builder/span.h"

#define CANCELLED "89925002" /* SNOMED CT: geannuleerd */

/* One order on its way to a verdict. */
struct bench {
    const struct order *order;
    const struct policy *policy;
    const struct window *window;
    struct rw_arena *arena;
    struct eligibility *verdict;
    struct rhythm *rhythms; /* one for each dosing */
    struct phases phases;
};

static void refuse(struct bench *bench, const char *reason, const char *pointer, const char *text)
{
    rw_diag_add(&bench->verdict->findings, reasons_id(reason), reason, RW_BLOCKS, pointer, "%s",
                text);
}

static void take_intake_findings(struct bench *bench)
{
    const struct rw_diag *from = &bench->order->findings;
    for (size_t i = 0; i < from->count; i++) {
        const struct rw_finding *finding = &from->findings[i];
        rw_diag_add(&bench->verdict->findings, finding->id, finding->reason, finding->severity,
                    finding->pointer, "%s", finding->text);
    }
    const struct rw_finding *first = reasons_first(from);
    const char *refused = bench->order->refused;
    if (refused != NULL && (first == NULL || strcmp(first->reason, refused) != 0))
        refuse(bench, refused, bench->order->pointer, "the line was refused when it was read");
}

static int64_t window_start(const struct bench *bench)
{
    struct rw_wall wall = { .day = bench->window->from, .minute = 0 };
    return rw_stamp_utc_minute(rw_zone_stamp(bench->policy->zone, wall)) * 60;
}

/* Does the order say that it goes on after the start of the window? */
static bool ends_later(const struct bench *bench)
{
    const struct order *order = bench->order;
    const struct rw_zone *zone = bench->policy->zone;
    int64_t from = window_start(bench);
    if (order->period_end.precision != DOSING_ABSENT)
        return span_after(&order->period_end, zone) - 1 > from;
    struct dosing_point end;
    if (order->period_start.precision != DOSING_ABSENT && order->period_duration.milli > 0 &&
        span_add(&order->period_start, order->period_duration, 1, zone, &end))
        return span_start(&end) > from;
    for (size_t i = 0; i < order->dosing_count; i++) {
        const struct dosing_point *bound = &order->dosings[i].bounds_end;
        if (!order->dosings[i].as_needed && bound->precision != DOSING_ABSENT &&
            span_after(bound, zone) - 1 > from)
            return true;
    }
    /* A start that the operator gave is no statement of the order's. */
    bool own_start = order->period_start.precision != DOSING_ABSENT || !bench->window->has_start;
    int64_t last = phases_end(&bench->phases);
    return own_start && last > from && last != PHASES_NEVER;
}

static bool judge_status(struct bench *bench, struct rw_error *err)
{
    const char *status = bench->order->status;
    if (status == NULL || strcmp(status, "active") == 0 || strcmp(status, "unknown") == 0)
        return true; /* a missing status is malformed and was found by intake */
    if (strcmp(status, "completed") == 0 && ends_later(bench))
        return true;
    const char *reason = rw_arena_format(bench->arena, err, "status-%s", status);
    const char *pointer = rw_arena_format(bench->arena, err, "%s/status", bench->order->pointer);
    if (reason == NULL || pointer == NULL)
        return false;
    refuse(bench, reason, pointer, "an order with this status is not carried out");
    return true;
}

static void judge_order(struct bench *bench)
{
    const struct order *order = bench->order;
    if (order->stop_type != NULL && strcmp(order->stop_type, CANCELLED) == 0)
        refuse(bench, "cancelled-agreement", order->pointer, "the agreement was cancelled");
    else if (order->stop_type != NULL)
        refuse(bench, "stop-agreement", order->pointer,
               "the agreement stops another and repeats its dosage");
    if (order->conditional)
        refuse(bench, "conditional-period", order->pointer,
               "start or end depend on something that a plan cannot know");
    if (order->dosing_count == 0)
        refuse(bench, "no-timing", order->pointer, "the order has no dosage");
}

/* PRN dosages beside regular ones stay out of the roll (A1); alone they refuse the order. */
static bool judge_as_needed(struct bench *bench, struct rw_error *err)
{
    const struct order *order = bench->order;
    struct eligibility *verdict = bench->verdict;
    size_t count = 0;
    for (size_t i = 0; i < order->dosing_count; i++)
        count += order->dosings[i].as_needed ? 1 : 0;
    bool alone = count > 0 && count == order->dosing_count;
    verdict->as_needed = rw_arena_array(bench->arena, count, sizeof(*verdict->as_needed), err);
    if (verdict->as_needed == NULL)
        return false;
    for (size_t i = 0; i < order->dosing_count; i++) {
        const struct dosing *dosing = &order->dosings[i];
        if (!dosing->as_needed)
            continue;
        if (alone)
            refuse(bench, "as-needed", dosing->pointer, "to be taken when needed: never in a roll");
        else
            rw_diag_add(&verdict->findings, "D14", "as-needed", RW_OVERRIDABLE, dosing->pointer,
                        "this dosage is taken when needed and stays out of the roll");
        if (!alone)
            verdict->as_needed[verdict->as_needed_count++] = i;
    }
    return true;
}

static void judge_dosing(struct bench *bench, size_t index)
{
    const struct dosing *dosing = &bench->order->dosings[index];
    struct fault_list faults = { 0 };
    remarks_suggest(dosing, &bench->verdict->findings);
    if (!dose_rules_check(dosing, &bench->verdict->findings))
        return;
    (void)recurrence_make(dosing, bench->policy, &bench->rhythms[index], &faults);
    for (size_t i = 0; i < faults.count; i++)
        refuse(bench, faults.list[i].reason, dosing->pointer, faults.list[i].text);
}

static void judge_phases(struct bench *bench)
{
    const struct phases *phases = &bench->phases;
    const struct order *order = bench->order;
    for (size_t i = 0; i < phases->faults.count; i++) {
        const struct fault *fault = &phases->faults.list[i];
        const char *pointer = order->pointer;
        if (fault->dosing < order->dosing_count)
            pointer = order->dosings[fault->dosing].pointer;
        refuse(bench, fault->reason, pointer, fault->text);
    }
    for (size_t i = 0; i < phases->count; i++) {
        const struct phase *phase = &phases->list[i];
        const struct dosing *dosing = &order->dosings[phase->dosing];
        const struct rhythm *rhythm = &bench->rhythms[phase->dosing];
        bool anchored = phase->from != PHASES_ALWAYS || dosing->as_needed;
        if (!anchored && (rhythm->needs_anchor || dosing->count > 0))
            refuse(bench, "no-anchor", dosing->pointer,
                   "the dosage is counted from a start that nothing says");
    }
    if (phases->leaves_rest && phases->faults.count == 0)
        rw_diag_add(&bench->verdict->findings, "D19", "phases-end-early", RW_OVERRIDABLE,
                    order->pointer, "nothing is planned after the end of the last phase");
}

/* Only what is sound up to here has rhythms that can be compared. */
static void judge_overlap(struct bench *bench)
{
    const struct order *order = bench->order;
    size_t dosing;
    if (reasons_first(&bench->verdict->findings) != NULL)
        return;
    if (overlap_find(order, bench->rhythms, &bench->phases, bench->policy, &dosing))
        refuse(bench, "invalid-timing", order->dosings[dosing].pointer,
               "another dosage ends on the day on which this one begins, at the same time of day");
    else if (overlap_find_double(order, bench->rhythms, &bench->phases, bench->policy, &dosing))
        refuse(bench, "invalid-timing", order->dosings[dosing].pointer,
               "another dosage falls at the same time, and nothing says that both are meant");
}

/* What is wrong with the route itself is told before; a method alone only keeps out of the bag what
 * would lie in it. */
static void judge_method(struct bench *bench)
{
    const struct order *order = bench->order;
    if (reasons_first(&bench->verdict->findings) != NULL)
        return;
    for (size_t i = 0; i < order->dosing_count; i++) {
        if (order->dosings[i].not_swallowed && !order->dosings[i].as_needed)
            refuse(bench, "not-oral", order->dosings[i].pointer,
                   "the method of giving is no swallowing");
    }
}

static bool list_intakes(struct bench *bench, struct rw_error *err)
{
    const struct order *order = bench->order;
    struct occurrence_list list = { 0 };
    int64_t *left = rw_arena_array(bench->arena, order->dosing_count, sizeof(*left), err);
    if (left == NULL)
        return false;
    for (size_t i = 0; i < order->dosing_count; i++)
        left[i] = order->dosings[i].count > 0 ? order->dosings[i].count : -1;
    for (size_t i = 0; i < bench->phases.count; i++) {
        const struct phase *phase = &bench->phases.list[i];
        struct occurrence occurrence = { .dosing = &order->dosings[phase->dosing],
                                         .rhythm = &bench->rhythms[phase->dosing],
                                         .phase = phase,
                                         .phases = &bench->phases,
                                         .policy = bench->policy,
                                         .window = bench->window,
                                         .left = &left[phase->dosing] };
        if (!occurrence.dosing->as_needed && !occurrence_add(&occurrence, bench->arena, &list, err))
            return false;
    }
    if (list.overflows)
        refuse(bench, "too-many-intakes", order->pointer,
               "more intakes in the window than one order may have");
    occurrence_sort(&list);
    remarks_moved(order, &list, &bench->verdict->findings);
    remarks_maximum(order, &list, &bench->verdict->findings);
    bench->verdict->intakes = list.intakes;
    bench->verdict->intake_count = list.count;
    return true;
}

static enum order_destination find_destination(const struct bench *bench)
{
    const struct order *order = bench->order;
    if (order->kind == ORDER_TA && !order->gds && !bench->policy->pack_by_default)
        return ORDER_TO_LOOSE;
    if (order->kind == ORDER_WDS && !bench->policy->pack_wds)
        return ORDER_TO_LOOSE;
    return ORDER_TO_ROLL;
}

/* The dosages, when the line is an order at all. */
static bool judge_dosings(struct bench *bench, struct rw_error *err)
{
    const struct order *order = bench->order;
    bench->rhythms =
        rw_arena_array(bench->arena, order->dosing_count, sizeof(*bench->rhythms), err);
    if (bench->rhythms == NULL || !judge_as_needed(bench, err))
        return false;
    for (size_t i = 0; i < order->dosing_count; i++) {
        if (!order->dosings[i].as_needed)
            judge_dosing(bench, i);
    }
    if (!phases_lay(order, bench->window, bench->policy->zone, bench->arena, &bench->phases, err) ||
        !judge_status(bench, err))
        return false;
    judge_phases(bench);
    judge_overlap(bench);
    judge_method(bench);
    if (reasons_first(&bench->verdict->findings) != NULL)
        return true;
    for (size_t i = 0; i < order->dosing_count; i++) {
        if (!order->dosings[i].as_needed)
            remarks_tell(order, &order->dosings[i], &bench->rhythms[i], &bench->verdict->findings);
    }
    return list_intakes(bench, err);
}

bool eligibility_judge(const struct order *order, const struct policy *policy,
                       const struct window *window, struct rw_arena *arena,
                       struct eligibility *ret_eligibility, struct rw_error *err)
{
    struct eligibility verdict = { .order = order };
    struct bench bench = {
        .order = order, .policy = policy, .window = window, .arena = arena, .verdict = &verdict
    };
    rw_diag_init(&verdict.findings, arena);
    take_intake_findings(&bench);
    bool no_order =
        order->kind == ORDER_OTHER || order->kind == ORDER_VV || order->kind == ORDER_MVE;
    if (!no_order) {
        judge_order(&bench);
        if (!judge_dosings(&bench, err))
            return false;
    }
    bool lost = verdict.findings.lost > 0 || order->findings.lost > 0;
    /* The first reason of an order may be the one that no memory was left for. */
    if (verdict.findings.starved || order->findings.starved ||
        (lost && reasons_first(&verdict.findings) == NULL))
        return rw_error_set(err, RW_NO_MEMORY, "", "no room for the findings of an order");
    const struct rw_finding *first = reasons_first(&verdict.findings);
    verdict.planned = first == NULL;
    verdict.destination = first == NULL ? find_destination(&bench) : ORDER_EXCLUDED;
    if (first != NULL) {
        verdict.reason = first->reason;
        verdict.reason_pointer = first->pointer;
        verdict.intakes = NULL;
        verdict.intake_count = 0;
    }
    *ret_eligibility = verdict;
    return true;
}
