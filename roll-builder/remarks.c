/* SPDX-License-Identifier: Apache-2.0 */
/* Tells a person what is worth knowing about a dosage. */
#include "roll-builder/remarks.h"

#include <stdio.h>
#include <string.h>

#include "core/model/quantity.h"
#include "roll-builder/cadence.h"
#include "roll-builder/clock_times.h"
#include "roll-builder/text_claim.h"
#include "roll-builder/text_hint.h"
#include "roll-builder/text_manner.h"

#define CHOSEN_WORD_MAX 24 /* of ", afternoon" or ", 08:00" */
#define CHOSEN_TEXT_MAX (DOSING_TIMES_MAX * CHOSEN_WORD_MAX)

void remarks_suggest(const struct dosing *dosing, struct rw_diag *findings)
{
    struct text_hint hint;
    char slots[TEXT_HINT_SLOTS][QUANTITY_TEXT_MAX];
    if (cadence_is_said(dosing) || !text_hint_find(dosing->text, &hint))
        return;
    for (size_t i = 0; i < TEXT_HINT_SLOTS; i++)
        quantity_write(hint.slot_milli[i], slots[i]);
    if (hint.has_slots)
        rw_diag_add(findings, "A8", "suggestion", RW_INFORMS, dosing->pointer,
                    "the words may mean %s in the morning, %s at noon, %s in the evening, "
                    "%s at night",
                    slots[0], slots[1], slots[2], slots[3]);
    else
        rw_diag_add(findings, "A8", "suggestion", RW_INFORMS, dosing->pointer,
                    hint.times == 1 ? "the words may mean %lld time a day"
                                    : "the words may mean %lld times a day",
                    (long long)hint.times);
}

static bool is_written(const struct dosing *dosing, int32_t minute)
{
    for (size_t i = 0; i < dosing->time_count; i++) {
        if (dosing->times[i] == minute)
            return true;
    }
    return false;
}

static bool has_time(const struct dosing *dosing, const struct rhythm *rhythm, int32_t minute)
{
    if (dosing->time_count > 0)
        return is_written(dosing, minute);
    for (size_t i = 0; i < rhythm->time_count; i++) {
        if (rhythm->times[i].minute == minute)
            return true;
    }
    return false;
}

/* What the words say in another way than the data do, NULL when nothing. */
static const char *find_difference(const char *text, const struct dosing *dosing,
                                   const struct rhythm *rhythm)
{
    struct text_hint hint;
    struct text_claim claim;
    struct text_manner manner;
    bool daily = rhythm->kind == RHYTHM_DAYS && rhythm->step == 1 && rhythm->weekdays == 0;
    if (daily && text_hint_find(text, &hint) && hint.times != (long long)rhythm->time_count)
        return "how often a day";
    text_manner_find(text, &manner);
    if (manner.as_needed)
        return "when it is needed";
    if (daily && manner.rarer)
        return "which days";
    text_claim_find(text, &claim);
    for (size_t i = 0; i < claim.minute_count; i++) {
        if (!has_time(dosing, rhythm, claim.minutes[i]))
            return "the time of the day";
    }
    return claim.dose_milli != 0 && claim.dose_milli != dosing->dose.milli ? "the amount" : NULL;
}

/* A cheap check of the words against the data, which decide (A5). The words beside one of several
 * dosages often tell of all of them: only "when needed" and "weekly" are looked for there. */
static void compare_text(const struct order *order, const struct dosing *dosing,
                         const struct rhythm *rhythm, struct rw_diag *findings)
{
    const bool alone = order->dosing_count == 1;
    const bool daily = rhythm->kind == RHYTHM_DAYS && rhythm->step == 1 && rhythm->weekdays == 0;
    const char *what = dosing->words_as_needed ? "when it is needed" : NULL;
    if (what == NULL && daily && dosing->words_rarer)
        what = "which days";
    if (what == NULL && alone)
        what = find_difference(dosing->text, dosing, rhythm);
    if (what == NULL && alone)
        what = find_difference(dosing->timing_code, dosing, rhythm);
    if (what == NULL && alone)
        what = find_difference(order->sentence, dosing, rhythm);
    if (what != NULL)
        rw_diag_add(findings, "A5", "text-differs", RW_OVERRIDABLE, dosing->pointer,
                    "the words of the order say something else than its data: %s", what);
}

