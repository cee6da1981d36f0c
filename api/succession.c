/* SPDX-License-Identifier: Apache-2.0 */
/* What still counts of a client's other rolls when a roll is released. */
#include "api/succession.h"

#include "api/publication.h"
#include "api/service.h"
#include "core/base/text.h"
#include "db/bags.h"
#include "db/events.h"

#define MINUTE_MS INT64_C(60000)

struct settling {
    const struct scope *scope;
    const struct step *step; /* the roll that is released */
    const char *dispenser;
    struct succession *succession;
};

static bool is_out(const struct rolls_row *row)
{
    return row->state == ROLL_RELEASED || row->state == ROLL_RUNNING;
}

static bool is_waiting(const struct events_moment *moment)
{
    return rw_text_equal(moment->state, "waiting");
}

static bool minute_of(const struct events_moment *moment, int64_t *ret_minute, struct rw_error *err)
{
    struct rw_stamp at;
    if (!rw_stamp_parse(moment->at, &at))
        return rw_error_set(err, RW_BUG, "", "bag %s is kept without its time", moment->serial);
    *ret_minute = rw_stamp_utc_minute(at);
    return true;
}

bool succession_revoke(const struct scope *scope, struct succession_revoked *revoked,
                       const char *serial, struct rw_error *err)
{
    if (!revoked->serials)
        revoked->serials =
            rw_arena_array(scope->arena, SCHEDULE_REVOKED_MAX, sizeof *revoked->serials, err);
    if (!revoked->serials)
        return false;
    for (size_t i = 0; i < revoked->count; i++) {
        if (rw_text_equal(revoked->serials[i], serial))
            return true;
    }
    if (revoked->count == SCHEDULE_REVOKED_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "more than %d bags are revoked",
                            SCHEDULE_REVOKED_MAX);
    revoked->serials[revoked->count++] = serial;
    return true;
}

bool succession_revoke_roll(const struct scope *scope, struct succession_revoked *revoked,
                            const char *roll, bool all, struct rw_error *err)
{
    struct bags_list list;
    if (!bags_find(scope, roll, &list, err))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        if ((all || list.rows[i].revoked) &&
            !succession_revoke(scope, revoked, list.rows[i].serial, err))
            return false;
    }
    return true;
}

/* The moment behind which the new roll begins: in a roll that replaces another nothing counts that
 * lies in the past, nor what was taken along early. */
static bool find_limit(struct settling *settling, const struct rolls_list *others,
                       int64_t *ret_limit, struct rw_error *err)
{
    int64_t limit = INT64_MIN;
    for (size_t i = 0; i < others->count; i++) {
        const struct rolls_row *other = &others->rows[i];
        struct events_moment *moments = NULL;
        size_t count = 0;
        if (!is_out(other))
            continue;
        if (!events_of_roll(settling->scope, other->number, &moments, &count, err))
            return false;
        if (rw_text_equal(other->number, settling->step->roll->replaces))
            limit = limit > settling->scope->now_ms / MINUTE_MS
                        ? limit
                        : settling->scope->now_ms / MINUTE_MS;
        for (size_t k = 0; k < count; k++) {
            int64_t minute = 0;
            if (!minute_of(&moments[k], &minute, err))
                return false;
            if (rw_text_equal(moments[k].state, "released") && minute > limit)
                limit = minute;
        }
    }
    *ret_limit = limit;
    return true;
}

static bool find_first(struct settling *settling, const struct rolls_list *others,
                       struct rw_error *err)
{
    const struct roll *roll = settling->step->roll;
    int64_t limit = 0;
    if (!find_limit(settling, others, &limit, err))
        return false;
    for (size_t i = 0; i < roll->bag_count; i++) {
        const struct bag *bag = &roll->bags[i];
        int64_t minute = rw_stamp_utc_minute(bag->at);
        if (bag->kind != BAG_DOSE || minute <= limit)
            continue;
        settling->succession->first = bag->n;
        settling->succession->from_min = minute;
        return true;
    }
    return rw_error_set(err, RW_CONFLICT, "", "no bag of this roll lies ahead");
}

/* From the new roll's first bag on the old one's no longer count. */
static bool cut(struct settling *settling, const struct step *old, struct rw_error *err)
{
    for (size_t i = 0; i < old->roll->bag_count; i++) {
        const struct bag *bag = &old->roll->bags[i];
        if (bag->kind != BAG_DOSE || rw_stamp_utc_minute(bag->at) < settling->succession->from_min)
            continue;
        if (!bags_revoke(settling->scope, old->row.number, old->row.version, bag->serial, err) ||
            !events_end_bag(settling->scope, bag->serial, err))
            return false;
    }
    return true;
}

