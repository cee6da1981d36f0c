/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps what lines and people decide about bags. */
#include "api/judge.h"

#include <stdio.h>

#include "api/claim.h"
#include "api/service.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/json/verdict_json.h"
#include "db/glances.h"

#define WORDS_MAX 400

struct judgement {
    const struct judge_posted *posted;
    const struct judge_decision *decision;
    struct bags_picture *picture;
    struct step step;
};

/* Verdicts are taken while the film is being checked. */
static bool check_open(const struct step *step, struct rw_error *err)
{
    if (step->row.state != ROLL_PRINTED && step->row.state != ROLL_VERIFIED)
        return rw_error_set(err, RW_CONFLICT, "", "a roll that is %s is not judged",
                            roll_state_word(step->row.state));
    return true;
}

static bool find_bag(const struct step *step, const char *serial, const struct bag **ret_bag,
                     struct rw_error *err)
{
    *ret_bag = roll_bag_find(step->roll, serial);
    if (!*ret_bag)
        return rw_error_set(err, RW_NOT_FOUND, "", "bag \"%s\" is not in roll %s", serial,
                            step->row.number);
    return true;
}

static void add_word(struct rw_text *text, bool wanted, const char *word)
{
    if (wanted)
        rw_text_format(text, "%s%s", text->length > 0 ? " " : "", word);
}

static bool write_words(const struct verdict_posted *posted, struct rw_arena *arena,
                        struct bags_verdict *verdict, struct rw_error *err)
{
    struct rw_text judged;
    struct rw_text reasons;
    rw_text_init(&judged, arena, WORDS_MAX);
    rw_text_init(&reasons, arena, WORDS_MAX);
    add_word(&judged, posted->judged_code, "code");
    add_word(&judged, posted->judged_order, "order");
    add_word(&judged, posted->judged_print, "print");
    add_word(&judged, posted->judged_pieces, "pieces");
    for (size_t i = 0; i < posted->bag.reason_count; i++)
        add_word(&reasons, true, verdict_reason_word(posted->bag.reasons[i]));
    return rw_text_finish(&judged, &verdict->judged, err) &&
           rw_text_finish(&reasons, &verdict->reason, err);
}

static bool check_posted(const struct step *step, const struct judge_posted *posted,
                         const struct verdict_posted *read, struct rw_error *err)
{
    const struct bag *bag = NULL;
    if (!check_open(step, err) || !find_bag(step, posted->serial, &bag, err))
        return false;
    if (!rw_text_equal(read->bag.serial, posted->serial) || read->bag.n != bag->n)
        return rw_error_set(err, RW_INVALID, "/serial", "the verdict speaks of another bag");
    if (!rw_text_equal(read->fingerprint, step->document.fingerprint))
        return rw_error_set(err, RW_CONFLICT, "/fingerprint",
                            "the bag was judged against another version of the roll");
    if (read->bag.verdict == VERDICT_UNDECIDED)
        return rw_error_set(err, RW_INVALID, "/verdict", "the verdict decides nothing");
    if (posted->is_glance && read->bag.verdict == VERDICT_MISSING)
        return rw_error_set(err, RW_INVALID, "/verdict", "what was not seen is no glance");
    if (read->bag.verdict == VERDICT_PASS &&
        !(read->judged_code && read->judged_print && (read->judged_order || posted->is_glance)))
        return rw_error_set(err, RW_INVALID, "/judged",
                            "a bag passes when its code, order and print were judged");
    return true;
}

static bool take_verdict(const struct scope *scope, struct step *step,
                         const struct bags_verdict *verdict, struct rw_error *err)
{
    const char *detail = rw_arena_format(scope->arena, err, "bag %s %s %s", verdict->serial,
                                         verdict->verdict, verdict->reason);
    return detail && bags_insert_verdict(scope, verdict, err) &&
           step_note(scope, step, "judge", detail, err) && step_verify(scope, step, err);
}

static bool take_glance(const struct scope *scope, struct step *step,
                        const struct bags_verdict *glance, struct rw_error *err)
{
    bool is_new = false;
    if (!glances_put(scope, glance, &is_new, err))
        return false;
    const char *detail = rw_arena_format(scope->arena, err, "bag %s %s %s", glance->serial,
                                         glance->verdict, glance->reason);
    return detail && (!is_new || step_note(scope, step, "glance", detail, err));
}

/* The bag's glance is settled before the roll is looked at as a whole, also by a verdict that was
 * here before the glance came. */
static bool settle(const struct scope *scope, struct step *step, const struct bags_verdict *verdict,
                   struct rw_error *err)
{
    bool is_repeat = false;
    if (!bags_is_repeat(scope, verdict, &is_repeat, err) ||
        !glances_settle(scope, verdict->roll, verdict->serial, err))
        return false;
    return is_repeat ? step_verify(scope, step, err) : take_verdict(scope, step, verdict, err);
}

/* A line whose network failed before the answer sends a verdict again: that is no new decision, and
 * what a person decided since then stands. */
