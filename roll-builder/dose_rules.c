/* SPDX-License-Identifier: Apache-2.0 */
/* Judges amount, unit, route and ranges of one dosage. */
#include "roll-builder/dose_rules.h"

#include "roll-builder/cadence.h"
#include "roll-builder/reasons.h"

#define HALF_MILLI 500 /* whole pieces and halves are packed */

static void refuse(const struct dosing *dosing, struct rw_diag *diag, const char *reason,
                   const char *text)
{
    rw_diag_add(diag, reasons_id(reason), reason, RW_BLOCKS, dosing->pointer, "%s", text);
}

static void check_unit(const struct dosing *dosing, struct rw_diag *diag)
{
    const struct dosing_dose *dose = &dosing->dose;
    const char *unit = dose->unit_text == NULL ? "" : dose->unit_text;
    switch (dose->countable) {
    case DOSING_COUNTABLE:
    case DOSING_COUNTABLE_COUNT:
        return;
    case DOSING_UNIT_ABSENT:
        refuse(dosing, diag, "unit-missing", "the dose has no unit");
        return;
    case DOSING_NOT_COUNTABLE:
        rw_diag_add(diag, reasons_id("unit-not-countable"), "unit-not-countable", RW_BLOCKS,
                    dose->pointer, "\"%.60s\" is no piece that can be counted into a bag", unit);
        return;
    case DOSING_UNIT_CONFLICT:
        rw_diag_add(diag, reasons_id("unit-conflict"), "unit-conflict", RW_BLOCKS, dose->pointer,
                    "the unit \"%.60s\" and its code or translation disagree", unit);
        return;
    }
}

static void check_dose(const struct dosing *dosing, struct rw_diag *diag)
{
    const struct dosing_dose *dose = &dosing->dose;
    if (dose->has_rate)
        refuse(dosing, diag, "rate", "the dosage has a rate");
    if (dosing->dose_count > 1)
        refuse(dosing, diag, "multiple-doses", "the dosage has several doses");
    if (dose->is_range) {
        refuse(dosing, diag, "dose-range", "the dose is a range");
        return;
    }
    if (!dose->given) {
        if (!dose->has_rate)
            refuse(dosing, diag, "no-dose", "the dosage has no dose");
        return;
    }
    check_unit(dosing, diag);
    if (dose->finer || dose->milli % HALF_MILLI != 0)
        refuse(dosing, diag, "fraction", "the dose is not in whole or half pieces");
}

static void check_ranges(const struct dosing *dosing, struct rw_diag *diag)
{
    if (dosing->frequency_max > 0)
        refuse(dosing, diag, "frequency-range", "the frequency is a range");
    if (dosing->period_max_milli > 0)
        refuse(dosing, diag, "period-range", "the period is a range");
    if (dosing->has_duration)
        refuse(dosing, diag, "has-administration-duration",
               "each administration lasts a time of its own");
    if (dosing->bounds_is_range)
        refuse(dosing, diag, "bounds-range", "the bounds are a range");
    if (dosing->count_max > 0)
        refuse(dosing, diag, "count-range", "the count is a range");
}

bool dose_rules_check(const struct dosing *dosing, struct rw_diag *diag)
{
    /* A timing that is broken says something, even where nothing of it is left. */
    bool timed = cadence_is_said(dosing) || dosing->malformed != NULL;
    if (dosing->route == DOSING_ROUTE_OTHER)
        refuse(dosing, diag, "not-oral", "the route is not oral");
    if (!timed && dosing->external_schedule)
        refuse(dosing, diag, "external-schedule", "the doses stand in a schedule of its own");
    if (!timed && dosing->dose_count == 0 && !dosing->dose.has_rate && dosing->text != NULL)
        refuse(dosing, diag, "free-text-only", "the dosage is told in words alone");
    if (!timed)
        refuse(dosing, diag, "no-timing", "the dosage does not say when");
    check_dose(dosing, diag);
    check_ranges(dosing, diag);
    return timed;
}
