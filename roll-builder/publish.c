/* SPDX-License-Identifier: Apache-2.0 */
/* Turns a roll into windows of time, without a name or a drug. */
#include "roll-builder/publish.h"

#include <assert.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/model/tag.h"
#include "roll-builder/absence.h"

#define MS_PER_MINUTE INT64_C(60000)

static int32_t given_or(int32_t given, int32_t fallback)
{
    return given > 0 ? given : fallback;
}

static int64_t usual_lead(const struct bag *bag, const struct publish_facts *facts)
{
    return bag->exact ? PUBLISH_EXACT_OPENS_MIN : given_or(facts->opens_min, PUBLISH_OPENS_MIN);
}

/* The nearest bag of another moment before or behind a bag; false when there is none. */
static bool neighbour(const struct roll *roll, size_t index, int step, size_t *ret_index)
{
    const int64_t own = rw_stamp_utc_minute(roll->bags[index].at);
    for (size_t i = index; roll->bags[i].kind == BAG_DOSE; i += (size_t)step) {
        *ret_index = i;
        if (rw_stamp_utc_minute(roll->bags[i].at) != own)
            return true;
    }
    return false;
}

/* Always behind the moment before it: half way, where the usual time would reach too far back. */
static int64_t opens_at(const struct roll *roll, size_t index, const struct publish_facts *facts)
{
    const struct bag *bag = &roll->bags[index];
    const int64_t own = rw_stamp_utc_minute(bag->at);
    size_t before;
    if (neighbour(roll, index, -1, &before)) {
        const int64_t minute = rw_stamp_utc_minute(roll->bags[before].at);
        const int64_t half = minute + (own - minute + 1) / 2;
        const int64_t usual = own - usual_lead(bag, facts);
        return usual <= minute ? half : usual;
    }
    return own - usual_lead(bag, facts);
}

/* It closes when the next moment opens, if not before. */
static void set_window(const struct roll *roll, size_t index, const struct publish_facts *facts,
                       struct schedule_bag *ret)
{
    const int64_t own = rw_stamp_utc_minute(roll->bags[index].at);
    int64_t closes = own + given_or(facts->closes_min, PUBLISH_CLOSES_MIN);
    if (closes < own + facts->alarm_after_min)
        closes = own + facts->alarm_after_min;
    size_t next; /* of its moment the first: shared bags stand first and open first */
    if (neighbour(roll, index, 1, &next)) {
        const int64_t opens = opens_at(roll, next, facts);
        closes = closes < opens ? closes : opens;
    }
    ret->opens = rw_zone_at(facts->zone, opens_at(roll, index, facts));
    ret->closes = rw_zone_at(facts->zone, closes);
}

static bool has_least_gap(const struct products *products, const struct bag *bag)
{
    for (size_t i = 0; i < bag->content_count; i++) {
        const struct product *product = products_row(products, bag->contents[i].product);
        if (product != NULL && product->gap_min > 0)
            return true;
    }
    return false;
}

/* May every bag of this bag's moment be taken sooner? Half a dose never leaves alone. */
static bool may_move(const struct roll *roll, size_t index, const struct publish_facts *facts)
{
    const int64_t own = rw_stamp_utc_minute(roll->bags[index].at);
    for (size_t i = 0; i < roll->bag_count; i++) {
        const struct bag *bag = &roll->bags[i];
        if (bag->kind == BAG_DOSE && rw_stamp_utc_minute(bag->at) == own &&
            (!absence_may_move(roll, bag) || has_least_gap(facts->products, bag)))
            return false;
    }
    return true;
}

static int64_t later(int64_t one, int64_t two)
{
    return one > two ? one : two;
}

/* Minutes before its moment from which the client may take the bag by hand; 0 = as it opens. */
static int32_t early_min(const struct roll *roll, size_t index, const struct publish_facts *facts)
{
    const int64_t own = rw_stamp_utc_minute(roll->bags[index].at);
    struct schedule_bag prior; /* of the moment before */
    size_t before;
    if (facts->early_max_min == 0 || !neighbour(roll, index, -1, &before) ||
        roll->bags[before].n < facts->first || !may_move(roll, index, facts))
        return 0;
    set_window(roll, before, facts, &prior);
    const int64_t minute = rw_stamp_utc_minute(roll->bags[before].at);
    int64_t soonest = later(own - facts->early_max_min, minute + (own - minute + 1) / 2);
    soonest = later(soonest, rw_stamp_utc_minute(prior.closes) + PUBLISH_APART_MIN);
    return soonest < opens_at(roll, index, facts) ? (int32_t)(own - soonest) : 0;
}

static bool fill_bag(const struct roll *roll, size_t index, const struct publish_facts *facts,
                     struct rw_arena *arena, struct schedule_bag *ret, struct rw_error *err)
{
    const struct bag *bag = &roll->bags[index];
    struct tag tag;
    if (!tag_parse(bag->code, &tag, err))
        return false;
    ret->n = bag->n;
    ret->serial = bag->serial;
    ret->at = bag->at;
    ret->exact = bag->exact;
    ret->early = facts->early && !bag->exact;
    ret->pieces = (int32_t)bag_pieces(bag);
    ret->tag = rw_arena_text(arena, tag.digits, err);
    set_window(roll, index, facts, ret);
    ret->early_min = early_min(roll, index, facts);
    return ret->tag != NULL;
}

