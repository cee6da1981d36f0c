/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the administration list and compares it with the old one. */
#include "roll-builder/amend_list.h"

#include <string.h>

#include "core/base/text.h"

#define WEEK_DAYS 7

struct lines {
    struct amend_line *list;
    size_t count;
    size_t room;
};

static struct amend_line *add_line(struct lines *lines, const struct amend_line *line,
                                   struct rw_arena *arena, struct rw_error *err)
{
    if (lines->count == AMEND_LIST_MAX) {
        (void)rw_error_set(err, RW_TOO_LARGE, line->loose ? "/loose" : "/bags",
                           "the administration list of both rolls has more than %d lines",
                           AMEND_LIST_MAX);
        return NULL;
    }
    if (!rw_arena_grow(arena, &lines->list, &lines->room, lines->count, sizeof *lines->list,
                       AMEND_LIST_MAX, err))
        return NULL;
    lines->list[lines->count] = *line;
    return &lines->list[lines->count++];
}

static struct amend_line *find_packed(const struct lines *lines, const char *product)
{
    for (size_t i = 0; i < lines->count; i++) {
        if (!lines->list[i].loose && strcmp(lines->list[i].product, product) == 0)
            return &lines->list[i];
    }
    return NULL;
}

/* The amount of one product over all bags of one moment, counted at its first bag. */
static int64_t moment_milli(const struct roll *roll, size_t index, const char *product)
{
    const int64_t minute = rw_stamp_utc_minute(roll->bags[index].at);
    int64_t sum = 0;
    for (size_t i = 1; i + 1 < roll->bag_count; i++) {
        const struct bag *bag = &roll->bags[i];
        if (rw_stamp_utc_minute(bag->at) != minute)
            continue;
        for (size_t j = 0; j < bag->content_count; j++) {
            if (strcmp(bag->contents[j].product, product) != 0)
                continue;
            if (i < index)
                return 0;
            sum += bag->contents[j].milli;
        }
    }
    return sum;
}

static bool is_first_of_bag(const struct bag *bag, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(bag->contents[i].product, bag->contents[index].product) == 0)
            return false;
    }
    return true;
}

static bool list_packed(const struct roll *roll, struct lines *lines, struct rw_arena *arena,
                        struct rw_error *err)
{
    for (size_t i = 1; i + 1 < roll->bag_count; i++) {
        const struct bag *bag = &roll->bags[i];
        for (size_t j = 0; j < bag->content_count; j++) {
            const struct bag_content *content = &bag->contents[j];
            const int64_t milli = moment_milli(roll, i, content->product);
            if (milli == 0 || !is_first_of_bag(bag, j))
                continue;
            struct amend_line *line = find_packed(lines, content->product);
            if (line == NULL) {
                const struct amend_line fresh = {
                    .product = content->product,
                    .name = content->name,
                    .strength = content->strength,
                    .look = content->look,
                    .times = { .list = rw_arena_array(arena, ROLL_TIMES_MAX,
                                                      sizeof *fresh.times.list, err) },
                };
                line = fresh.times.list == NULL ? NULL : add_line(lines, &fresh, arena, err);
            }
            if (line == NULL)
                return false;
            if (!roll_time_add(&line->times, bag->at.wall, milli))
                return rw_error_set(err, RW_TOO_LARGE, "",
                                    "a product has more than %d times of day", ROLL_TIMES_MAX);
        }
    }
    return true;
}

static bool list_loose(const struct roll *roll, struct lines *lines, struct rw_arena *arena,
                       struct rw_error *err)
{
    for (size_t i = 0; i < roll->loose_count; i++) {
        const struct roll_outside *row = &roll->loose[i];
        const struct amend_line fresh = {
            .loose = true,
            .product = row->product,
            .name = row->name,
            .strength = row->strength,
            .text = row->text,
            .times = row->times,
        };
        if (add_line(lines, &fresh, arena, err) == NULL)
            return false;
    }
    return true;
}

static int32_t count_weekdays(uint8_t weekdays)
{
    int32_t count = 0;
    for (; weekdays != 0; weekdays &= (uint8_t)(weekdays - 1))
        count++;
    return count;
}

/* Days that come back each week: on each of them at least twice, or one day alone. */
static bool is_weekly(const struct roll_time *time)
{
    const int32_t weekdays = count_weekdays(time->weekdays);
    return weekdays == 1 || time->days >= 2 * weekdays;
}

