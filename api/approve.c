/* SPDX-License-Identifier: Apache-2.0 */
/* A person's acts on a roll before the film is checked. */
#include "api/approve.h"

#include "api/change.h"
#include "api/prepare.h"
#include "api/service.h"
#include "core/base/text.h"

struct approval {
    struct service *service;
    const struct approve_request *request;
    struct step step;
};

/* An override speaks of all findings with its id, or of one by its place. */
static const char *reason_for(const struct approve_request *request,
                              const struct rw_finding *finding, size_t place)
{
    for (size_t i = 0; i < request->override_count; i++) {
        const struct approve_override *override = &request->overrides[i];
        int64_t number = -1;
        bool by_place = rw_text_to_int(override->finding, 0, INT32_MAX, &number);
        if (by_place ? number == (int64_t)place : rw_text_equal(override->finding, finding->id))
            return override->reason;
    }
    return NULL;
}

static bool override_one(const struct scope *scope, const struct approval *approval, size_t place,
                         struct rw_error *err)
{
    const struct rw_finding *finding = &approval->step.roll->findings.findings[place];
    if (finding->severity == RW_INFORMS)
        return true;
    if (finding->severity == RW_BLOCKS)
        return rw_error_set(err, RW_CONFLICT, "", "finding %s blocks this roll", finding->id);
    const char *reason = reason_for(approval->request, finding, place);
    if (!reason || !reason[0])
        return rw_error_set(err, RW_CONFLICT, "/overrides",
                            "finding %s at %zu wants the reason why it may stand", finding->id,
                            place);
    const struct rolls_override override = { .finding = (int64_t)place,
                                             .id = finding->id,
                                             .reason = reason };
    return rolls_insert_override(scope, &approval->step.row, &override, err);
}

/* A roll that it replaces and that has not left the pharmacy is none any more. */
static bool supersede(const struct scope *scope, const struct step *step, struct rw_error *err)
{
    struct change change;
    if (!step->roll->replaces)
        return true;
    if (!change_open(scope, step->roll, &change, err))
        return false;
    return change_is_out(&change) ||
           step_take(scope, &change.old, ROLL_ACT_SUPERSEDE, step->row.number, err);
}

/* REQ-025, D11, D55: a high-risk medicine is seen by a second person before it is packed. */
static bool check_second_person(const struct scope *scope, const struct step *step,
                                struct rw_error *err)
{
    const char *planned_by = NULL;
    return rolls_planned_by(scope, step->row.number, &planned_by, err) &&
           acceptance_may_approve(step->roll, planned_by, scope->actor, err);
}

static bool approve(void *self, const struct scope *scope, struct rw_error *err)
{
    struct approval *approval = self;
    struct step *step = &approval->step;
    if (!step_open(scope, approval->request->roll, step, err))
        return false;
    step->row.approved_by = scope->actor;
    if (!step_take(scope, step, ROLL_ACT_APPROVE, step->document.fingerprint, err) ||
        !check_second_person(scope, step, err) ||
        !prepare_check_current(approval->service, scope, step, err))
        return false;
    for (size_t i = 0; i < step->roll->findings.count; i++) {
        if (!override_one(scope, approval, i, err))
            return false;
    }
    return supersede(scope, step, err);
}

bool approve_roll(struct service *service, const struct scope *who,
                  const struct approve_request *request, struct step *ret_step,
                  struct rw_error *err)
{
    struct approval approval = { .service = service, .request = request };
    const struct service_work work = { &approval, approve };
    if (!service_transact(service, who, &work, err))
        return false;
    *ret_step = approval.step;
    return true;
}

static bool take(void *self, const struct scope *scope, struct rw_error *err)
{
    struct approval *approval = self;
    const struct approve_request *request = approval->request;
    if (!step_open(scope, request->roll, &approval->step, err))
        return false;
    if (request->act == ROLL_ACT_PRINT)
        approval->step.row.printed_by = scope->actor;
    return step_take(scope, &approval->step, request->act, request->detail, err);
}

bool approve_take(struct service *service, const struct scope *who,
                  const struct approve_request *request, struct step *ret_step,
                  struct rw_error *err)
{
    struct approval approval = { .request = request };
    const struct service_work work = { &approval, take };
    if (!service_transact(service, who, &work, err))
        return false;
    *ret_step = approval.step;
    return true;
}