static bool by_line(void *self, const struct scope *scope, struct rw_error *err)
{
    struct judgement *judgement = self;
    const struct judge_posted *posted = judgement->posted;
    struct verdict_posted read = { 0 };
    char verdict_id[RW_UUID_TEXT_MAX];
    rw_uuid_make(scope->now_ms, verdict_id);
    struct bags_verdict verdict = { .roll = posted->roll,
                                    .serial = posted->serial,
                                    .verdict_id = verdict_id,
                                    .bytes = posted->bytes,
                                    .length = posted->length };
    if (!step_open(scope, posted->roll, &judgement->step, err) ||
        !verdict_json_read_bag(posted->bytes, posted->length, scope->arena, &read, err) ||
        !check_posted(&judgement->step, posted, &read, err) ||
        !claim_renew(scope, posted->roll, err) || !write_words(&read, scope->arena, &verdict, err))
        return false;
    verdict.verdict = verdict_word(read.bag.verdict);
    return posted->is_glance ? take_glance(scope, &judgement->step, &verdict, err)
                             : settle(scope, &judgement->step, &verdict, err);
}

static bool check_decision(const struct scope *scope, const struct judgement *judgement,
                           struct rw_error *err)
{
    const struct judge_decision *decision = judgement->decision;
    const struct bag *bag = NULL;
    struct acceptance_bag *bags = NULL;
    size_t count = 0;
    const char *why = NULL;
    if (!find_bag(&judgement->step, decision->serial, &bag, err) ||
        !step_bags(scope, &judgement->step, &bags, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool this_one = rw_text_equal(bags[i].serial, decision->serial);
        bool pass = rw_text_equal(decision->verdict, verdict_word(VERDICT_PASS));
        if (this_one && pass && !acceptance_may_pass(&bags[i], &why))
            return rw_error_set(err, RW_CONFLICT, "", "bag %s cannot pass: %s", decision->serial,
                                why);
    }
    return true;
}

static bool decide_bag(const struct scope *scope, struct judgement *judgement, struct rw_error *err)
{
    const struct judge_decision *decision = judgement->decision;
    char verdict_id[RW_UUID_TEXT_MAX];
    rw_uuid_make(scope->now_ms, verdict_id);
    const struct bags_verdict verdict = { .roll = decision->roll,
                                          .serial = decision->serial,
                                          .verdict_id = verdict_id,
                                          .by_person = true,
                                          .verdict = decision->verdict,
                                          .judged = "code order print pieces",
                                          .reason = decision->reason,
                                          .bytes = "",
                                          .length = 0 };
    const char *detail = rw_arena_format(scope->arena, err, "bag %s %s by a person",
                                         decision->serial, decision->verdict);
    return detail && check_decision(scope, judgement, err) &&
           bags_insert_verdict(scope, &verdict, err) &&
           step_note(scope, &judgement->step, "judge", detail, err) &&
           step_verify(scope, &judgement->step, err);
}

static bool by_person(void *self, const struct scope *scope, struct rw_error *err)
{
    struct judgement *judgement = self;
    struct step *step = &judgement->step;
    if (!step_open(scope, judgement->decision->roll, step, err) || !check_open(step, err))
        return false;
    if (judgement->decision->serial)
        return decide_bag(scope, judgement, err);
    step->row.counted_by = scope->actor;
    const char *detail = rw_arena_format(scope->arena, err, "version %lld: %s",
                                         (long long)step->row.version, judgement->decision->reason);
    return detail && rolls_update(scope, &step->row, err) &&
           step_note(scope, step, "count", detail, err);
}

static bool keep_picture(void *self, const struct scope *scope, struct rw_error *err)
{
    struct judgement *judgement = self;
    struct bags_picture *picture = judgement->picture;
    const struct bag *bag = NULL;
    bool is_repeat = false;
    char picture_id[RW_UUID_TEXT_MAX];
    rw_uuid_make(scope->now_ms, picture_id);
    picture->picture_id = rw_arena_text(scope->arena, picture_id, err);
    if (!picture->picture_id || !step_open(scope, picture->roll, &judgement->step, err) ||
        !check_open(&judgement->step, err) ||
        !find_bag(&judgement->step, picture->serial, &bag, err) ||
        !bags_is_picture_repeat(scope, picture, &is_repeat, err))
        return false;
    return is_repeat ||
           (claim_renew(scope, picture->roll, err) && bags_insert_picture(scope, picture, err) &&
            step_note(scope, &judgement->step, "picture", picture->serial, err));
}

/* Pages of this node renew at once; those of others ask every few seconds. */
static void wake_watchers(struct service *service, const struct scope *who)
{
    char key[EXCHANGE_ARG_MAX];
    (void)snprintf(key, sizeof key, JUDGE_LINE_KEY, who->actor);
    waiters_wake(service->waiters, key, rw_clock_utc_ms(&service->clock));
}

bool judge_by_line(struct service *service, const struct scope *who,
                   const struct judge_posted *posted, struct step *ret_step, struct rw_error *err)
{
    struct judgement judgement = { .posted = posted };
    const struct service_work work = { &judgement, by_line };
    if (!service_transact(service, who, &work, err))
        return false;
    wake_watchers(service, who);
    *ret_step = judgement.step;
    return true;
}

bool judge_by_person(struct service *service, const struct scope *who,
                     const struct judge_decision *decision, struct step *ret_step,
                     struct rw_error *err)
{
    struct judgement judgement = { .decision = decision };
    const struct service_work work = { &judgement, by_person };
    if (!service_transact(service, who, &work, err))
        return false;
    *ret_step = judgement.step;
    return true;
}

bool judge_keep_picture(struct service *service, const struct scope *who,
                        struct bags_picture *picture, struct rw_error *err)
{
    struct judgement judgement = { .picture = picture };
    const struct service_work work = { &judgement, keep_picture };
    return service_transact(service, who, &work, err);
}
