/* SPDX-License-Identifier: Apache-2.0 */
/* Says in words what happens to a roll that is out. */
#include "cli/diff_text.h"

#include <string.h>

#include "cli/day_text.h"

#define WEEK 7

static void add_bag(struct rw_text *text, const struct bag *bag)
{
    rw_text_format(text, "bag %d, ", (int)bag->n);
    day_text_add_moment(text, bag->at);
}

static const struct bag *find_bag(const struct roll *roll, const char *serial)
{
    for (size_t i = 0; i < roll->bag_count; i++) {
        if (strcmp(roll->bags[i].serial, serial) == 0)
            return &roll->bags[i];
    }
    return NULL;
}

/* "4, 7 to 9": the old roll's bags that no longer count. */
static void add_superseded(struct rw_text *text, const struct roll *roll,
                           const struct amendment *amendment)
{
    int32_t first = 0;
    int32_t last = 0;
    for (size_t i = 0; i <= amendment->superseded_count; i++) {
        const struct bag *bag =
            i < amendment->superseded_count ? find_bag(roll, amendment->superseded[i]) : NULL;
        if (bag != NULL && bag->n == last + 1 && first > 0) {
            last = bag->n;
            continue;
        }
        if (first > 0)
            rw_text_format(text, last > first ? "%d to %d" : "%d", (int)first, (int)last);
        if (first > 0 && bag != NULL)
            rw_text_add(text, ", ");
        if (bag != NULL)
            first = last = bag->n;
    }
}

static void add_action(struct rw_text *text, const struct roll *old_roll,
                       const struct roll *new_roll, const struct amendment *amendment)
{
    rw_text_format(text, "roll %s, new plan %s: %s\n", old_roll->number, new_roll->number,
                   amend_action_word(amendment->action));
    switch (amendment->action) {
    case AMEND_AT_NEXT_ROLL:
        rw_text_add(text, "  nothing to do: the old roll is used up first\n");
        break;
    case AMEND_REPLACE_FROM:
        rw_text_add(text, "  from ");
        add_bag(text, &old_roll->bags[amendment->from]);
        if (amendment->new_first > 0)
            rw_text_format(text, ", the new roll counts, from its bag %d\n",
                           (int)amendment->new_first);
        else
            rw_text_add(text, ", the new plan counts\n");
        break;
    case AMEND_ADD_LOOSE:
        rw_text_add(text, "  the roll stays; something is handed over beside it\n");
        break;
    case AMEND_REMOVE_BY_PHARMACY:
        rw_text_add(text, "  whole bags are taken out, no other bag changes\n");
        break;
    case AMEND_ACTION_COUNT:
        break;
    }
    if (amendment->superseded_count > 0) {
        rw_text_format(text,
                       "  bags that no longer count, %zu in all: ", amendment->superseded_count);
        add_superseded(text, old_roll, amendment);
        rw_text_add_char(text, '\n');
    }
    if (amendment->uncovered != NULL) {
        rw_text_add(text, "  from ");
        add_bag(text, amendment->uncovered);
        rw_text_format(text,
                       " on nothing takes their place, bags: %zu; make a roll for that time\n",
                       amendment->uncovered_count);
    }
}

static void add_times(struct rw_text *text, const struct roll_times *times)
{
    for (size_t i = 0; i < times->count; i++) {
        const struct roll_time *time = &times->list[i];
        rw_text_add(text, i == 0 ? ": " : ", ");
        day_text_add_dose(text, time->minute, time->milli);
        if (time->weekdays == (1u << WEEK) - 1)
            continue;
        for (int32_t weekday = 1; weekday <= WEEK; weekday++) {
            if ((time->weekdays & 1u << (weekday - 1)) != 0)
                rw_text_format(text, " %s", day_text_weekday(weekday));
        }
    }
}

