/* SPDX-License-Identifier: Apache-2.0 */
/* Tells a person what is worth knowing about a dosage. */
#include "roll-builder/remarks.h"

#include <stdio.h>
#include <string.h>

#include "core/model/quantity.h"
#include "roll-builder/cadence.h"
#include "roll-builder/text_claim.h"
#include "roll-builder/text_hint.h"

#define TIME_TEXT_MAX 6 /* " 08:00" */
#define TIMES_TEXT_MAX (DOSING_TIMES_MAX * TIME_TEXT_MAX + 1)

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

static bool has_time(const struct dosing *dosing, const struct rhythm *rhythm, int32_t minute)
{
    for (size_t i = 0; i < dosing->time_count; i++) {
        if (dosing->times[i] == minute)
            return true;
    }
    /* A time of the order may have moved into a moment of the site; the words did not. */
    for (size_t i = 0; dosing->time_count == 0 && i < rhythm->time_count; i++) {
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
        return "how often a day";
    text_claim_find(text, &claim);
    for (size_t i = 0; i < claim.minute_count; i++) {
        if (!has_time(dosing, rhythm, claim.minutes[i]))
            return "at which times";
    }
    return claim.dose_milli != 0 && claim.dose_milli != dosing->dose.milli ? "how much" : NULL;
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
                    "the words of the order say something else than its data on %s", what);
}

/* The times that the site chose where the order names none: "08:00 18:00". */
static void tell_choice(const struct dosing *dosing, const struct rhythm *rhythm,
                        struct rw_diag *findings)
{
    char times[TIMES_TEXT_MAX] = "";
    size_t length = 0;
    const char *rule = rhythm->time_count > 0 ? rhythm->times[0].rule : "";
    if (strcmp(rule, "P1") != 0 && strcmp(rule, "P2") != 0 && strcmp(rule, "hours") != 0)
        return;
    for (size_t i = 0; i < rhythm->time_count && length + TIME_TEXT_MAX < sizeof times; i++)
        length += (size_t)snprintf(times + length, sizeof times - length, " %02d:%02d",
                                   rhythm->times[i].minute / 60, rhythm->times[i].minute % 60);
    rw_diag_add(findings, "D16", "moments-chosen", RW_INFORMS, dosing->pointer,
                "the order names no moments: those of the site were chosen,%s", times);
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