/* The moments or times that the site chose where the order names none. */
static void tell_choice(const struct dosing *dosing, const struct rhythm *rhythm,
                        struct rw_diag *findings)
{
    char chosen[CHOSEN_TEXT_MAX] = "";
    size_t length = 0;
    const char *rule = rhythm->time_count > 0 ? rhythm->times[0].rule : "";
    if (!clock_times_are_chosen(rule))
        return;
    for (size_t i = 0; i < rhythm->time_count && length + CHOSEN_WORD_MAX < sizeof chosen; i++) {
        const struct rhythm_time *time = &rhythm->times[i];
        const char *word = daytimes_word(time->moment);
        char clock[CHOSEN_WORD_MAX];
        (void)snprintf(clock, sizeof clock, "%02d:%02d", time->minute / 60, time->minute % 60);
        length += (size_t)snprintf(chosen + length, sizeof chosen - length, "%s %s",
                                   i == 0 ? "" : ",", word != NULL ? word : clock);
    }
    rw_diag_add(findings, "D16", "moments-chosen", RW_INFORMS, dosing->pointer,
                "the order names no moments; the site chose%s (%s)", chosen, rule);
}

void remarks_tell(const struct order *order, const struct dosing *dosing,
                  const struct rhythm *rhythm, struct rw_diag *findings)
{
    compare_text(order, dosing, rhythm, findings);
    if (dosing->route == DOSING_ROUTE_ABSENT)
        rw_diag_add(findings, "D6", "route-not-stated", RW_OVERRIDABLE, dosing->pointer,
                    "the route is not stated");
    tell_choice(dosing, rhythm, findings);
    bool rare = rhythm->kind == RHYTHM_MONTHS || (rhythm->kind == RHYTHM_DAYS && rhythm->step >= 7);
    if (rare && rhythm->needs_anchor)
        rw_diag_add(findings, "D13", "weekday-from-start", RW_OVERRIDABLE, dosing->pointer,
                    "the day was taken from the start date and asks for confirmation");
}

void remarks_moved(const struct order *order, const struct occurrence_list *list,
                   struct rw_diag *findings)
{
    bool joined[ORDER_DOSINGS_MAX] = { false };
    bool shifted[ORDER_DOSINGS_MAX] = { false };
    for (size_t i = 0; i < list->count; i++) {
        const struct intake *intake = &list->intakes[i];
        const struct dosing *dosing = &order->dosings[intake->dosing];
        if (strcmp(intake->rule, "time-of-day") != 0 || is_written(dosing, intake->at.wall.minute))
            continue;
        if (intake->moment != NULL)
            joined[intake->dosing] = true;
        else
            shifted[intake->dosing] = true;
    }
    for (size_t i = 0; i < order->dosing_count; i++) {
        if (joined[i])
            rw_diag_add(findings, "D18", "time-joined", RW_INFORMS, order->dosings[i].pointer,
                        "a time of the order joins a moment near it, as the site asks");
        if (shifted[i])
            rw_diag_add(findings, "D24", "clock-change", RW_INFORMS, order->dosings[i].pointer,
                        "the clock is put forward over a time of the order, which comes later");
    }
}

/* The most of any local day; `list` is ascending. */
static int64_t most_of_a_day(const struct occurrence_list *list)
{
    int64_t most = 0;
    int64_t sum = 0;
    for (size_t i = 0; i < list->count; i++) {
        const bool same = i > 0 && list->intakes[i].at.wall.day == list->intakes[i - 1].at.wall.day;
        if (!quantity_add(same ? sum : 0, list->intakes[i].milli, &sum))
            return INT64_MAX; /* beyond any maximum */
        most = sum > most ? sum : most;
    }
    return most;
}

void remarks_maximum(const struct order *order, const struct occurrence_list *list,
                     struct rw_diag *findings)
{
    const int64_t most = most_of_a_day(list);
    for (size_t i = 0; i < order->dosing_count; i++) {
        const struct dosing *dosing = &order->dosings[i];
        const bool at_once = !dosing->as_needed && dosing->cap_dose_milli > 0 &&
                             dosing->dose.milli > dosing->cap_dose_milli;
        const bool a_day = dosing->cap_day_milli > 0 && most > dosing->cap_day_milli;
        if (at_once || a_day)
            rw_diag_add(findings, "D26", "above-stated-maximum", RW_OVERRIDABLE, dosing->pointer,
                        "the order is for more than the most that it states itself, %s",
                        at_once ? "at a time" : "for a day");
    }
}
