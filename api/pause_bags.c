/* SPDX-License-Identifier: Apache-2.0 */
/* Which bags of a roll lie in a pause, and what becomes of them. */
#include "api/pause_bags.h"

#include "api/raise.h"
#include "core/base/text.h"
#include "core/json/roll_json.h"
#include "db/events.h"
#include "db/pauses.h"
#include "roll-builder/absence.h"

#define MINUTE_MS INT64_C(60000)

static bool is_waiting_plan(const struct rolls_row *row)
{
    return row->state == ROLL_PLANNED || row->state == ROLL_APPROVED ||
           row->state == ROLL_PRINTED || row->state == ROLL_VERIFIED;
}

/* The newest plan that waits to take the place of this roll; NULL = none does. */
static bool find_next(const struct scope *scope, const struct rolls_list *rolls, const char *number,
                      struct roll **ret_next, struct rw_error *err)
{
    *ret_next = NULL;
    for (size_t i = 0; i < rolls->count; i++) {
        struct rolls_document document;
        struct roll *roll = NULL;
        if (!is_waiting_plan(&rolls->rows[i]))
            continue;
        if (!rolls_get_version(scope, rolls->rows[i].number, rolls->rows[i].version, &document,
                               err) ||
            !roll_json_read(document.bytes, document.length, scope->arena, &roll, err))
            return false;
        if (!rw_text_equal(roll->replaces, number))
            continue;
        *ret_next = roll;
        return true;
    }
    return true;
}

static const struct events_moment *moment_of(const struct events_moment *moments, size_t count,
                                             const char *serial)
{
    for (size_t i = 0; i < count; i++) {
        if (rw_text_equal(moments[i].serial, serial))
            return &moments[i];
    }
    return NULL;
}

/* A bag that was called missed before anybody said that its client is away. */
static bool excuse(const struct scope *scope, const struct pause_search *search,
                   const struct events_moment *moment, struct rw_error *err)
{
    return !rw_text_equal(moment->state, "missed") ||
           (events_excuse(scope, moment->serial, err) &&
            raise_made_good(scope, moment, search->detail, err));
}

static bool add_bag(struct pause_search *search, const struct step *step,
                    const struct absence_bag *found, struct rw_error *err)
{
    struct pause_bags *bags = search->bags;
    bool withheld = rw_text_equal(search->kind, "pause");
    if (bags->count == PAUSE_BAGS_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "more than %d bags lie in this pause",
                            PAUSE_BAGS_MAX);
    bags->list[bags->count++] = (struct pause_bag){
        .roll = step->row.number,
        .n = found->bag->n,
        .serial = found->bag->serial,
        .at = found->bag->at,
        .pieces = bag_pieces(found->bag),
        .fate = withheld     ? "withhold"
                : found->ask ? "ask"
                             : "along",
        .ask = found->ask,
    };
    if (!withheld && !found->ask)
        bags->pieces_along += bag_pieces(found->bag);
    return true;
}

/* The bags of one roll that lie in the pause and are not out yet. */
bool pause_bags_find(const struct scope *scope, struct pause_search *search,
                     const struct step *step, const struct rolls_list *rolls, struct rw_error *err)
{
    struct absence absence;
    struct events_moment *moments = NULL;
    struct roll *next = NULL;
    size_t count = 0;
    if (!find_next(scope, rolls, step->row.number, &next, err))
        return false;
    const struct absence_request asked = {
        .roll = step->roll,
        .next = next,
        .kind = rw_text_equal(search->kind, "away") ? ABSENCE_AWAY : ABSENCE_PAUSE,
        .from = search->from,
        .to = search->to,
    };
    if (!absence_find(&asked, scope->arena, &absence, err) ||
        !events_of_roll(scope, step->row.number, &moments, &count, err))
        return false;
    search->bags->beyond = search->bags->beyond || absence.beyond;
    for (size_t i = 0; i < absence.count; i++) {
        const struct events_moment *moment = moment_of(moments, count, absence.bags[i].bag->serial);
        if (!moment ||
            (!rw_text_equal(moment->state, "waiting") && !rw_text_equal(moment->state, "missed")))
            continue;
        if (!excuse(scope, search, moment, err) || !add_bag(search, step, &absence.bags[i], err))
            return false;
    }
    return true;
}

static void let_go(struct schedule *schedule, const struct absence *absence)
{
    for (size_t i = 0; i < absence->count; i++) {
        for (size_t k = 0; k < schedule->bag_count; k++) {
            if (rw_text_equal(schedule->bags[k].serial, absence->bags[i].bag->serial))
                schedule->bags[k].early = absence->bags[i].ask == NULL;
        }
    }
}

bool pause_bags_let_go(const struct scope *scope, const struct step *step,
                       const struct rw_zone *zone, struct schedule *schedule, struct rw_error *err)
{
    struct pauses_list pauses;
    struct rolls_list rolls;
    struct roll *next = NULL;
    if (!pauses_after(scope, step->row.pseudonym, scope->now_ms, PAUSES_LISTED_MAX, &pauses, err))
        return false;
    if (pauses.count > 0 && (!rolls_find(scope, step->row.client_id, &rolls, err) ||
                             !find_next(scope, &rolls, step->row.number, &next, err)))
        return false;
    for (size_t i = 0; i < pauses.count; i++) {
        const struct pauses_row *row = &pauses.rows[i];
        struct absence absence;
        const struct absence_request asked = {
            .roll = step->roll,
            .next = next,
            .kind = ABSENCE_AWAY,
            .from = rw_zone_at(zone, row->from_ms / MINUTE_MS),
            .to = rw_zone_at(zone, row->until_ms / MINUTE_MS),
        };
        if (!rw_text_equal(row->kind, "away"))
            continue;
        if (!absence_find(&asked, scope->arena, &absence, err))
            return false;
        let_go(schedule, &absence);
    }
    return true;
}

bool pause_bags_go_along(const struct pause_bags *bags, const char *serial)
{
    for (size_t i = 0; i < bags->count; i++) {
        if (rw_text_equal(bags->list[i].serial, serial))
            return rw_text_equal(bags->list[i].fate, "along");
    }
    return false;
}
