/* SPDX-License-Identifier: Apache-2.0 */
/* Which bags go along on a day away, and which are withheld in a pause. */
#include "roll-builder/absence.h"

#include "core/base/text.h"
#include "roll-builder/amend.h"

/* Is a medicine of the bag taken at intervals of hours, so that its time may not move? */
static bool is_interval(const struct roll *roll, const struct bag *bag)
{
    for (size_t i = 0; i < bag->content_count; i++) {
        const struct bag_content *content = &bag->contents[i];
        for (size_t j = 0; j < content->why_count; j++) {
            if (rw_text_equal(roll->reasons[content->why[j]].rule, "hours"))
                return true;
        }
    }
    return false;
}

bool absence_may_move(const struct roll *roll, const struct bag *bag)
{
    return !bag->exact && !is_interval(roll, bag);
}

static bool is_superseded(const struct amendment *amendment, const struct bag *bag)
{
    for (size_t i = 0; amendment != NULL && i < amendment->superseded_count; i++) {
        if (rw_text_equal(amendment->superseded[i], bag->serial))
            return true;
    }
    return false;
}

/* What a pharmacist decides before a bag is taken along. */
static const char *find_question(const struct absence_request *request,
                                 const struct amendment *amendment, const struct bag *bag)
{
    const int64_t early = rw_stamp_utc_minute(bag->at) - rw_stamp_utc_minute(request->from);
    if (request->kind == ABSENCE_PAUSE)
        return NULL;
    if (is_superseded(amendment, bag))
        return "changes";
    if (bag->exact)
        return "exact";
    if (is_interval(request->roll, bag))
        return "interval";
    return request->early_max_min > 0 && early > request->early_max_min ? "too-early" : NULL;
}

static bool same_moment(const struct absence_bag *one, const struct absence_bag *two)
{
    return rw_stamp_utc_minute(one->bag->at) == rw_stamp_utc_minute(two->bag->at);
}

/* Half a dose never goes along while the other half waits for an answer. */
static void share_questions(struct absence *absence)
{
    for (size_t i = 1; i < absence->count; i++) {
        if (same_moment(&absence->bags[i], &absence->bags[i - 1]) && absence->bags[i].ask == NULL)
            absence->bags[i].ask = absence->bags[i - 1].ask;
    }
    for (size_t i = absence->count; i > 1; i--) {
        if (same_moment(&absence->bags[i - 1], &absence->bags[i - 2]) &&
            absence->bags[i - 2].ask == NULL)
            absence->bags[i - 2].ask = absence->bags[i - 1].ask;
    }
    for (size_t i = 0; i < absence->count; i++)
        absence->ask_count += absence->bags[i].ask != NULL;
}

/* Local midnight behind the roll's last day, with the offset of its last bag. */
static int64_t end_of(const struct roll *roll)
{
    struct rw_stamp end = roll->bags[roll->bag_count - 1].at;
    end.wall = (struct rw_wall){ roll->from + roll->days, 0 };
    return rw_stamp_utc_minute(end);
}

static bool check(const struct absence_request *request, struct rw_error *err)
{
    if (rw_stamp_utc_minute(request->to) <= rw_stamp_utc_minute(request->from))
        return rw_error_set(err, RW_INVALID, "", "the absence ends before it begins");
    return request->roll->bag_count >= 2 ||
           rw_error_set(err, RW_INVALID, "/bags", "a roll has a header and a trailer");
}

bool absence_find(const struct absence_request *request, struct rw_arena *arena,
                  struct absence *ret_absence, struct rw_error *err)
{
    const struct roll *roll = request->roll;
    const int64_t from = rw_stamp_utc_minute(request->from);
    const int64_t to = rw_stamp_utc_minute(request->to);
    struct amendment *amendment = NULL;
    struct absence absence = { 0 };
    if (!check(request, err) ||
        (request->next != NULL && !amend_compare(roll, request->next, arena, &amendment, err)))
        return false;
    absence.bags = rw_arena_array(arena, roll->bag_count, sizeof *absence.bags, err);
    if (absence.bags == NULL)
        return false;
    for (size_t i = 0; i < roll->bag_count; i++) {
        const struct bag *bag = &roll->bags[i];
        const int64_t minute = rw_stamp_utc_minute(bag->at);
        if (bag->kind != BAG_DOSE || minute < from)
            continue;
        if (minute >= to && absence.resume == NULL)
            absence.resume = bag;
        if (minute >= to)
            continue;
        absence.bags[absence.count++] =
            (struct absence_bag){ bag, find_question(request, amendment, bag) };
        absence.pieces += bag_pieces(bag);
    }
    share_questions(&absence);
    absence.beyond = to > end_of(roll);
    absence.changes = amendment != NULL && amendment->action != AMEND_AT_NEXT_ROLL;
    *ret_absence = absence;
    return true;
}
