/* SPDX-License-Identifier: Apache-2.0 */
/* Tells a person what is worth knowing about a dosage. */
#include "roll-builder/remarks.h"

#include <stdio.h>
#include <string.h>

#include "core/model/quantity.h"
#include "roll-builder/cadence.h"
#include "roll-builder/text_claim.h"
#include "roll-builder/text_hint.h"

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
                    "the words may mean %lld times a day", (long long)hint.times);
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
    bool daily = rhythm->kind == RHYTHM_DAYS && rhythm->step == 1 && rhythm->weekdays == 0;
    if (daily && text_hint_find(text, &hint) && hint.times != (long long)rhythm->time_count)
        return "number of times a day";
    text_claim_find(text, &claim);
    for (size_t i = 0; i < claim.minute_count; i++) {
        if (!has_time(dosing, rhythm, claim.minutes[i]))
            return "time of the day";
    }
    return claim.dose_milli != 0 && claim.dose_milli != dosing->dose.milli ? "amount" : NULL;
}

/* A cheap check of the words against the only dosage of an order; the structure decides (A5). */
static void compare_text(const struct order *order, const struct dosing *dosing,
                         const struct rhythm *rhythm, struct rw_diag *findings)
{
    const char *what = find_difference(dosing->text, dosing, rhythm);
    if (what == NULL)
        what = find_difference(order->sentence, dosing, rhythm);
    if (what != NULL)
        rw_diag_add(findings, "A5", "text-differs", RW_OVERRIDABLE, dosing->pointer,
                    "the words of the order name another %s than its data", what);
}

/* The moments or times that the site chose where the order names none. */
static void tell_choice(const struct dosing *dosing, const struct rhythm *rhythm,
                        struct rw_diag *findings)
{
    char chosen[CHOSEN_TEXT_MAX] = "";
    size_t length = 0;
    const char *rule = rhythm->time_count > 0 ? rhythm->times[0].rule : "";
    if (strcmp(rule, "P1") != 0 && strcmp(rule, "P2") != 0 && strcmp(rule, "hours") != 0)
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
    if (order->dosing_count == 1)
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