static bool has_fixed_loose(const struct roll *roll)
{
    for (size_t i = 0; i < roll->loose_count; i++) {
        if (roll->loose[i].milli > 0)
            return true;
    }
    return false;
}

static bool add_reminders(const struct roll *roll, struct schedule *schedule,
                          struct rw_arena *arena, struct rw_error *err)
{
    if (!has_fixed_loose(roll))
        return true;
    schedule->reminders =
        rw_arena_array(arena, SCHEDULE_REMINDERS_MAX, sizeof *schedule->reminders, err);
    if (schedule->reminders == NULL)
        return false;
    const bool english = rw_text_equal(roll->language, "en");
    for (size_t i = 0; i < schedule->bag_count; i++) {
        const struct schedule_bag *bag = &schedule->bags[i];
        if (schedule->reminder_count == SCHEDULE_REMINDERS_MAX)
            break; /* a longer roll has more than it may carry; the toedienlijst has them all */
        if (i > 0 && schedule->bags[i - 1].at.wall.day == bag->at.wall.day)
            continue;
        schedule->reminders[schedule->reminder_count++] =
            (struct schedule_reminder){ bag->at,
                                        english ? "There is also medicine outside the roll today"
                                                : "Er zijn vandaag ook medicijnen buiten de rol" };
    }
    return true;
}

static bool add_ends(const struct roll *roll, const struct publish_facts *facts,
                     struct schedule *schedule, struct rw_arena *arena, struct rw_error *err)
{
    const struct schedule_bag *last = &schedule->bags[schedule->bag_count - 1];
    char utc[RW_CLOCK_TEXT_MAX];
    char stamp[RW_ZONE_STAMP_MAX];
    rw_clock_write_utc(rw_stamp_utc_minute(last->closes) * MS_PER_MINUTE, utc);
    const struct rw_wall next = { roll->from + roll->days, 0 };
    rw_stamp_write(rw_zone_stamp(facts->zone, next), stamp);
    schedule->not_after = rw_arena_text(arena, utc, err);
    schedule->next_roll_due = rw_arena_text(arena, stamp, err);
    return schedule->not_after != NULL && schedule->next_roll_due != NULL;
}

static bool fill_bags(const struct roll *roll, const struct publish_facts *facts,
                      struct schedule *schedule, struct rw_arena *arena, struct rw_error *err)
{
    schedule->bags = rw_arena_array(arena, roll->bag_count, sizeof *schedule->bags, err);
    const size_t taken = facts->before != NULL ? facts->before->bag_count : 0;
    if (schedule->bags == NULL)
        return false;
    for (size_t i = 0; i < roll->bag_count; i++) {
        if (roll->bags[i].kind != BAG_DOSE || roll->bags[i].n < facts->first)
            continue;
        if (schedule->bag_count + taken == SCHEDULE_BAGS_MAX)
            return rw_error_set(err, RW_TOO_LARGE, "/bags",
                                "a schedule holds at most %d bags, %zu of another roll among them",
                                SCHEDULE_BAGS_MAX, taken);
        if (!fill_bag(roll, i, facts, arena, &schedule->bags[schedule->bag_count], err))
            return false;
        schedule->bag_count++;
    }
    if (schedule->bag_count == 0)
        return rw_error_set(err, RW_INVALID, "/bags", "the roll has no bag to hand out");
    schedule->first = schedule->bags[0].n;
    schedule->last = schedule->bags[schedule->bag_count - 1].n;
    return true;
}

static bool add_revoked(const struct publish_facts *facts, struct schedule *schedule,
                        struct rw_arena *arena, struct rw_error *err)
{
    if (facts->revoked_count > SCHEDULE_REVOKED_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "/revoked", "more than %d serials are revoked",
                            SCHEDULE_REVOKED_MAX);
    schedule->revoked = rw_arena_array(arena, facts->revoked_count, sizeof *schedule->revoked, err);
    if (schedule->revoked == NULL)
        return false;
    for (size_t i = 0; i < facts->revoked_count; i++)
        schedule->revoked[schedule->revoked_count++] = facts->revoked[i];
    return true;
}

bool publish_schedule(const struct roll *roll, const struct publish_facts *facts,
                      struct rw_arena *arena, struct schedule **ret_schedule, struct rw_error *err)
{
    assert(facts->alarm_after_min > 0 && facts->zone != NULL && facts->roll_key != NULL);
    assert(facts->early_max_min >= 0 && facts->early_max_min <= SCHEDULE_EARLY_MAX_MIN);
    struct schedule *schedule = rw_arena_alloc(arena, sizeof *schedule, err);
    if (schedule == NULL)
        return false;
    schedule->dispenser = facts->dispenser;
    schedule->version = facts->version;
    schedule->roll = roll->number;
    schedule->roll_version = roll->version;
    schedule->client = facts->client;
    schedule->released = facts->released;
    schedule->zone = roll->zone;
    memcpy(schedule->roll_key, facts->roll_key, RW_HMAC_KEY_BYTES);
    schedule->media = roll->media;
    schedule->alarm_after_min = facts->alarm_after_min;
    schedule->pharmacy = roll->pharmacy.id;
    schedule->before = facts->before;
    if (!fill_bags(roll, facts, schedule, arena, err) ||
        !add_revoked(facts, schedule, arena, err) || !add_reminders(roll, schedule, arena, err) ||
        !add_ends(roll, facts, schedule, arena, err))
        return false;
    *ret_schedule = schedule;
    return true;
}
