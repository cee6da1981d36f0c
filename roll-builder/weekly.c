/* SPDX-License-Identifier: Apache-2.0 */
/* Judges medicines that are taken on one fixed day of the week. */
#include "roll-builder/weekly.h"

static bool counts(const struct line *line)
{
    return line->product != NULL && line->product->weekly && line->kept > 0 &&
           line->destination != ORDER_EXCLUDED && !line->chosen->replaced;
}

static bool is_one_day(uint8_t weekdays)
{
    return (weekdays & (weekdays - 1)) == 0;
}

static void check_pair(const struct line *one, const struct line *two, struct rw_diag *diag)
{
    if (!counts(one) || !counts(two) || !line_same_substance(one, two))
        return;
    if (one->product != two->product)
        rw_diag_add(diag, "D11", "weekly-strengths", RW_BLOCKS, two->label,
                    "another strength of this medicine for one fixed weekday is ordered by %s",
                    one->label);
    if (is_one_day(one->weekdays) && is_one_day(two->weekdays) && one->weekdays != two->weekdays)
        rw_diag_add(diag, "D11", "weekly-on-two-days", RW_BLOCKS, two->label,
                    "this medicine for one fixed weekday is ordered on another day by %s",
                    one->label);
}

void weekly_check(const struct line *lines, size_t count, struct rw_diag *diag)
{
    for (size_t i = 0; i < count; i++) {
        const struct line *line = &lines[i];
        for (size_t j = 0; j < i; j++)
            check_pair(&lines[j], line, diag);
        if (!counts(line))
            continue;
        if (!is_one_day(line->weekdays))
            rw_diag_add(diag, "D11", "weekly-on-other-days", RW_BLOCKS, line->label,
                        "a medicine for one fixed weekday is ordered on more days than that");
        else if (line->destination == ORDER_TO_ROLL)
            rw_diag_add(diag, "D11", "weekly-second-person", RW_OVERRIDABLE, line->label,
                        "a medicine for one fixed weekday: a second person confirms day and dose");
    }
}
