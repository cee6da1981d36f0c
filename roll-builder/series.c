/* SPDX-License-Identifier: Apache-2.0 */
/* Divides a period that is too long for one roll at midnight. */
#include "roll-builder/series.h"

#include <assert.h>
#include <string.h>

#include "core/base/date.h"
#include "core/base/text.h"

/* Where the rolls of a period begin: days counted from its first. */
struct cuts {
    int32_t starts[SERIES_ROLLS_MAX];
    size_t count;
};

static bool only_too_many_bags(const struct rw_diag *diag)
{
    size_t others = 0;
    for (size_t i = 0; i < diag->count; i++)
        others += diag->findings[i].severity == RW_BLOCKS &&
                  strcmp(diag->findings[i].reason, "too-many-bags") != 0;
    return others == 0;
}

static void count_days(const struct plan_excess *excess, int32_t from, int32_t *ret_bags)
{
    for (size_t i = 1; i + 1 < excess->bag_count; i++)
        ret_bags[excess->bags[i].at.wall.day - from]++;
}

/* Fills each roll up to `bags_max` bags and `days_max` days. False when a day is too much, a roll
 * would have no dose, or there would be too many rolls. */
static bool cut(const int32_t *day_bags, int32_t days, int32_t bags_max, int32_t days_max,
                struct cuts *ret_cuts)
{
    int32_t bags = 0;
    ret_cuts->count = 1;
    ret_cuts->starts[0] = 0;
    for (int32_t day = 0; day < days; day++) {
        const int32_t start = ret_cuts->starts[ret_cuts->count - 1];
        if (day_bags[day] > bags_max)
            return false;
        if (bags + day_bags[day] > bags_max || day - start == days_max) {
            if (bags == 0 || ret_cuts->count == SERIES_ROLLS_MAX)
                return false;
            ret_cuts->starts[ret_cuts->count++] = day;
            bags = 0;
        }
        bags += day_bags[day];
    }
    return bags > 0;
}

/* The same, each roll but the last ending on one weekday: as long as fits. */
static bool cut_on(const int32_t *day_bags, const struct window *window, int32_t bags_max,
                   int32_t ends_on, struct cuts *ret_cuts)
{
    int32_t bags = 0;  /* from the last cut on */
    int32_t until = 0; /* of them, those up to the last day on which a roll may end */
    int32_t next = 0;  /* the day behind that day */
    ret_cuts->count = 1;
    ret_cuts->starts[0] = 0;
    for (int32_t day = 0; day < window->days; day++) {
        bags += day_bags[day];
        if (bags > bags_max) {
            if (until == 0 || bags - until > bags_max || ret_cuts->count == SERIES_ROLLS_MAX)
                return false;
            ret_cuts->starts[ret_cuts->count++] = next;
            bags -= until;
            until = 0;
        }
        if (rw_date_weekday(window->from + day) == ends_on) {
            until = bags;
            next = day + 1;
        }
    }
    return bags > 0;
}

/* The fewest rolls; of those, the most even ones. Where the policy names a weekday, rolls that end
 * on it, if a dispenser takes a week. */
static bool find_cuts(const struct plan_request *request, const struct plan_excess *excess,
                      struct rw_arena *arena, struct cuts *ret_cuts, bool *ret_found,
                      struct rw_error *err)
{
    const int32_t days = request->window->days;
    struct cuts even;
    int32_t *day_bags = rw_arena_array(arena, (size_t)days, sizeof *day_bags, err);
    if (day_bags == NULL)
        return false;
    count_days(excess, request->window->from, day_bags);
    *ret_found =
        request->policy->roll_ends_on > 0 && cut_on(day_bags, request->window, excess->bags_max,
                                                    request->policy->roll_ends_on, ret_cuts);
    if (*ret_found)
        return true;
    *ret_found = cut(day_bags, days, excess->bags_max, days, ret_cuts);
    if (!*ret_found)
        return true;
    const int32_t count = (int32_t)ret_cuts->count;
    if (cut(day_bags, days, excess->bags_max, (days + count - 1) / count, &even) &&
        even.count == ret_cuts->count)
        *ret_cuts = even;
    return true;
}

static bool same_bag(const struct bag *one, const struct bag *two)
{
    if (rw_stamp_utc_minute(one->at) != rw_stamp_utc_minute(two->at) || one->exact != two->exact ||
        one->content_count != two->content_count || strcmp(one->use_by, two->use_by) != 0)
        return false;
    for (size_t i = 0; i < one->content_count; i++) {
        if (strcmp(one->contents[i].order, two->contents[i].order) != 0 ||
            one->contents[i].milli != two->contents[i].milli)
            return false;
    }
    return true;
}

/* Every dose of the whole is in one roll, in the same place of the row, and no other is. */
static bool check_bags(const struct plan_excess *whole, const struct series *series,
                       struct rw_error *err)
{
    size_t at = 1;
    for (size_t i = 0; i < series->count; i++) {
        const struct roll *roll = series->rolls[i];
        for (size_t j = 1; j + 1 < roll->bag_count; j++, at++) {
            if (at + 1 >= whole->bag_count || !same_bag(&whole->bags[at], &roll->bags[j]))
                return rw_error_set(err, RW_BUG, "", "a divided roll holds another dose");
        }
    }
    return at + 1 == whole->bag_count ||
           rw_error_set(err, RW_BUG, "", "a divided roll lost a dose");
}

