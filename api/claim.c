/* SPDX-License-Identifier: Apache-2.0 */
/* Gives a line the next roll that it should check. */
#include "api/claim.h"

#include "api/service.h"
#include "core/base/text.h"
#include "db/claims.h"

/* The row is locked first, so that the roll is still being checked when it is given. */
static bool take(const struct scope *scope, const char *roll, struct claim_result *result,
                 struct rw_error *err)
{
    bool taken = false;
    if (!step_open(scope, roll, &result->step, err))
        return false;
    if (result->step.row.state != ROLL_PRINTED)
        return true;
    if (!claims_take(scope, scope->actor, roll, true, &taken, err))
        return false;
    if (!taken)
        return true;
    result->found = true;
    result->expires_ms = scope->now_ms + CLAIMS_LEASE_MS;
    return step_note(scope, &result->step, "claim", scope->actor, err);
}

static bool claim(void *self, const struct scope *scope, struct rw_error *err)
{
    struct claim_result *result = self;
    struct claims_offer offer;
    *result = (struct claim_result){ 0 };
    if (!claims_find(scope, scope->actor, &offer, err))
        return false;
    for (size_t i = 0; i < offer.count && !result->found; i++) {
        if (!take(scope, offer.rolls[i], result, err))
            return false;
    }
    return true;
}

bool claim_roll(struct service *service, const struct scope *who, struct claim_result *ret_result,
                struct rw_error *err)
{
    struct claim_result result = { 0 };
    const struct service_work work = { &result, claim };
    if (!service_transact(service, who, &work, err))
        return false;
    *ret_result = result;
    return true;
}

bool claim_renew(const struct scope *scope, const char *roll, struct rw_error *err)
{
    bool taken = false;
    const char *holder = NULL;
    if (!claims_take(scope, scope->actor, roll, false, &taken, err))
        return false;
    if (taken)
        return true;
    if (!claims_holder(scope, roll, &holder, err))
        return false;
    if (holder)
        return rw_error_set(err, RW_CONFLICT, "", "another line checks roll %s at this moment",
                            roll);
    return rw_error_set(err, RW_CONFLICT, "", "another line checked roll %s since: claim it anew",
                        roll);
}

bool claim_may_read(const struct scope *scope, const struct rolls_row *row, struct rw_error *err)
{
    const char *holder = NULL;
    if (!claims_holder(scope, row->number, &holder, err))
        return false;
    if (holder ? rw_text_equal(holder, scope->actor) : row->state == ROLL_PRINTED)
        return true;
    return rw_error_set(err, RW_NOT_FOUND, "", "there is no roll \"%s\"", row->number);
}
