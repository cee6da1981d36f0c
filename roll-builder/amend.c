/* SPDX-License-Identifier: Apache-2.0 */
/* Compares an old roll with a new one and says what must be done. */
#include "roll-builder/amend.h"

#include <string.h>

#include "core/base/text.h"
#include "roll-builder/amend_list.h"

const char *amend_action_word(enum amend_action action)
{
    static const char *const words[AMEND_ACTION_COUNT] = {
        [AMEND_AT_NEXT_ROLL] = "AT_NEXT_ROLL",
        [AMEND_REPLACE_FROM] = "REPLACE_FROM",
        [AMEND_ADD_LOOSE] = "ADD_LOOSE",
        [AMEND_REMOVE_BY_PHARMACY] = "REMOVE_BY_PHARMACY",
    };
    return words[action];
}

const char *amend_change_word(enum amend_change change)
{
    static const char *const words[AMEND_CHANGE_COUNT] = {
        [AMEND_SAME] = "same",
        [AMEND_ADDED] = "added",
        [AMEND_CHANGED] = "changed",
        [AMEND_REMOVED] = "removed",
    };
    return words[change];
}

/* The dose bags of a roll, walked moment by moment. */
struct walk {
    const struct roll *roll;
    size_t at;  /* first bag of this moment */
    size_t end; /* behind its last */
    int64_t minute;
};

static bool walk_to(struct walk *walk, size_t index)
{
    const struct roll *roll = walk->roll;
    while (index < roll->bag_count && roll->bags[index].kind != BAG_DOSE)
        index++;
    walk->at = index;
    walk->end = index;
    if (index == roll->bag_count)
        return false;
    walk->minute = rw_stamp_utc_minute(roll->bags[index].at);
    while (walk->end < roll->bag_count && roll->bags[walk->end].kind == BAG_DOSE &&
           rw_stamp_utc_minute(roll->bags[walk->end].at) == walk->minute)
        walk->end++;
    return true;
}

static int64_t product_milli(const struct walk *walk, const char *product)
{
    int64_t sum = 0;
    for (size_t i = walk->at; i < walk->end; i++) {
        const struct bag *bag = &walk->roll->bags[i];
        for (size_t j = 0; j < bag->content_count; j++) {
            if (strcmp(bag->contents[j].product, product) == 0)
                sum += bag->contents[j].milli;
        }
    }
    return sum;
}

/* Does the other moment hold each product of this one in the same amount? */
static bool holds_all(const struct walk *one, const struct walk *other)
{
    for (size_t i = one->at; i < one->end; i++) {
        const struct bag *bag = &one->roll->bags[i];
        for (size_t j = 0; j < bag->content_count; j++) {
            const char *product = bag->contents[j].product;
            if (product_milli(one, product) != product_milli(other, product))
                return false;
        }
    }
    return true;
}

/* What walking both rolls side by side found, over the time that both speak of. */
struct difference {
    size_t gone;      /* moments of the old roll alone */
    size_t other;     /* moments with other contents, or of the new roll alone */
    size_t beyond;    /* moments of the old roll behind the last day of the new one */
    int64_t first;    /* the first moment that is gone or other */
    int64_t new_from; /* where the new roll begins to count */
    int64_t new_end;  /* the midnight behind its last day */
    int64_t old_end;  /* the same of the old roll */
};

static void note(struct difference *difference, int64_t minute, bool gone)
{
    if (difference->gone + difference->other == 0 || minute < difference->first)
        difference->first = minute;
    if (gone)
        difference->gone++;
    else
        difference->other++;
}

/* Local midnight of the new roll's first day, with the offset of its issue or first bag. */
static int64_t begin_of(const struct roll *roll)
{
    struct rw_stamp begin = roll->bags[0].at;
    begin.wall = (struct rw_wall){ roll->from, 0 };
    return rw_stamp_utc_minute(begin);
}

/* Local midnight behind its last day, which has moments that the roll may leave empty. */
static int64_t end_of(const struct roll *roll)
{
    struct rw_stamp end = roll->bags[roll->bag_count - 1].at;
    end.wall = (struct rw_wall){ roll->from + roll->days, 0 };
    return rw_stamp_utc_minute(end);
}

