/* SPDX-License-Identifier: Apache-2.0 */
/* Writes days and times as a person at the counter reads them. */
#include "cli/day_text.h"

#include <assert.h>

#include "core/base/date.h"
#include "core/model/quantity.h"

const char *day_text_weekday(int32_t weekday)
{
    static const char *const names[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    assert(weekday >= 1 && weekday <= (int32_t)RW_COUNT(names));
    return names[weekday - 1];
}

void day_text_add(struct rw_text *text, int32_t day)
{
    char date[RW_DATE_TEXT_MAX];
    rw_date_write(day, date);
    rw_text_format(text, "%s %s", day_text_weekday(rw_date_weekday(day)), date);
}

static void add_clock(struct rw_text *text, int32_t minute)
{
    rw_text_format(text, "%02d:%02d", (int)(minute / 60), (int)(minute % 60));
}

void day_text_add_dose(struct rw_text *text, int32_t minute, int64_t milli)
{
    char amount[QUANTITY_TEXT_MAX];
    quantity_write(milli, amount);
    add_clock(text, minute);
    rw_text_format(text, " %s", amount);
}

void day_text_add_moment(struct rw_text *text, struct rw_stamp at)
{
    day_text_add(text, at.wall.day);
    rw_text_add_char(text, ' ');
    add_clock(text, at.wall.minute);
}
