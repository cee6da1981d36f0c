/* SPDX-License-Identifier: Apache-2.0 */
/* Decides what a dispenser does next: one pure step at a time. */
#include "dispenser/loop.h"

#include <assert.h>
#include <string.h>

#include "core/base/attributes.h"
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/model/tag.h"

#define MINUTE_MS INT64_C(60000)

static const char *const refusal_words[LOOP_REFUSAL_COUNT] = {
    [LOOP_DONE] = "done",
    [LOOP_NO_SCHEDULE] = "no-schedule",
    [LOOP_OLD_SCHEDULE] = "old-schedule",
    [LOOP_NOT_LOADED] = "not-loaded",
    [LOOP_IS_PAUSED] = "paused",
    [LOOP_IS_JAMMED] = "jammed",
    [LOOP_NOT_OPEN] = "not-open",
    [LOOP_NOT_EARLY] = "not-early",
    [LOOP_TOO_EARLY] = "too-early",
    [LOOP_OVER] = "over",
    [LOOP_ALREADY] = "already",
};

const char *loop_refusal_word(enum loop_refusal refusal)
{
    assert(refusal < LOOP_REFUSAL_COUNT);
    return refusal_words[refusal];
}

/* What the rules of one step share. */
struct step {
    const struct schedule *whole;
    const struct schedule *schedule; /* the part of it whose strip is handed out now */
    int64_t now_ms;
    struct loop_result *result;
    struct loop_state *state; /* of the result */
};

static int64_t ms_of(struct rw_stamp stamp)
{
    return rw_stamp_utc_minute(stamp) * MINUTE_MS;
}

static const struct schedule_bag *bag_of(const struct schedule *schedule, int32_t n)
{
    if (schedule == NULL || n < schedule->first || n > schedule->last)
        return NULL;
    size_t index = (size_t)(n - schedule->first);
    return index < schedule->bag_count ? &schedule->bags[index] : NULL;
}

/* The part of another roll comes first, until its last bag is behind us. */
static const struct schedule *part_of(const struct schedule *whole, const struct loop_state *state)
{
    const struct schedule *before = whole != NULL ? whole->before : NULL;
    bool in_before =
        before != NULL && rw_text_equal(before->roll, state->roll) && state->next_n <= before->last;
    return in_before ? before : whole;
}

static void report(struct step *step, enum event_type type, const struct schedule_bag *bag,
                   int64_t at_ms)
{
    assert(step->result->event_count < LOOP_EVENTS_MAX);
    struct loop_event *event = &step->result->events[step->result->event_count++];
    *event = (struct loop_event){ .type = type, .at_utc_ms = at_ms };
    if (bag != NULL)
        (void)rw_text_copy(event->serial, sizeof event->serial, bag->serial); /* twelve digits */
}

/* The pause of the schedule that a bag's moment lies in; NULL = its client is at home then. */
static const struct schedule_pause *pause_of(const struct step *step,
                                             const struct schedule_bag *bag)
{
    return schedule_pause_of(step->whole, rw_stamp_utc_minute(bag->at));
}

/* REQ-023: until when the bag waits. One that lies in a pause is drawn in at the pause's end at the
 * latest: who comes back never gets what was planned for the time away. */
static int64_t waits_until_ms(const struct schedule *whole, const struct schedule_bag *bag)
{
    const struct schedule_pause *pause = schedule_pause_of(whole, rw_stamp_utc_minute(bag->at));
    int64_t closes_ms = ms_of(bag->closes);
    if (pause == NULL || pause->open)
        return closes_ms;
    return closes_ms < ms_of(pause->until) ? closes_ms : ms_of(pause->until);
}

static bool is_over(const struct step *step)
{
    int64_t limit_ms = 0;
    return !rw_clock_parse_utc(step->schedule->not_after, &limit_ms) || step->now_ms > limit_ms;
}

static void go_to_next(struct step *step)
{
    step->state->next_n++;
    step->state->due_n = 0;
    step->state->retrying = false;
    int32_t left = step->schedule->last - step->state->next_n + 1;
    if (left <= LOOP_LOW_BAGS && left > 0 && !step->state->low_told) {
        step->state->low_told = true;
        report(step, EVENT_LOW_BAGS, NULL, step->now_ms);
    }
}

/* Announces the next bag when its moment has come, and passes over it when its time is up or it
 * was revoked. True when the next bag changed, so that the one behind it is looked at too. */
