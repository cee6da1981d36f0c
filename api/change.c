/* SPDX-License-Identifier: Apache-2.0 */
/* What a new plan changes in the roll that it replaces. */
#include "api/change.h"

#include "api/service.h"
#include "core/base/text.h"
#include "db/bags.h"
#include "db/events.h"

static bool is_over(enum roll_state state)
{
    return state == ROLL_FINISHED || state == ROLL_SUPERSEDED || state == ROLL_WITHDRAWN ||
           state == ROLL_REJECTED;
}

bool change_compare(const struct scope *scope, const struct roll *new_roll,
                    struct change *ret_change, struct rw_error *err)
{
    struct rw_error fault = { 0 };
    *ret_change = (struct change){ .new_roll = new_roll };
    if (!step_open(scope, new_roll->replaces, &ret_change->old, &fault))
        return rw_error_set(err, fault.code == RW_NOT_FOUND ? RW_INVALID : fault.code,
                            fault.code == RW_NOT_FOUND ? "/replaces" : fault.at, "%s", fault.text);
    return amend_compare(ret_change->old.roll, new_roll, scope->arena, &ret_change->amendment, err);
}

bool change_open(const struct scope *scope, const struct roll *new_roll, struct change *ret_change,
                 struct rw_error *err)
{
    if (!change_compare(scope, new_roll, ret_change, err))
        return false;
    if (is_over(ret_change->old.row.state))
        return rw_error_set(err, RW_CONFLICT, "/replaces", "roll %s is %s: nothing is left of it",
                            new_roll->replaces, roll_state_word(ret_change->old.row.state));
    return true;
}

bool change_is_out(const struct change *change)
{
    enum roll_state state = change->old.row.state;
    return state == ROLL_RELEASED || state == ROLL_RUNNING;
}

static const struct bag *dose_find(const struct roll *roll, int32_t n)
{
    for (size_t i = 0; i < roll->bag_count; i++) {
        if (roll->bags[i].kind == BAG_DOSE && roll->bags[i].n == n)
            return &roll->bags[i];
    }
    return NULL;
}

bool change_first_day(const struct change *change, int32_t *ret_day)
{
    const struct bag *gone = dose_find(change->old.roll, change->amendment->from);
    const struct bag *counts = dose_find(change->new_roll, change->amendment->new_first);
    if (change->amendment->action != AMEND_REPLACE_FROM || (!gone && !counts))
        return false;
    int32_t day = counts ? counts->at.wall.day : gone->at.wall.day;
    if (gone && gone->at.wall.day < day)
        day = gone->at.wall.day;
    *ret_day = day;
    return day > change->new_roll->from;
}

struct reading {
    const char *roll;
    struct change *change;
};

static bool read_change(void *self, const struct scope *scope, struct rw_error *err)
{
    struct reading *reading = self;
    struct step step;
    if (!step_open(scope, reading->roll, &step, err))
        return false;
    if (!step.roll->replaces)
        return rw_error_set(err, RW_NOT_FOUND, "", "roll %s replaces none", reading->roll);
    return change_compare(scope, step.roll, reading->change, err) &&
           step_note(scope, &step, "read", "change", err);
}

bool change_read(struct service *service, const struct scope *who, const char *roll,
                 struct change *ret_change, struct rw_error *err)
{
    struct reading reading = { roll, ret_change };
    const struct service_work work = { &reading, read_change };
    return service_transact(service, who, &work, err);
}

struct carrying {
    struct service *service;
    const struct change_request *request;
    struct change_result result;
};

static bool check_action(const struct carrying *carrying, struct rw_error *err)
{
    const struct change *change = &carrying->result.change;
    enum amend_action action = change->amendment->action;
    const char *word = amend_action_word(action);
    if (!change_is_out(change))
        return rw_error_set(err, RW_CONFLICT, "", "roll %s is %s and not at the client's",
                            change->old.row.number, roll_state_word(change->old.row.state));
    if (action != AMEND_ADD_LOOSE && action != AMEND_REMOVE_BY_PHARMACY)
        return rw_error_set(err, RW_CONFLICT, "",
                            "the change is %s: print, verify and release this roll", word);
    if (!rw_text_equal(carrying->request->action, word))
        return rw_error_set(err, RW_CONFLICT, "/action", "the change is %s", word);
    return true;
}

/* The bags that are gone: what still lies in the dispenser is not handed out. */
static bool remove_bags(const struct scope *scope, struct carrying *carrying, struct rw_error *err)
{
    const struct change *change = &carrying->result.change;
    for (size_t i = 0; i < change->amendment->superseded_count; i++) {
        const char *serial = change->amendment->superseded[i];
        if (!bags_revoke(scope, change->old.row.number, change->old.row.version, serial, err) ||
            !events_end_bag(scope, serial, err))
            return false;
    }
    return change->amendment->superseded_count == 0 ||
           withdraw_bags(carrying->service, scope, &change->old, &carrying->result.told, err);
}

static bool carry_out(void *self, const struct scope *scope, struct rw_error *err)
{
    struct carrying *carrying = self;
    struct change_result *result = &carrying->result;
    *result = (struct change_result){ 0 };
    if (!step_open(scope, carrying->request->roll, &result->step, err))
        return false;
    if (!result->step.roll->replaces)
        return rw_error_set(err, RW_CONFLICT, "", "roll %s replaces none", carrying->request->roll);
    if (!change_open(scope, result->step.roll, &result->change, err) ||
        !check_action(carrying, err))
        return false;
    const char *why = rw_arena_format(scope->arena, err, "%s: %s", carrying->request->action,
                                      carrying->request->reason);
    return why && step_take(scope, &result->step, ROLL_ACT_AMEND, why, err) &&
           step_take(scope, &result->change.old, ROLL_ACT_AMEND, why, err) &&
           remove_bags(scope, carrying, err);
}

bool change_carry_out(struct service *service, const struct scope *who,
                      const struct change_request *request, struct change_result *ret_result,
                      struct rw_error *err)
{
    struct carrying carrying = { .service = service, .request = request };
    const struct service_work work = { &carrying, carry_out };
    if (!service_transact(service, who, &work, err))
        return false;
    withdraw_tell(service, &carrying.result.told);
    *ret_result = carrying.result;
    return true;
}
