/* SPDX-License-Identifier: Apache-2.0 */
/* Decides whether the roll that is being loaded may be loaded. */
#include "core/model/loading.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/model/roll.h"
#include "core/model/tag.h"

static const char *const words[LOADING_ANSWER_COUNT] = {
    [LOADING_UNREADABLE] = "UNREADABLE",
    [LOADING_BAD_SIGNATURE] = "BAD_SIGNATURE",
    [LOADING_WRONG_DISPENSER] = "WRONG_DISPENSER",
    [LOADING_BAD_TAG] = "BAD_TAG",
    [LOADING_ROLL_SUPERSEDED] = "ROLL_SUPERSEDED",
    [LOADING_WRONG_CLIENT] = "WRONG_CLIENT",
    [LOADING_NOT_RELEASED_BY_PHARMACIST] = "NOT_RELEASED_BY_PHARMACIST",
    [LOADING_EXPIRED] = "EXPIRED",
    [LOADING_BAG_ALREADY_RELEASED] = "BAG_ALREADY_RELEASED",
    [LOADING_REVERSED] = "REVERSED",
    [LOADING_GAP] = "GAP",
    [LOADING_NOT_FIRST_BAG] = "NOT_FIRST_BAG",
    [LOADING_OK] = "OK"
};

const char *loading_word(enum loading_answer answer)
{
    return words[answer];
}

/* The part whose strip is handed out now; `before` exists where the facts say so. */
static const struct schedule *part_of(const struct loading_facts *facts)
{
    return facts->in_before ? facts->schedule->before : facts->schedule;
}

static bool is_of_roll(const struct tag *tag, const char *roll)
{
    return strncmp(tag->serial, roll, ROLL_NUMBER_DIGITS) == 0;
}

/* A code whose bag stands in the schedule must carry that bag's tag as well as a good one. */
static bool has_good_tag(const struct tag *tag, const struct schedule *schedule)
{
    const struct schedule_bag *bag = schedule_bag_find(schedule, tag->serial);
    bool same = bag == NULL || rw_text_equal(bag->tag, tag->digits);
    return same && tag_is_good(tag, schedule->roll_key);
}

static bool is_expired(const struct loading_facts *facts)
{
    int64_t limit = 0;
    /* A schedule without a readable limit is treated as over. */
    return !rw_clock_parse_utc(facts->schedule->not_after, &limit) || facts->now_utc_ms > limit;
}

/* Where the strip stands: the bag that is visible against the bag that is to be handed out next,
 * and the one behind it to tell the direction. Header and trailer are no doses. */
static enum loading_answer judge_place(const struct loading_facts *facts,
                                       const struct schedule_bag *bag,
                                       const struct schedule_bag *behind)
{
    if (bag->n <= facts->released_last_n && bag->n >= part_of(facts)->first)
        return LOADING_BAG_ALREADY_RELEASED;
    if (behind != NULL && behind->n < bag->n)
        return LOADING_REVERSED;
    if (behind != NULL && behind->n > bag->n + 1)
        return LOADING_GAP;
    return bag->n == facts->expected_n ? LOADING_OK : LOADING_NOT_FIRST_BAG;
}

/* The part of the schedule whose roll a code is of; NULL = neither. */
static const struct schedule *part_for(const struct schedule *schedule, const struct tag *tag)
{
    if (schedule->before != NULL && is_of_roll(tag, schedule->before->roll))
        return schedule->before;
    return is_of_roll(tag, schedule->roll) ? schedule : NULL;
}

/* May this code lie in this dispenser at all? LOADING_OK: it is a good one of the roll. A roll
 * whose part was handed out is over; one whose turn comes later is not the first bag yet. */
static enum loading_answer judge_code(const struct loading_facts *facts, const struct tag *tag)
{
    const struct schedule *part = part_for(facts->schedule, tag);
    if (part != NULL && !has_good_tag(tag, part))
        return LOADING_BAD_TAG;
    if (schedule_is_revoked(facts->schedule, tag->serial))
        return LOADING_ROLL_SUPERSEDED;
    if (part == NULL)
        return LOADING_WRONG_CLIENT;
    if (part == part_of(facts))
        return LOADING_OK;
    return facts->in_before ? LOADING_NOT_FIRST_BAG : LOADING_ROLL_SUPERSEDED;
}

static enum loading_answer judge_bag(const struct loading_facts *facts, const struct tag *tag,
                                     const struct tag *next)
{
    const struct schedule *schedule = part_of(facts);
    const struct schedule_bag *bag = schedule_bag_find(schedule, tag->serial);
    if (is_expired(facts))
        return LOADING_EXPIRED;
    if (bag ==
        NULL) /* a header, a trailer, or a bag outside [first, last]: no dose to begin with */
        return LOADING_NOT_FIRST_BAG;
    const struct schedule_bag *behind =
        next != NULL ? schedule_bag_find(schedule, next->serial) : NULL;
    const enum loading_answer place = judge_place(facts, bag, behind);
    /* A trailer, or a bag that the schedule does not have, follows the last bag alone. */
    const bool ends_early = next != NULL && behind == NULL && bag->n < schedule->last;
    return ends_early && place != LOADING_BAG_ALREADY_RELEASED ? LOADING_GAP : place;
}

enum loading_answer loading_check(const struct loading_facts *facts)
{
    const struct schedule *schedule = facts->schedule;
    struct tag tag;
    struct tag next;
    if (schedule == NULL || !facts->signature_good)
        return LOADING_BAD_SIGNATURE;
    if (!rw_text_equal(schedule->dispenser, facts->dispenser))
        return LOADING_WRONG_DISPENSER;
    if (facts->code == NULL || !tag_parse(facts->code, &tag, NULL))
        return LOADING_UNREADABLE;
    const bool sees_next = facts->code_next != NULL && tag_parse(facts->code_next, &next, NULL);
    const enum loading_answer first = judge_code(facts, &tag);
    const enum loading_answer second = sees_next ? judge_code(facts, &next) : LOADING_OK;
    const enum loading_answer worse = first < second ? first : second; /* in order of the answers */
    return worse != LOADING_OK ? worse : judge_bag(facts, &tag, sees_next ? &next : NULL);
}
