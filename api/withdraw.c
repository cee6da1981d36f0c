/* SPDX-License-Identifier: Apache-2.0 */
/* Takes a roll, or some of its bags, back from its dispenser. */
#include "api/withdraw.h"

#include "api/publication.h"
#include "api/schedule_cache.h"
#include "api/service.h"
#include "api/succession.h"
#include "core/base/text.h"
#include "db/events.h"

void withdraw_tell(struct service *service, const struct withdraw_told *told)
{
    if (!told->dispenser)
        return;
    schedule_cache_raise(service->schedules, told->dispenser, told->version);
    waiters_wake(service->waiters, told->dispenser, told->version);
}

/* The revocations that a dispenser knows and that still concern what it has. */
static bool carry_revoked(const struct scope *scope, const struct schedule *held,
                          struct succession_revoked *revoked, struct rw_error *err)
{
    for (size_t i = 0; i < held->revoked_count; i++) {
        const char *serial = held->revoked[i];
        bool concerns = rw_text_starts_with(serial, held->roll) ||
                        (held->before && rw_text_starts_with(serial, held->before->roll));
        if (concerns && !succession_revoke(scope, revoked, serial, err))
            return false;
    }
    return true;
}

static bool end_moments(const struct scope *scope, const struct succession_revoked *revoked,
                        const char *roll, struct rw_error *err)
{
    for (size_t i = 0; i < revoked->count; i++) {
        if (rw_text_starts_with(revoked->serials[i], roll) &&
            !events_end_bag(scope, revoked->serials[i], err))
            return false;
    }
    return true;
}

/* What was before becomes all that there is. */
static void promote(struct schedule *schedule, const struct schedule *before)
{
    schedule->roll = before->roll;
    schedule->roll_version = before->roll_version;
    schedule->media = before->media;
    schedule->bags = before->bags;
    schedule->bag_count = before->bag_count;
    schedule->first = before->first;
    schedule->last = before->last;
    schedule->reminder_count = 0; /* they were the other roll's */
    for (size_t i = 0; i < sizeof schedule->roll_key; i++)
        schedule->roll_key[i] = before->roll_key[i];
}

static bool publish(struct service *service, const struct scope *scope, struct schedule *schedule,
                    const struct succession_revoked *revoked, enum publication_moments moments,
                    struct withdraw_told *ret_told, struct rw_error *err)
{
    struct dispensers_row dispenser;
    char now[RW_CLOCK_TEXT_MAX];
    rw_clock_write_utc(scope->now_ms, now);
    schedule->released = rw_arena_text(scope->arena, now, err);
    schedule->revoked = revoked->serials;
    schedule->revoked_count = revoked->count;
    if (moments == PUBLICATION_ENDED)
        schedule->not_after = schedule->released;
    if (!schedule->released || !dispensers_get(scope, schedule->dispenser, &dispenser, err) ||
        !publication_store(service, scope, schedule, &dispenser, moments, err))
        return false;
    *ret_told = (struct withdraw_told){ schedule->dispenser, dispenser.version };
    return true;
}

bool withdraw_from(struct service *service, const struct scope *scope, const char *dispenser,
                   const char *roll, struct withdraw_told *ret_told, struct rw_error *err)
{
    struct schedule *schedule = NULL;
    struct succession_revoked revoked = { 0 };
    *ret_told = (struct withdraw_told){ 0 };
    if (!publication_open(service, scope, dispenser, &schedule, err))
        return false;
    if (!schedule)
        return true;
    const struct schedule *before = schedule->before;
    bool whole = rw_text_equal(schedule->roll, roll);
    if (!whole && !(before && rw_text_equal(before->roll, roll)))
        return true;
    if (!succession_revoke_roll(scope, &revoked, roll, true, err) ||
        !end_moments(scope, &revoked, roll, err) || !carry_revoked(scope, schedule, &revoked, err))
        return false;
    schedule->before = NULL;
    if (whole && before)
        promote(schedule, before);
    return publish(service, scope, schedule, &revoked,
                   whole && !before ? PUBLICATION_ENDED : PUBLICATION_SAME, ret_told, err);
}

bool withdraw_bags(struct service *service, const struct scope *scope, const struct step *step,
                   struct withdraw_told *ret_told, struct rw_error *err)
{
    struct schedule *schedule = NULL;
    struct succession_revoked revoked = { 0 };
    *ret_told = (struct withdraw_told){ 0 };
    if (!step->row.dispenser_id ||
        !publication_open(service, scope, step->row.dispenser_id, &schedule, err))
        return !step->row.dispenser_id;
    const struct schedule *before = schedule ? schedule->before : NULL;
    if (!schedule || (!rw_text_equal(schedule->roll, step->row.number) &&
                      !(before && rw_text_equal(before->roll, step->row.number))))
        return true;
    return carry_revoked(scope, schedule, &revoked, err) &&
           succession_revoke_roll(scope, &revoked, step->row.number, false, err) &&
           publish(service, scope, schedule, &revoked, PUBLICATION_SAME, ret_told, err);
}

struct withdrawing {
    struct service *service;
    const struct withdraw_request *request;
    struct withdraw_result result;
};

static bool withdraw(void *self, const struct scope *scope, struct rw_error *err)
{
    struct withdrawing *withdrawing = self;
    struct withdraw_result *result = &withdrawing->result;
    struct step *step = &result->step;
    *result = (struct withdraw_result){ 0 };
    return step_open(scope, withdrawing->request->roll, step, err) &&
           step_take(scope, step, ROLL_ACT_WITHDRAW, withdrawing->request->detail, err) &&
           (!step->row.dispenser_id ||
            withdraw_from(withdrawing->service, scope, step->row.dispenser_id, step->row.number,
                          &result->told, err));
}

bool withdraw_roll(struct service *service, const struct scope *who,
                   const struct withdraw_request *request, struct withdraw_result *ret_result,
                   struct rw_error *err)
{
    struct withdrawing withdrawing = { .service = service, .request = request };
    const struct service_work work = { &withdrawing, withdraw };
    if (!service_transact(service, who, &work, err))
        return false;
    withdraw_tell(service, &withdrawing.result.told);
    *ret_result = withdrawing.result;
    return true;
}
