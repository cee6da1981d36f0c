/* SPDX-License-Identifier: Apache-2.0 */
/* A person says what became of a bag that lies in a dispenser. */
#include "api/mark.h"

#include <string.h>

#include "api/approve.h"
#include "api/raise.h"
#include "api/service.h"
#include "core/base/text.h"
#include "db/bags.h"
#include "db/dispensers.h"
#include "db/events.h"
#include "db/follows.h"

struct marking {
    struct service *service;
    const struct mark_request *request;
    char number[ROLL_NUMBER_MAX];
    struct withdraw_told told;
};

static bool check_request(const struct mark_request *request, struct rw_error *err)
{
    if (strlen(request->serial) != BAG_SERIAL_DIGITS || !rw_text_is_digits(request->serial))
        return rw_error_set(err, RW_NOT_FOUND, "", "a serial has %d digits", BAG_SERIAL_DIGITS);
    if (!rw_text_equal(request->fate, "by_hand") && !rw_text_equal(request->fate, "skipped"))
        return rw_error_set(err, RW_INVALID, "/fate", "a bag is given by_hand or skipped");
    if (!request->reason[0] || strlen(request->reason) > APPROVE_REASON_MAX)
        return rw_error_set(err, RW_INVALID, "/reason", "a reason has 1 to %d bytes",
                            APPROVE_REASON_MAX);
    return true;
}

/* A carer acts where the client let that person acknowledge alarms too. */
static bool check_carer(const struct scope *scope, const struct marking *marking,
                        const struct rolls_row *row, struct rw_error *err)
{
    bool may = false;
    if (!marking->request->carer)
        return true;
    if (!follows_acknowledges(scope, marking->request->carer, row->client_id, &may, err))
        return false;
    return may || rw_error_set(err, RW_NOT_FOUND, "", "there is no roll \"%s\"", row->number);
}

static bool mark(void *self, const struct scope *scope, struct rw_error *err)
{
    struct marking *marking = self;
    const struct mark_request *request = marking->request;
    struct rolls_row row;
    struct dispensers_row dispenser;
    struct events_moment moment;
    struct step step;
    bool last = false;
    marking->told = (struct withdraw_told){ 0 };
    if (!rolls_get(scope, marking->number, false, &row, err) ||
        !check_carer(scope, marking, &row, err))
        return false;
    if (!row.dispenser_id)
        return rw_error_set(err, RW_CONFLICT, "", "roll %s is in no dispenser", row.number);
    const char *state = rw_text_equal(request->fate, "by_hand") ? "released" : "withheld";
    const char *detail = rw_arena_format(scope->arena, err, "bag %s %s: %s", request->serial,
                                         request->fate, request->reason);
    if (!detail || !dispensers_get(scope, row.dispenser_id, &dispenser, err) ||
        !step_open(scope, marking->number, &step, err) ||
        !events_settle(scope, row.dispenser_id, request->serial, state, &moment, &last, err))
        return false;
    if (!moment.serial)
        return rw_error_set(err, RW_CONFLICT, "", "bag %s is not waited for any more",
                            request->serial);
    return step_note(scope, &step, "mark", detail, err) &&
           (!rw_text_equal(state, "released") || raise_made_good(scope, &moment, detail, err)) &&
           bags_revoke(scope, row.number, row.version, request->serial, err) &&
           withdraw_bags(marking->service, scope, &step, &marking->told, err) &&
           (!last || step_follow(scope, row.number, row.dispenser_id, ROLL_ACT_FINISH, err));
}

bool mark_bag(struct service *service, const struct scope *who, const struct mark_request *request,
              struct withdraw_told *ret_told, struct rw_error *err)
{
    struct marking marking = { .service = service, .request = request };
    const struct service_work work = { &marking, mark };
    if (!check_request(request, err))
        return false;
    memcpy(marking.number, request->serial, ROLL_NUMBER_DIGITS);
    if (!service_transact(service, who, &work, err))
        return false;
    withdraw_tell(service, &marking.told);
    *ret_told = marking.told;
    return true;
}
