/* SPDX-License-Identifier: Apache-2.0 */
/* Tells what one order means in lines for a person. */
#include "cli/plan_text.h"

#include <string.h>

#include "cli/day_text.h"

/* The intakes of one day, or of several days in a row that are alike. */
struct stretch {
    const struct intake *intakes;
    size_t count;
    int32_t first;
    int32_t last;
};

static struct stretch read_day(const struct intake *intakes, size_t count)
{
    struct stretch day = { .intakes = intakes };
    day.first = day.last = intakes[0].at.wall.day;
    while (day.count < count && intakes[day.count].at.wall.day == day.first)
        day.count++;
    return day;
}

static bool goes_on(const struct stretch *stretch, const struct stretch *day)
{
    if (day->first != stretch->last + 1 || day->count != stretch->count)
        return false;
    for (size_t i = 0; i < day->count; i++) {
        if (day->intakes[i].at.wall.minute != stretch->intakes[i].at.wall.minute ||
            day->intakes[i].milli != stretch->intakes[i].milli)
            return false;
    }
    return true;
}

static void add_stretch(struct rw_text *text, const struct stretch *stretch)
{
    rw_text_add(text, "    ");
    day_text_add(text, stretch->first);
    if (stretch->last != stretch->first) {
        rw_text_add(text, " to ");
        day_text_add(text, stretch->last);
    }
    for (size_t i = 0; i < stretch->count; i++) {
        const struct intake *intake = &stretch->intakes[i];
        rw_text_add(text, i == 0 ? ": " : ", ");
        day_text_add_dose(text, intake->at.wall.minute, intake->milli);
    }
    rw_text_add_char(text, '\n');
}

static void add_intakes(struct rw_text *text, const struct eligibility *verdict)
{
    struct stretch stretch = { 0 };
    for (size_t i = 0; i < verdict->intake_count;) {
        struct stretch day = read_day(&verdict->intakes[i], verdict->intake_count - i);
        i += day.count;
        if (stretch.count > 0 && goes_on(&stretch, &day)) {
            stretch.last = day.first;
            continue;
        }
        if (stretch.count > 0)
            add_stretch(text, &stretch);
        stretch = day;
    }
    if (stretch.count > 0)
        add_stretch(text, &stretch);
    else if (verdict->planned)
        rw_text_add(text, "    nothing in this window\n");
}

void plan_text_add(struct rw_text *text, const struct eligibility *verdict)
{
    const struct order *order = verdict->order;
    rw_text_add_plain(text, order->product.text != NULL ? order->product.text : "no product named");
    rw_text_add(text, ": ");
    if (verdict->planned)
        rw_text_add(text, order_destination_word(verdict->destination));
    else
        rw_text_format(text, "refused, %s", verdict->reason);
    rw_text_format(text, "  (%s", order->resource);
    rw_text_add(text, order->pointer[0] != '\0' ? " at " : "");
    rw_text_add_plain(text, order->pointer);
    rw_text_add(text, ")\n");
    add_intakes(text, verdict);
    for (size_t i = 0; i < verdict->findings.count; i++) {
        const struct rw_finding *finding = &verdict->findings.findings[i];
        rw_text_format(text, "    %s %s ", rw_severity_letter(finding->severity), finding->id);
        rw_text_add_plain(text, finding->text);
        rw_text_format(text, " (%s", finding->reason);
        if (strcmp(finding->pointer, order->pointer) != 0) {
            rw_text_add(text, " at ");
            rw_text_add_plain(text, finding->pointer);
        }
        rw_text_add(text, ")\n");
    }
}
