/* SPDX-License-Identifier: Apache-2.0 */
/* Sorts all intakes of a client by time and gathers them. */
#include "roll-builder/moment.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/date.h"
#include "core/model/quantity.h"

/* One intake of a line that is packed. */
struct portion {
    int64_t utc_minute;
    struct rw_stamp at;
    const char *word;
    bool exact;
    const char *alone; /* product code when it lies alone, else "" */
    const struct line *line;
    int64_t milli;
    uint16_t reason; /* row of the reasons */
};

/* The intakes of all lines while they are gathered. */
struct gathering {
    struct portion *portions;
    size_t portion_count;
    struct roll_reason *reasons;
    size_t reason_count;
    size_t reason_room;
    const struct moment_dates *dates;
    struct rw_arena *arena;
};

static int compare_text(const char *left, const char *right)
{
    return strcmp(left != NULL ? left : "", right != NULL ? right : "");
}

/* Same answer for two portions of one bag. */
static int compare_bag(const struct portion *one, const struct portion *two)
{
    if (one->utc_minute != two->utc_minute)
        return one->utc_minute < two->utc_minute ? -1 : 1;
    if (one->exact != two->exact)
        return one->exact ? 1 : -1;
    return strcmp(one->alone, two->alone);
}

/* A total order: nothing is left to the sort's own choice (D27). */
static int compare_portion(const void *left, const void *right)
{
    const struct portion *one = left;
    const struct portion *two = right;
    int order = compare_bag(one, two);
    if (order == 0)
        order = compare_text(one->line->product->name, two->line->product->name);
    if (order == 0)
        order = compare_text(one->line->product->strength, two->line->product->strength);
    if (order == 0)
        order = compare_text(one->line->product->code, two->line->product->code);
    if (order == 0)
        order = strcmp(one->line->label, two->line->label);
    if (order == 0)
        order = compare_text(one->word, two->word);
    if (order == 0)
        order = (one->milli > two->milli) - (one->milli < two->milli);
    return order != 0 ? order : (one->reason > two->reason) - (one->reason < two->reason);
}

static size_t count_portions(const struct line *lines, size_t line_count)
{
    size_t count = 0;
    for (size_t i = 0; i < line_count; i++) {
        if (lines[i].destination == ORDER_TO_ROLL)
            count += lines[i].kept;
    }
    return count;
}

/* The reason of one intake: those of its line begin at `first`. */
static bool find_reason(struct gathering *gathering, const struct line *line,
                        const struct intake *intake, size_t first, uint16_t *ret_reason,
                        struct rw_error *err)
{
    const struct dosing *dosing = &line->chosen->order->dosings[intake->dosing];
    for (size_t i = first; i < gathering->reason_count; i++) {
        const struct roll_reason *reason = &gathering->reasons[i];
        if (reason->dosage == dosing->pointer && reason->milli == intake->milli &&
            strcmp(reason->rule, intake->rule) == 0) {
            *ret_reason = (uint16_t)i;
            return true;
        }
    }
    if (!rw_arena_grow(gathering->arena, &gathering->reasons, &gathering->reason_room,
                       gathering->reason_count, sizeof *gathering->reasons, ROLL_REASONS_MAX, err))
        return false;
    *ret_reason = (uint16_t)gathering->reason_count;
    gathering->reasons[gathering->reason_count++] =
        (struct roll_reason){ .order = line->label,
                              .dosage = dosing->pointer,
                              .phase = dosing->has_sequence ? dosing->sequence : 0,
                              .rule = intake->rule,
                              .milli = intake->milli };
    return true;
}

static bool fill_line(struct gathering *gathering, const struct line *line, struct rw_error *err)
{
    const size_t first = gathering->reason_count;
    for (size_t j = 0; j < line->kept; j++) {
        const struct intake *intake = &line->judged.intakes[j];
        struct portion *portion = &gathering->portions[gathering->portion_count++];
        *portion = (struct portion){
            .utc_minute = rw_stamp_utc_minute(intake->at),
            .at = intake->at,
            .word = intake->exact ? NULL : intake->moment,
            .exact = intake->exact,
            .alone = line->product->separate ? line->product->code : "",
            .line = line,
            .milli = intake->milli,
        };
        if (!find_reason(gathering, line, intake, first, &portion->reason, err))
            return false;
    }
    return true;
}

static bool fill_portions(struct gathering *gathering, const struct line *lines, size_t line_count,
                          struct rw_error *err)
{
    for (size_t i = 0; i < line_count; i++) {
        if (lines[i].destination == ORDER_TO_ROLL && !fill_line(gathering, &lines[i], err))
            return false;
    }
    return true;
}