static struct difference find_difference(const struct roll *old_roll, const struct roll *new_roll)
{
    struct difference difference = { .new_from = begin_of(new_roll),
                                     .new_end = end_of(new_roll),
                                     .old_end = end_of(old_roll) };
    /* A plan that was made in the place of the old roll means it whole: days it leaves out too. */
    const bool replaces = rw_text_equal(new_roll->replaces, old_roll->number);
    struct walk old_walk = { .roll = old_roll };
    struct walk new_walk = { .roll = new_roll };
    bool has_old = walk_to(&old_walk, 0);
    bool has_new = walk_to(&new_walk, 0);
    while (has_old || has_new) {
        const bool only_old = has_old && (!has_new || old_walk.minute < new_walk.minute);
        const bool only_new = has_new && (!has_old || new_walk.minute < old_walk.minute);
        if (only_old && old_walk.minute >= difference.new_end && !replaces)
            difference.beyond++;
        else if (only_old && old_walk.minute >= difference.new_from)
            note(&difference, old_walk.minute, true);
        else if (only_new && new_walk.minute < difference.old_end)
            note(&difference, new_walk.minute, false);
        else if (!only_old && !only_new &&
                 !(holds_all(&old_walk, &new_walk) && holds_all(&new_walk, &old_walk)))
            note(&difference, old_walk.minute, false);
        if (!only_new)
            has_old = walk_to(&old_walk, old_walk.end);
        if (!only_old)
            has_new = walk_to(&new_walk, new_walk.end);
    }
    return difference;
}

static bool loose_grew(const struct amendment *amendment)
{
    for (size_t i = 0; i < amendment->list_count; i++) {
        const struct amend_line *line = &amendment->list[i];
        if (line->loose && (line->change == AMEND_ADDED || line->change == AMEND_CHANGED))
            return true;
    }
    return false;
}

static bool has_moment(const struct roll *roll, int64_t minute)
{
    for (size_t i = 0; i < roll->bag_count; i++) {
        if (roll->bags[i].kind == BAG_DOSE && rw_stamp_utc_minute(roll->bags[i].at) == minute)
            return true;
    }
    return false;
}

/* The serials that no longer count: all from `first` on, or only the moments that are gone. What
 * was changed may lie in each later bag of the old roll too, whatever the new one speaks of. */
static bool supersede(const struct roll *old_roll, const struct roll *new_roll,
                      const struct difference *difference, struct rw_arena *arena,
                      struct amendment *amendment, struct rw_error *err)
{
    amendment->superseded =
        rw_arena_array(arena, old_roll->bag_count, sizeof *amendment->superseded, err);
    if (amendment->superseded == NULL)
        return false;
    for (size_t i = 0; i < old_roll->bag_count; i++) {
        const struct bag *bag = &old_roll->bags[i];
        const int64_t minute = rw_stamp_utc_minute(bag->at);
        if (bag->kind != BAG_DOSE || minute < difference->first)
            continue;
        if (amendment->action == AMEND_REMOVE_BY_PHARMACY && has_moment(new_roll, minute))
            continue;
        if (amendment->from == 0)
            amendment->from = bag->n;
        amendment->superseded[amendment->superseded_count++] = bag->serial;
        if (minute < difference->new_end)
            continue;
        if (amendment->uncovered == NULL)
            amendment->uncovered = bag;
        amendment->uncovered_count++;
    }
    return true;
}

static bool decide(const struct roll *old_roll, const struct roll *new_roll, struct rw_arena *arena,
                   struct amendment *amendment, struct rw_error *err)
{
    const struct difference difference = find_difference(old_roll, new_roll);
    if (difference.gone + difference.other == 0) {
        const bool overlap = difference.new_from < difference.old_end;
        amendment->action = overlap && loose_grew(amendment) ? AMEND_ADD_LOOSE : AMEND_AT_NEXT_ROLL;
        return true;
    }
    amendment->action = difference.other == 0 && difference.beyond == 0 ? AMEND_REMOVE_BY_PHARMACY
                                                                        : AMEND_REPLACE_FROM;
    if (!supersede(old_roll, new_roll, &difference, arena, amendment, err))
        return false;
    for (size_t i = 0; amendment->action == AMEND_REPLACE_FROM && i < new_roll->bag_count; i++) {
        const struct bag *bag = &new_roll->bags[i];
        if (bag->kind != BAG_DOSE || rw_stamp_utc_minute(bag->at) < difference.first)
            continue;
        amendment->new_first = bag->n;
        break;
    }
    return true;
}

bool amend_compare(const struct roll *old_roll, const struct roll *new_roll, struct rw_arena *arena,
                   struct amendment **ret_amendment, struct rw_error *err)
{
    if (!rw_text_equal(old_roll->client.id, new_roll->client.id) ||
        !rw_text_equal(old_roll->client.born, new_roll->client.born))
        return rw_error_set(err, RW_INVALID, "/client", "the two rolls are not of one client");
    if (old_roll->bag_count < 2 || new_roll->bag_count < 2)
        return rw_error_set(err, RW_INVALID, "/bags", "a roll has a header and a trailer");
    struct amendment *amendment = rw_arena_alloc(arena, sizeof *amendment, err);
    if (amendment == NULL ||
        !amend_list_make(old_roll, new_roll, arena, &amendment->list, &amendment->list_count,
                         err) ||
        !decide(old_roll, new_roll, arena, amendment, err))
        return false;
    *ret_amendment = amendment;
    return true;
}