static bool count_waiting(struct settling *settling, const char *roll, bool behind,
                          size_t *ret_count, struct rw_error *err)
{
    struct events_moment *moments = NULL;
    size_t count = 0;
    size_t waiting = 0;
    if (!events_of_roll(settling->scope, roll, &moments, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        int64_t minute = 0;
        if (!minute_of(&moments[i], &minute, err))
            return false;
        bool is_behind = minute >= settling->succession->from_min;
        waiting += is_waiting(&moments[i]) && is_behind == behind;
    }
    *ret_count = waiting;
    return true;
}

static bool replace(struct settling *settling, const struct rolls_row *row, struct rw_error *err)
{
    const struct scope *scope = settling->scope;
    struct step old;
    size_t left = 0;
    bool here = rw_text_equal(row->dispenser_id, settling->dispenser);
    if (!step_open(scope, row->number, &old, err) || !cut(settling, &old, err) ||
        !count_waiting(settling, row->number, false, &left, err))
        return false;
    if (left > 0 && !here)
        return rw_error_set(err, RW_CONFLICT, "",
                            left == 1
                                ? "dispenser %s still has %zu bag of roll %s to hand out before: "
                                  "withdraw it first"
                                : "dispenser %s still has %zu bags of roll %s to hand out before: "
                                  "withdraw them first",
                            row->dispenser_id, left, row->number);
    if (!here) {
        settling->succession->elsewhere = row->dispenser_id;
        settling->succession->replaced = row->number;
    }
    const char *detail =
        rw_arena_format(scope->arena, err, "roll %s from its bag %d on", settling->step->row.number,
                        (int)settling->succession->first);
    return detail &&
           step_take(scope, &old, left > 0 ? ROLL_ACT_AMEND : ROLL_ACT_SUPERSEDE, detail, err) &&
           succession_revoke_roll(scope, &settling->succession->revoked, row->number, left == 0,
                                  err);
}

static bool settle_other(struct settling *settling, const struct rolls_row *other,
                         struct rw_error *err)
{
    size_t ahead = 0;
    if (!is_out(other) || rw_text_equal(other->number, settling->step->row.number))
        return true;
    if (rw_text_equal(other->number, settling->step->roll->replaces))
        return replace(settling, other, err);
    return count_waiting(settling, other->number, true, &ahead, err) &&
           (ahead == 0 ||
            rw_error_set(err, RW_CONFLICT, "",
                         "roll %s is out on the same days and is not replaced by this one",
                         other->number));
}

/* The bags of one part of the schedule that is held, from the first to the last that waits. */
static bool keep_part(struct settling *settling, const struct schedule *part,
                      struct schedule **ret_kept, struct rw_error *err)
{
    const struct scope *scope = settling->scope;
    struct events_moment *moments = NULL;
    size_t count = 0;
    struct schedule *kept = rw_arena_alloc(scope->arena, sizeof *kept, err);
    if (!kept || !events_of_roll(scope, part->roll, &moments, &count, err))
        return false;
    *kept = *part;
    kept->first = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_waiting(&moments[i]))
            continue;
        kept->first = kept->first == 0 ? (int32_t)moments[i].n : kept->first;
        kept->last = (int32_t)moments[i].n;
    }
    *ret_kept = NULL;
    if (kept->first < part->first || kept->last > part->last)
        return true;
    kept->bags += kept->first - part->first;
    kept->bag_count = (size_t)(kept->last - kept->first + 1);
    *ret_kept = kept;
    return true;
}

/* What the dispenser still has to hand out must not be lost, and is of one roll alone. */
static bool keep_held(struct settling *settling, const struct schedule *part, struct rw_error *err)
{
    struct succession *succession = settling->succession;
    struct schedule *kept = NULL;
    struct rolls_row row;
    if (!rolls_get(settling->scope, part->roll, false, &row, err) ||
        !keep_part(settling, part, &kept, err))
        return false;
    if (!kept || !is_out(&row))
        return true;
    if (!rw_text_equal(row.client_id, settling->step->row.client_id))
        return rw_error_set(err, RW_CONFLICT, "",
                            kept->bag_count == 1
                                ? "dispenser %s still has %zu bag of roll %s to hand out"
                                : "dispenser %s still has %zu bags of roll %s to hand out",
                            settling->dispenser, kept->bag_count, row.number);
    if (succession->before)
        return rw_error_set(err, RW_CONFLICT, "",
                            "dispenser %s still has bags of rolls %s and %s to hand out",
                            settling->dispenser, succession->before->roll, row.number);
    succession->before = kept;
    return succession_revoke_roll(settling->scope, &succession->revoked, row.number, false, err);
}

bool succession_settle(struct service *service, const struct scope *scope, const struct step *step,
                       const char *dispenser, struct succession *ret_succession,
                       struct rw_error *err)
{
    struct rolls_list others;
    struct schedule *held = NULL;
    struct settling settling = { scope, step, dispenser, ret_succession };
    *ret_succession = (struct succession){ 0 };
    if (!rolls_find(scope, step->row.client_id, &others, err) ||
        !find_first(&settling, &others, err) ||
        !succession_revoke_roll(scope, &ret_succession->revoked, step->row.number, false, err) ||
        !publication_read(service, scope, dispenser, &held, err))
        return false;
    for (size_t i = 0; i < others.count; i++) {
        if (!settle_other(&settling, &others.rows[i], err))
            return false;
    }
    if (held && held->before && !keep_held(&settling, held->before, err))
        return false;
    return !held || keep_held(&settling, held, err);
}
