/* SPDX-License-Identifier: Apache-2.0 */
/* Turns what was found about a bag into its verdict. */
#include "verifier/decide.h"

#include "core/base/attributes.h"

struct decide_policy decide_policy_default(void)
{
    return (struct decide_policy){ .grade_min = 1, .print_score_min = 780 };
}

enum verdict decide_reason(enum verdict_reason reason)
{
    switch (reason) {
    case REASON_NONE:
        return VERDICT_PASS;
    case REASON_NOT_SEEN:
    case REASON_GAP:
        return VERDICT_MISSING;
    case REASON_CODE_UNREADABLE:
    case REASON_GRADE_LOW:
    case REASON_PIECES_HIDDEN:
    case REASON_LOOK_ALIKE:
    case REASON_CUT_ASKEW:
        return VERDICT_UNSURE;
    case REASON_CODE_WRONG:
    case REASON_OTHER_ROLL:
    case REASON_OTHER_CLIENT:
    case REASON_SUPERSEDED:
    case REASON_BAD_TAG:
    case REASON_OUT_OF_ORDER:
    case REASON_TWICE:
    case REASON_PRINT_DAMAGED:
    case REASON_TEXT_DIFFERS:
    case REASON_COUNT_DIFFERS:
    case REASON_PIECE_DIFFERS:
    case REASON_NOT_EMPTY:
    case REASON_EMPTY:
    case VERDICT_REASON_COUNT:
        return VERDICT_FAIL;
    }
    return VERDICT_FAIL;
}

/* The lowest mark of what the print alone answers for. Contrast and modulation are those of the
 * light and the lens as well: without a calibration they are a trend and turn nothing away. */
static int8_t print_grade(const struct verdict_grade *grade)
{
    const int8_t marks[] = { grade->decode, grade->fixed_pattern, grade->axial, grade->grid,
                             grade->error_correction };
    int8_t lowest = 4;
    if (grade->is_calibrated)
        return grade->overall;
    for (size_t i = 0; i < RW_COUNT(marks); i++)
        lowest = marks[i] >= 0 && marks[i] < lowest ? marks[i] : lowest;
    return lowest;
}

/* Print that differs by little fails no bag before somebody has looked. */
static enum verdict verdict_of(const struct verdict_bag *bag, enum verdict_reason reason)
{
    bool is_print = reason == REASON_PRINT_DAMAGED || reason == REASON_TEXT_DIFFERS;
    return is_print && bag->print_in_doubt ? VERDICT_UNSURE : decide_reason(reason);
}

void decide_bag(struct verdict_bag *bag, bool code_is_planned, const struct decide_policy *policy)
{
    if (bag->has_grade && print_grade(&bag->grade) < policy->grade_min)
        verdict_bag_add_reason(bag, REASON_GRADE_LOW);
    if (bag->print_judged && bag->print_score_milli < policy->print_score_min) {
        verdict_bag_add_reason(bag, REASON_PRINT_DAMAGED);
        bag->print_in_doubt = false;
    }

    bool is_proven = code_is_planned && bag->has_grade && bag->print_judged;
    bag->verdict = is_proven ? VERDICT_PASS : VERDICT_UNSURE;
    for (size_t i = 0; i < bag->reason_count; i++)
        bag->verdict = verdict_worst(bag->verdict, verdict_of(bag, bag->reasons[i]));
}

enum verdict decide_roll(const struct verdict_report *report)
{
    enum verdict worst = report->bag_count > 0 ? VERDICT_PASS : VERDICT_UNSURE;
    for (size_t i = 0; i < report->bag_count; i++)
        worst = verdict_worst(worst, report->bags[i].verdict);
    if (report->stranger_count > 0)
        worst = verdict_worst(worst, VERDICT_FAIL);
    return worst;
}