static void add_line(struct rw_text *text, const struct amend_line *line)
{
    rw_text_format(text, "  %-8s %-5s ", amend_change_word(line->change),
                   line->loose ? "loose" : "roll");
    rw_text_add_plain(text, line->name != NULL ? line->name : "no product named");
    if (line->strength != NULL && line->strength[0] != '\0') {
        rw_text_add_char(text, ' ');
        rw_text_add_plain(text, line->strength);
    }
    add_times(text, &line->times);
    if (line->text != NULL) {
        rw_text_add(text, ": ");
        rw_text_add_plain(text, line->text);
    }
    if (line->change != AMEND_SAME && line->look != NULL && line->look[0] != '\0') {
        rw_text_add(text, "; looks: ");
        rw_text_add_plain(text, line->look);
    }
    rw_text_add_char(text, '\n');
}

void diff_text_change(struct rw_text *text, const struct roll *old_roll,
                      const struct roll *new_roll, const struct amendment *amendment)
{
    add_action(text, old_roll, new_roll, amendment);
    rw_text_format(text, "administration list of roll %s, version %d\n", new_roll->number,
                   (int)new_roll->version);
    for (int same = 0; same < 2; same++) {
        for (size_t i = 0; i < amendment->list_count; i++) {
            if ((amendment->list[i].change == AMEND_SAME) == (same == 1))
                add_line(text, &amendment->list[i]);
        }
    }
}

static void add_absence_bag(struct rw_text *text, const char *what, const struct absence_bag *row)
{
    rw_text_format(text, "  %s ", what);
    add_bag(text, row->bag);
    if (row->bag->parts > 1)
        rw_text_format(text, ", %d of %d", (int)row->bag->part, (int)row->bag->parts);
    rw_text_format(text, ", pieces: %d", (int)bag_pieces(row->bag));
    rw_text_format(text, row->ask != NULL ? " (%s)\n" : "\n", row->ask);
}

static void add_resume(struct rw_text *text, bool away, const struct absence *absence)
{
    const bool anew = absence->resume == NULL || (!away && absence->changes);
    if (absence->beyond)
        rw_text_add(text, "  it reaches beyond this roll: ask the next one too\n");
    if (absence->resume != NULL) {
        rw_text_add(text, "  it goes on with ");
        add_bag(text, absence->resume);
        rw_text_add_char(text, '\n');
    } else {
        rw_text_add(text, "  no bag of this roll is left behind it\n");
    }
    if (away)
        return;
    rw_text_format(text,
                   "  before it goes on: %s, account for the withheld bags, check the first bag\n",
                   anew ? "make a new roll" : "confirm that the list is unchanged");
}

void diff_text_absence(struct rw_text *text, const struct absence_request *request,
                       const struct absence *absence)
{
    const bool away = request->kind == ABSENCE_AWAY;
    const struct roll *roll = request->roll;
    rw_text_format(text, "roll %s, version %d: %s from ", roll->number, (int)roll->version,
                   away ? "away" : "paused");
    day_text_add_moment(text, request->from);
    rw_text_add(text, " to ");
    day_text_add_moment(text, request->to);
    rw_text_add_char(text, '\n');
    for (size_t i = 0; i < absence->count; i++) {
        const struct absence_bag *row = &absence->bags[i];
        const char *what = !away              ? "withhold"
                           : row->ask != NULL ? "ask a pharmacist:"
                                              : "take along";
        add_absence_bag(text, what, row);
    }
    rw_text_format(text, "  in all: bags %zu, pieces %d\n", absence->count, (int)absence->pieces);
    for (size_t i = 0; i < roll->loose_count; i++) {
        const struct roll_outside *loose = &roll->loose[i];
        rw_text_add(text, away ? "  loose, goes along: " : "  loose, waits: ");
        rw_text_add_plain(text, loose->name != NULL ? loose->name : "no product named");
        rw_text_add(text, loose->text != NULL ? ": " : "");
        rw_text_add_plain(text, loose->text != NULL ? loose->text : "");
        rw_text_add_char(text, '\n');
    }
    add_resume(text, away, absence);
}