static bool pass_time(struct step *step)
{
    struct loop_state *state = step->state;
    const struct schedule_bag *bag = bag_of(step->schedule, state->next_n);
    if (bag == NULL)
        return false;
    if (schedule_is_revoked(step->schedule, bag->serial)) {
        report(step, EVENT_WITHHELD, bag, step->now_ms);
        go_to_next(step);
        return true;
    }
    if (step->now_ms < ms_of(bag->at))
        return false;
    const bool away = state->paused || pause_of(step, bag) != NULL;
    if (state->due_n != bag->n && !away) {
        state->due_n = bag->n;
        report(step, EVENT_DUE, bag, ms_of(bag->at));
    }
    const int64_t until_ms = waits_until_ms(step->whole, bag);
    if (step->now_ms < until_ms)
        return false;
    /* Who is away misses nothing, but the bag stays accounted for, and the strip shows its first
     * bag again before anything more leaves it (C.8). */
    report(step, away ? EVENT_WITHHELD : EVENT_MISSED, bag, until_ms);
    if (pause_of(step, bag) != NULL)
        state->loaded = false;
    go_to_next(step);
    return true;
}

/* From now on the bags of `schedule` count. */
static void turn_to(struct step *step, const struct schedule *schedule)
{
    struct loop_state *state = step->state;
    step->schedule = schedule;
    bool same_roll = rw_text_equal(schedule->roll, state->roll);
    if (!same_roll || schedule->roll_version != state->roll_version)
        state->loaded = false; /* another strip: its first bag is checked anew */
    if (!same_roll) {
        state->next_n = schedule->first;
        state->released_last_n = 0;
        state->due_n = 0;
        state->low_told = false;
        state->retrying = false;
    }
    if (state->next_n < schedule->first)
        state->next_n = schedule->first;
    state->roll_version = schedule->roll_version;
    (void)rw_text_copy(state->roll, sizeof state->roll, schedule->roll); /* nine digits */
}

static void pass_part(struct step *step)
{
    for (size_t i = 0; i <= step->schedule->bag_count && pass_time(step); i++)
        ;
}

static void tick(struct step *step)
{
    pass_part(step);
    if (part_of(step->whole, step->state) == step->schedule)
        return;
    turn_to(step, step->whole); /* the strip before it is used up */
    pass_part(step);
}

/* A dispenser that went on to the schedule's own roll does not go back to the one before. */
static void apply(struct step *step)
{
    struct loop_state *state = step->state;
    const struct schedule *whole = step->whole;
    if (whole->version < state->version) {
        step->result->refusal = LOOP_OLD_SCHEDULE;
        return;
    }
    bool begins_before = whole->before != NULL && !rw_text_equal(whole->roll, state->roll);
    turn_to(step, begins_before ? whole->before : whole);
    state->version = whole->version;
    report(step, EVENT_SCHEDULE_APPLIED, NULL, step->now_ms);
}

static void load(struct step *step, const struct loop_input *input)
{
    struct loop_state *state = step->state;
    const struct loading_facts facts = {
        .schedule = step->whole,
        .in_before = step->schedule != step->whole,
        .signature_good = true,
        .dispenser = input->dispenser,
        .code = input->code,
        .code_next = input->code_next,
        .expected_n = state->next_n,
        .released_last_n = state->released_last_n,
        .now_utc_ms = step->now_ms,
    };
    step->result->loading = loading_check(&facts);
    struct tag tag;
    bool is_tag = input->code != NULL && tag_parse(input->code, &tag, NULL);
    state->loaded = step->result->loading == LOADING_OK;
    report(step, state->loaded ? EVENT_ROLL_LOADED : EVENT_CODE_MISMATCH, NULL, step->now_ms);
    struct loop_event *event = &step->result->events[step->result->event_count - 1];
    if (is_tag)
        (void)rw_text_copy(event->serial, sizeof event->serial, tag.serial); /* the same length */
    if (state->loaded)
        state->jammed = false;
}

/* Why the next bag cannot leave now, whoever asks. */
static enum loop_refusal why_not(const struct step *step)
{
    const struct loop_state *state = step->state;
    if (is_over(step))
        return LOOP_OVER;
    if (state->paused || schedule_pause_of(step->whole, step->now_ms / MINUTE_MS) != NULL)
        return LOOP_IS_PAUSED;
    if (!state->loaded)
        return LOOP_NOT_LOADED;
    return state->jammed ? LOOP_IS_JAMMED : LOOP_DONE;
}

/* Why the bag cannot leave before it opens: it may go along on a day away, or be taken by hand
 * within the horizon of its client. What was planned for a pause is not taken by hand. */
static enum loop_refusal why_not_early(const struct step *step, const struct schedule_bag *bag)
{
    if (bag == NULL)
        return LOOP_NOT_EARLY;
    if (bag->early)
        return LOOP_DONE;
    if (bag->early_min == 0 || pause_of(step, bag) != NULL)
        return LOOP_NOT_EARLY;
    return step->now_ms < ms_of(bag->at) - bag->early_min * MINUTE_MS ? LOOP_TOO_EARLY : LOOP_DONE;
}