static int32_t use_by_day(const struct product *product, const struct moment_dates *dates)
{
    const int32_t days = product->use_by_days > 0 ? product->use_by_days : dates->use_by_days;
    const int32_t day = dates->packed_on + days;
    return product->has_expiry && product->expiry < day ? product->expiry : day;
}

/* `why` is where this portion's reason is written: behind those of the portions before it. */
static bool add_content(struct moment *moment, const struct portion *portion, uint16_t *why,
                        struct rw_error *err)
{
    const struct product *product = portion->line->product;
    *why = portion->reason;
    if (moment->content_count > 0) {
        struct bag_content *last = &moment->contents[moment->content_count - 1];
        if (last->order == portion->line->label) {
            last->why_count++;
            if (quantity_add(last->milli, portion->milli, &last->milli))
                return true;
            return rw_error_set(err, RW_TOO_LARGE, portion->line->label,
                                "the amounts of one moment are too large to be added");
        }
    }
    moment->contents[moment->content_count++] = (struct bag_content){
        .order = portion->line->label,
        .product = product->code,
        .name = product->name,
        .strength = product->strength,
        .form = product->form,
        .milli = portion->milli,
        .look = product->look,
        .warning = product->warning,
        .lot = product->lot,
        .expiry = product->expiry_text,
        .picture = product->picture.file,
        .volume_ul = product->volume_ul,
        .why = why,
        .why_count = 1,
    };
    return true;
}

/* Makes one moment of `count` portions that share a bag. */
static bool make_moment(const struct portion *portions, size_t count, uint16_t *why,
                        struct moment *moment, struct rw_error *err)
{
    moment->at = portions[0].at;
    moment->exact = portions[0].exact;
    moment->separate = portions[0].alone[0] != '\0';
    for (size_t i = 0; i < count; i++) {
        if (moment->word == NULL)
            moment->word = portions[i].word;
        if (!add_content(moment, &portions[i], &why[i], err))
            return false;
    }
    return true;
}

static int32_t earliest_use_by(const struct portion *portions, size_t count,
                               const struct moment_dates *dates)
{
    int32_t earliest = RW_DATE_MAX;
    for (size_t i = 0; i < count; i++) {
        const int32_t day = use_by_day(portions[i].line->product, dates);
        earliest = day < earliest ? day : earliest;
    }
    return earliest;
}

static bool gather(const struct gathering *gathering, struct moments *moments, struct rw_error *err)
{
    const struct portion *portions = gathering->portions;
    const size_t count = gathering->portion_count;
    struct bag_content *contents = rw_arena_array(gathering->arena, count, sizeof *contents, err);
    char(*texts)[RW_DATE_TEXT_MAX] = rw_arena_array(gathering->arena, count, sizeof *texts, err);
    uint16_t *why = rw_arena_array(gathering->arena, count, sizeof *why, err);
    if (contents == NULL || texts == NULL || why == NULL)
        return false;
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start + 1; end < count; end++) {
            if (compare_bag(&portions[start], &portions[end]) != 0)
                break;
        }
        struct moment *moment = &moments->list[moments->count];
        moment->contents = &contents[start];
        if (!make_moment(&portions[start], end - start, &why[start], moment, err))
            return false;
        rw_date_write(earliest_use_by(&portions[start], end - start, gathering->dates),
                      texts[moments->count]);
        moment->use_by = texts[moments->count++];
    }
    return true;
}

bool moment_gather(const struct line *lines, size_t line_count, const struct moment_dates *dates,
                   struct rw_arena *arena, struct moments *ret_moments, struct rw_error *err)
{
    struct moments moments = { 0 };
    struct gathering gathering = { .dates = dates, .arena = arena };
    const size_t count = count_portions(lines, line_count);
    if (count > MOMENT_PORTIONS_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "one client has %zu intakes, more than %d",
                            count, MOMENT_PORTIONS_MAX);
    gathering.portions = rw_arena_array(arena, count, sizeof *gathering.portions, err);
    moments.list = rw_arena_array(arena, count, sizeof *moments.list, err);
    if (gathering.portions == NULL || moments.list == NULL ||
        !fill_portions(&gathering, lines, line_count, err))
        return false;
    qsort(gathering.portions, count, sizeof *gathering.portions, compare_portion);
    if (!gather(&gathering, &moments, err))
        return false;
    moments.reasons = gathering.reasons;
    moments.reason_count = gathering.reason_count;
    *ret_moments = moments;
    return true;
}