static bool check_sums(const struct roll *whole, const struct series *series, struct rw_error *err)
{
    int64_t packed = 0;
    int64_t loose = 0;
    int32_t next = whole->from;
    for (size_t i = 0; i < series->count; i++) {
        const struct roll *roll = series->rolls[i];
        packed += roll->audit.packed_milli;
        loose += roll->audit.loose_milli;
        if (roll->from != next)
            return rw_error_set(err, RW_BUG, "", "two rolls leave a gap or overlap");
        next += roll->days;
    }
    return (next == whole->from + whole->days && packed == whole->audit.packed_milli &&
            loose == whole->audit.loose_milli) ||
           rw_error_set(err, RW_BUG, "", "divided rolls do not add up to the whole");
}

static bool is_said(const struct roll *roll, const struct rw_finding *finding)
{
    for (size_t i = 0; i < roll->findings.count; i++) {
        const struct rw_finding *other = &roll->findings.findings[i];
        if (strcmp(other->id, finding->id) == 0 && strcmp(other->reason, finding->reason) == 0 &&
            strcmp(other->pointer, finding->pointer) == 0)
            return true;
    }
    return false;
}

/* What only the whole period shows, such as a gap over a border, is told with the first roll. */
static void keep_findings(const struct roll *whole, const struct series *series)
{
    for (size_t i = 0; i < whole->findings.count; i++) {
        const struct rw_finding *finding = &whole->findings.findings[i];
        bool said = finding->severity == RW_BLOCKS;
        for (size_t j = 0; j < series->count && !said; j++)
            said = is_said(series->rolls[j], finding);
        if (!said)
            rw_diag_add(&series->rolls[0]->findings, finding->id, finding->reason,
                        finding->severity, finding->pointer, "%s", finding->text);
    }
}

static bool plan_part(const struct plan_request *request, const struct window *window,
                      const char *number, struct rw_arena *arena, struct roll **ret_roll,
                      struct rw_error *err)
{
    struct plan_request part = *request;
    bool blocked;
    part.window = window;
    part.number = number;
    part.excess = NULL;
    if (number == NULL || !plan_roll(&part, arena, ret_roll, &blocked, err))
        return false;
    return !blocked || rw_error_set(err, RW_BUG, "", "a part of a sound period is blocked");
}

static bool plan_parts(const struct plan_request *request, const struct cuts *cuts,
                       const struct series_numbers *numbers, struct rw_arena *arena,
                       struct series *series, struct rw_error *err)
{
    struct window *windows = rw_arena_array(arena, cuts->count, sizeof *windows, err);
    series->rolls = rw_arena_array(arena, cuts->count, sizeof *series->rolls, err);
    if (windows == NULL || series->rolls == NULL)
        return false;
    for (size_t i = 0; i < cuts->count; i++) {
        const int32_t end = i + 1 < cuts->count ? cuts->starts[i + 1] : request->window->days;
        windows[i] = *request->window;
        windows[i].from += cuts->starts[i];
        windows[i].days = end - cuts->starts[i];
        const char *number =
            i == 0 ? request->number : numbers->take(numbers->self, i + 1, arena, err);
        if (!plan_part(request, &windows[i], number, arena, &series->rolls[i], err))
            return false;
        rw_diag_add(&series->rolls[i]->findings, "D28", "divided", RW_INFORMS, "",
                    "this is roll %zu of %zu of a period that needs more bags than one roll has",
                    i + 1, cuts->count);
        series->count++;
    }
    return true;
}

static bool divide(const struct plan_request *request, const struct roll *whole,
                   const struct series_numbers *numbers, struct rw_arena *arena,
                   struct series *series, struct rw_error *err)
{
    struct cuts cuts;
    bool found;
    struct plan_request parts = *request;
    if (!find_cuts(request, request->excess, arena, &cuts, &found, err))
        return false;
    if (!found)
        return true;
    parts.issued = whole->issued;
    parts.has_packed_on = true;
    parts.packed_on = request->has_packed_on ? request->packed_on : whole->from;
    series->count = 0;
    series->blocked = false;
    if (!plan_parts(&parts, &cuts, numbers, arena, series, err) ||
        !check_bags(request->excess, series, err) || !check_sums(whole, series, err))
        return false;
    keep_findings(whole, series);
    return true;
}

bool series_plan(const struct plan_request *request, const struct series_numbers *numbers,
                 struct rw_arena *arena, struct series *ret_series, struct rw_error *err)
{
    struct plan_excess excess = { 0 };
    struct plan_request whole = *request;
    struct series series = { .count = 1 };
    assert(request->window->days <= SERIES_ROLLS_MAX);
    whole.excess = &excess;
    series.rolls = rw_arena_array(arena, 1, sizeof *series.rolls, err);
    if (series.rolls == NULL || !plan_roll(&whole, arena, series.rolls, &series.blocked, err))
        return false;
    const struct roll *roll = series.rolls[0];
    if (excess.bags != NULL && only_too_many_bags(&roll->findings) && roll->findings.lost == 0 &&
        !divide(&whole, roll, numbers, arena, &series, err))
        return false;
    *ret_series = series;
    return true;
}