static void take(struct step *step, bool early)
{
    struct loop_state *state = step->state;
    const struct schedule_bag *bag = bag_of(step->schedule, state->next_n);
    enum loop_refusal refusal = why_not(step);
    bool open =
        bag != NULL && step->now_ms >= ms_of(bag->opens) && step->now_ms < ms_of(bag->closes);
    if (refusal == LOOP_DONE && !open)
        refusal = early ? why_not_early(step, bag) : LOOP_NOT_OPEN;
    step->result->refusal = refusal;
    if (refusal != LOOP_DONE)
        return;
    report(step, EVENT_RELEASED, bag, step->now_ms);
    struct loop_event *event = &step->result->events[step->result->event_count - 1];
    event->cause = !open ? EVENT_EARLY : state->retrying ? EVENT_RETRY : EVENT_SCHEDULED;
    step->result->released_n = bag->n;
    state->released_last_n = bag->n;
    go_to_next(step);
}

static void turn(struct step *step, bool *flag, bool value, enum event_type type)
{
    if (*flag == value) {
        step->result->refusal = LOOP_ALREADY;
        return;
    }
    *flag = value;
    if (type != EVENT_NONE)
        report(step, type, NULL, step->now_ms);
}

/* Something is wrong with how the strip moves. Of what has not left for certain nothing is said:
 * whoever clears it finds out which bag is the first now. */
static void fail(struct step *step, enum event_type type, bool stops)
{
    struct loop_state *state = step->state;
    if (state->jammed) {
        step->result->refusal = LOOP_ALREADY;
        return;
    }
    state->jammed = stops;
    state->retrying = true;
    report(step, type, bag_of(step->schedule, state->next_n), step->now_ms);
}

static void act(struct step *step, const struct loop_input *input)
{
    struct loop_state *state = step->state;
    switch (input->act) {
    case LOOP_TICK:
    case LOOP_ACT_COUNT:
        return;
    case LOOP_APPLY:
        apply(step);
        return;
    case LOOP_LOAD:
        load(step, input);
        return;
    case LOOP_REMOVE:
        turn(step, &state->loaded, false, EVENT_ROLL_REMOVED);
        return;
    case LOOP_TAKE:
    case LOOP_TAKE_EARLY:
        take(step, input->act == LOOP_TAKE_EARLY);
        return;
    case LOOP_PAUSE:
        turn(step, &state->paused, true, EVENT_PAUSED);
        return;
    case LOOP_RESUME:
        /* Never "go on where we were": the strip shows its first bag again (C.8). */
        turn(step, &state->paused, false, EVENT_RESUMED);
        if (step->result->refusal == LOOP_DONE)
            state->loaded = false;
        return;
    case LOOP_JAM:
        fail(step, EVENT_JAM, true);
        return;
    case LOOP_MISFEED:
        fail(step, EVENT_MISFEED, false);
        return;
    case LOOP_DOUBLE_FEED:
        fail(step, EVENT_DOUBLE_FEED, true);
        return;
    case LOOP_CUT_ERROR:
        fail(step, EVENT_CUT_ERROR, true);
        return;
    case LOOP_LID_OPEN:
        report(step, EVENT_LID_OPEN, NULL, step->now_ms);
        state->loaded = false;
        return;
    case LOOP_CLEAR:
        /* Hands were on the strip, and bags may have run out of time behind the jam. */
        turn(step, &state->jammed, false, EVENT_NONE);
        state->loaded = false;
        return;
    case LOOP_POWER_LOST:
        turn(step, &state->on_battery, true, EVENT_POWER_LOST);
        return;
    case LOOP_POWER_RESTORED:
        turn(step, &state->on_battery, false, EVENT_POWER_RESTORED);
        return;
    case LOOP_BATTERY:
        report(step, EVENT_BATTERY, NULL, step->now_ms);
        return;
    }
}

void loop_step(const struct schedule *schedule, const struct loop_state *state,
               const struct loop_input *input, int64_t now_utc_ms, struct loop_result *ret)
{
    assert(input->act < LOOP_ACT_COUNT);
    *ret = (struct loop_result){ .state = *state };
    struct step step = { .whole = schedule,
                         .schedule = part_of(schedule, state),
                         .now_ms = now_utc_ms,
                         .result = ret,
                         .state = &ret->state };
    if (schedule == NULL) {
        ret->refusal = input->act == LOOP_TICK ? LOOP_DONE : LOOP_NO_SCHEDULE;
        ret->loading = LOADING_BAD_SIGNATURE;
        return;
    }
    /* Time first: a bag whose window has closed cannot be taken any more. A new schedule comes
     * before the time, because the old one no longer counts. */
    if (input->act != LOOP_APPLY)
        tick(&step);
    act(&step, input);
    if (ret->refusal != LOOP_OLD_SCHEDULE)
        tick(&step);
}

int64_t loop_next_ms(const struct schedule *schedule, const struct loop_state *state,
                     int64_t now_utc_ms)
{
    const struct schedule_bag *bag = bag_of(part_of(schedule, state), state->next_n);
    if (bag == NULL)
        return INT64_MAX;
    int64_t at_ms = ms_of(bag->at);
    int64_t until_ms = waits_until_ms(schedule, bag);
    if (now_utc_ms < at_ms)
        return at_ms;
    return now_utc_ms < until_ms ? until_ms : now_utc_ms;
}
