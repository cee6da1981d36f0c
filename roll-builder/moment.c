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
    return order != 0 ? order : (one->milli > two->milli) - (one->milli < two->milli);
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

static void fill_portions(const struct line *lines, size_t line_count, struct portion *portions)
{
    size_t at = 0;
    for (size_t i = 0; i < line_count; i++) {
        const struct line *line = &lines[i];
        if (line->destination != ORDER_TO_ROLL)
            continue;
        for (size_t j = 0; j < line->kept; j++) {
            const struct intake *intake = &line->judged.intakes[j];
            portions[at++] = (struct portion){
                .utc_minute = rw_stamp_utc_minute(intake->at),
                .at = intake->at,
                .word = intake->exact ? NULL : intake->moment,
                .exact = intake->exact,
                .alone = line->product->separate ? line->product->code : "",
                .line = line,
                .milli = intake->milli,
            };
        }
    }
}

static int32_t use_by_day(const struct product *product, const struct moment_dates *dates)
{
    const int32_t days = product->use_by_days > 0 ? product->use_by_days : dates->use_by_days;
    const int32_t day = dates->packed_on + days;
    return product->has_expiry && product->expiry < day ? product->expiry : day;
}

static bool add_content(struct moment *moment, const struct portion *portion, struct rw_error *err)
{
    const struct product *product = portion->line->product;
    if (moment->content_count > 0) {
        struct bag_content *last = &moment->contents[moment->content_count - 1];
        if (last->order == portion->line->label) {
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
    };
    return true;
}

/* Makes one moment of `count` portions that share a bag. */
static bool make_moment(const struct portion *portions, size_t count, struct moment *moment,
                        struct rw_error *err)
{
    moment->at = portions[0].at;
    moment->exact = portions[0].exact;
    moment->separate = portions[0].alone[0] != '\0';
    for (size_t i = 0; i < count; i++) {
        if (moment->word == NULL)
            moment->word = portions[i].word;
        if (!add_content(moment, &portions[i], err))
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

static bool gather(const struct portion *portions, size_t count, const struct moment_dates *dates,
                   struct rw_arena *arena, struct moments *moments, struct rw_error *err)
{
    struct bag_content *contents = rw_arena_array(arena, count, sizeof *contents, err);
    char(*texts)[RW_DATE_TEXT_MAX] = rw_arena_array(arena, count, sizeof *texts, err);
    if (contents == NULL || texts == NULL)
        return false;
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start + 1; end < count; end++) {
            if (compare_bag(&portions[start], &portions[end]) != 0)
                break;
        }
        struct moment *moment = &moments->list[moments->count];
        moment->contents = &contents[start];
        if (!make_moment(&portions[start], end - start, moment, err))
            return false;
        rw_date_write(earliest_use_by(&portions[start], end - start, dates), texts[moments->count]);
        moment->use_by = texts[moments->count++];
    }
    return true;
}

bool moment_gather(const struct line *lines, size_t line_count, const struct moment_dates *dates,
                   struct rw_arena *arena, struct moments *ret_moments, struct rw_error *err)
{
    struct moments moments = { 0 };
    const size_t count = count_portions(lines, line_count);
    if (count > MOMENT_PORTIONS_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "one client has %zu intakes, more than %d",
                            count, MOMENT_PORTIONS_MAX);
    struct portion *portions = rw_arena_array(arena, count, sizeof *portions, err);
    moments.list = rw_arena_array(arena, count, sizeof *moments.list, err);
    if (portions == NULL || moments.list == NULL)
        return false;
    fill_portions(lines, line_count, portions);
    qsort(portions, count, sizeof *portions, compare_portion);
    if (!gather(portions, count, dates, arena, &moments, err))
        return false;
    *ret_moments = moments;
    return true;
}