/* Monday's dose of one roll is not Tuesday's of the next. Only rolls of a week and more say so:
 * every third day falls on other weekdays in each. */
static bool other_weekdays(const struct roll_time *one, const struct roll_time *two)
{
    return one->weekdays != two->weekdays && is_weekly(one) && is_weekly(two);
}

static bool same_times(const struct amend_line *one, const struct amend_line *two, bool weeks)
{
    if (one->times.count != two->times.count)
        return false;
    for (size_t i = 0; i < one->times.count; i++) {
        const struct roll_time *left = &one->times.list[i];
        const struct roll_time *right = &two->times.list[i];
        if (left->minute != right->minute || left->milli != right->milli ||
            (weeks && other_weekdays(left, right)))
            return false;
    }
    return true;
}

static bool same_medicine(const struct amend_line *one, const struct amend_line *two)
{
    if (one->loose != two->loose)
        return false;
    if (one->product != NULL && two->product != NULL)
        return strcmp(one->product, two->product) == 0;
    return one->product == two->product && rw_text_equal(one->name, two->name);
}

/* How much two lines of one medicine have in common, the most first. */
enum likeness { LIKE_ALL, LIKE_WORDS, LIKE_MEDICINE, LIKENESS_COUNT };

static bool is_like(const struct amend_line *one, const struct amend_line *two,
                    enum likeness likeness, bool weeks)
{
    if (!same_medicine(one, two))
        return false;
    return likeness == LIKE_MEDICINE || (rw_text_equal(one->text, two->text) &&
                                         (likeness == LIKE_WORDS || same_times(one, two, weeks)));
}

/* Each new line and the old one that it continues, or NULL. Of several lines of one medicine those
 * that are most alike belong together, and none has two others: what is left over on either side
 * was added or fell off. */
static void pair_lines(const struct lines *before, const struct lines *after, bool weeks,
                       const struct amend_line **pairs, bool *taken)
{
    for (int likeness = LIKE_ALL; likeness < LIKENESS_COUNT; likeness++) {
        for (size_t i = 0; i < after->count; i++) {
            for (size_t j = 0; j < before->count && pairs[i] == NULL; j++) {
                if (taken[j] ||
                    !is_like(&before->list[j], &after->list[i], (enum likeness)likeness, weeks))
                    continue;
                pairs[i] = &before->list[j];
                taken[j] = true;
            }
        }
    }
}

static enum amend_change find_change(const struct amend_line *old_line,
                                     const struct amend_line *line, bool weeks)
{
    if (old_line == NULL)
        return AMEND_ADDED;
    const bool same = same_times(old_line, line, weeks) &&
                      rw_text_equal(old_line->text, line->text) &&
                      rw_text_equal(old_line->look, line->look);
    return same ? AMEND_SAME : AMEND_CHANGED;
}

static bool mark_changes(const struct lines *before, struct lines *after, bool weeks,
                         struct rw_arena *arena, struct rw_error *err)
{
    const size_t count = after->count;
    const struct amend_line **pairs = rw_arena_array(arena, count, sizeof *pairs, err);
    bool *taken = pairs == NULL ? NULL : rw_arena_array(arena, before->count, sizeof *taken, err);
    if (taken == NULL)
        return false;
    pair_lines(before, after, weeks, pairs, taken);
    for (size_t i = 0; i < count; i++)
        after->list[i].change = find_change(pairs[i], &after->list[i], weeks);
    for (size_t i = 0; i < before->count; i++) {
        struct amend_line gone = before->list[i];
        gone.change = AMEND_REMOVED;
        if (!taken[i] && add_line(after, &gone, arena, err) == NULL)
            return false;
    }
    return true;
}

bool amend_list_make(const struct roll *old_roll, const struct roll *new_roll,
                     struct rw_arena *arena, struct amend_line **ret_list, size_t *ret_count,
                     struct rw_error *err)
{
    struct lines before = { 0 };
    struct lines after = { 0 };
    const bool weeks = old_roll->days >= WEEK_DAYS && new_roll->days >= WEEK_DAYS;
    if (!list_packed(old_roll, &before, arena, err) || !list_loose(old_roll, &before, arena, err) ||
        !list_packed(new_roll, &after, arena, err) || !list_loose(new_roll, &after, arena, err))
        return false;
    if (!mark_changes(&before, &after, weeks, arena, err))
        return false;
    *ret_list = after.list;
    *ret_count = after.count;
    return true;
}
