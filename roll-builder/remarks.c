/* SPDX-License-Identifier: Apache-2.0 */
/* Tells a person what is worth knowing about a dosage. */
#include "roll-builder/remarks.h"

#include <string.h>

#include "core/model/quantity.h"
#include "roll-builder/cadence.h"
#include "roll-builder/text_hint.h"

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

/* A cheap check of the words against a daily dosage; the structure decides (A5). */
static void compare_text(const struct dosing *dosing, const struct rhythm *rhythm,
                         struct rw_diag *findings)
{
    struct text_hint hint;
    bool daily = rhythm->kind == RHYTHM_DAYS && rhythm->step == 1 && rhythm->weekdays == 0;
    if (!daily || !text_hint_find(dosing->text, &hint))
        return;
    if (hint.times != (long long)rhythm->time_count)
        rw_diag_add(findings, "A5", "text-differs", RW_OVERRIDABLE, dosing->pointer,
                    "the words say %lld times a day, the data %zu", (long long)hint.times,
                    rhythm->time_count);
}

void remarks_tell(const struct dosing *dosing, const struct rhythm *rhythm, bool alone,
                  struct rw_diag *findings)
{
    if (alone)
        compare_text(dosing, rhythm, findings);
    if (dosing->route == DOSING_ROUTE_ABSENT)
        rw_diag_add(findings, "D6", "route-not-stated", RW_OVERRIDABLE, dosing->pointer,
                    "the route is not stated");
    if (rhythm->time_count > 0 && strcmp(rhythm->times[0].rule, "P1") == 0)
        rw_diag_add(findings, "D16", "moments-chosen", RW_INFORMS, dosing->pointer,
                    "the order names no moments: those of the site were chosen");
    bool rare = rhythm->kind == RHYTHM_MONTHS || (rhythm->kind == RHYTHM_DAYS && rhythm->step >= 7);
    if (rare && rhythm->needs_anchor)
        rw_diag_add(findings, "D13", "weekday-from-start", RW_OVERRIDABLE, dosing->pointer,
                    "the day was taken from the start date and asks for confirmation");
}
