/* SPDX-License-Identifier: Apache-2.0 */
/* Gives a verified roll to a dispenser, and takes it back. */
#include "api/release.h"

#include "api/plan_settings.h"
#include "api/publication.h"
#include "api/schedule_cache.h"
#include "api/service.h"
#include "core/base/text.h"
#include "core/model/tag.h"
#include "db/bags.h"
#include "db/events.h"
#include "roll-builder/publish.h"

struct releasing {
    struct service *service;
    const struct release_request *request;
    struct plan_settings settings;
    struct dispensers_row dispenser;
    const char **revoked;
    size_t revoked_count;
    struct release_result result;
};

static bool is_out(const struct rolls_row *row)
{
    return row->state == ROLL_RELEASED || row->state == ROLL_RUNNING;
}

static bool overlap(const struct rolls_row *left, const struct rolls_row *right)
{
    return left->from_day < right->from_day + right->days &&
           right->from_day < left->from_day + left->days;
}

/* The serials of a roll's bags: only its revoked ones, or all. */
static bool revoke(const struct scope *scope, struct releasing *releasing, const char *roll,
                   bool all, struct rw_error *err)
{
    struct bags_list list;
    if (!bags_find(scope, roll, &list, err))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        if (!all && !list.rows[i].revoked)
            continue;
        if (releasing->revoked_count == SCHEDULE_REVOKED_MAX)
            return rw_error_set(err, RW_TOO_LARGE, "", "more than %d bags are revoked",
                                SCHEDULE_REVOKED_MAX);
        releasing->revoked[releasing->revoked_count++] = list.rows[i].serial;
    }
    return true;
}

static bool supersede(const struct scope *scope, struct releasing *releasing, const char *number,
                      struct rw_error *err)
{
    struct step old;
    return step_open(scope, number, &old, err) &&
           step_take(scope, &old, ROLL_ACT_SUPERSEDE, releasing->request->roll, err) &&
           revoke(scope, releasing, number, true, err);
}

/* Two valid rolls for one moment are impossible (D29): another roll of this client that is out on
 * the same days must be the one that this roll replaces. */
static bool settle_others(const struct scope *scope, struct releasing *releasing,
                          struct rw_error *err)
{
    const struct step *step = &releasing->result.step;
    struct rolls_list list;
    if (!rolls_find(scope, step->row.client_id, &list, err))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        const struct rolls_row *other = &list.rows[i];
        if (!is_out(other) || rw_text_equal(other->number, step->row.number))
            continue;
        bool replaced = rw_text_equal(other->number, step->roll->replaces);
        if (!replaced && overlap(other, &step->row))
            return rw_error_set(err, RW_CONFLICT, "",
                                "roll %s is out on the same days and is not replaced by this one",
                                other->number);
        if (replaced && !supersede(scope, releasing, other->number, err))
            return false;
    }
    return true;
}

/* What the dispenser still has to hand out of another roll would be lost. */
static bool check_dispenser(const struct scope *scope, struct releasing *releasing,
                            struct rw_error *err)
{
    struct dispensers_schedule held;
    struct rolls_row row;
    int64_t waiting = 0;
    if (!dispensers_get(scope, releasing->request->dispenser, &releasing->dispenser, err) ||
        !dispensers_find_schedule(scope, releasing->request->dispenser, &held, err))
        return false;
    if (!held.bytes)
        return true;
    if (!rolls_get(scope, held.roll, false, &row, err) ||
        !events_waiting(scope, releasing->request->dispenser, held.roll, &waiting, err))
        return false;
    if (is_out(&row) && waiting > 0)
        return rw_error_set(err, RW_CONFLICT, "",
                            "dispenser %s still has %lld bags of roll %s to hand out",
                            releasing->request->dispenser, (long long)waiting, held.roll);
    return true;
}

static bool publish(const struct scope *scope, struct releasing *releasing, struct rw_error *err)
{
    struct step *step = &releasing->result.step;
    uint8_t roll_key[RW_HMAC_KEY_BYTES];
    char released[RW_CLOCK_TEXT_MAX];
    struct rw_zone *zone = NULL;
    struct schedule *schedule = NULL;
    tag_roll_key(releasing->service->pharmacy_key, step->row.number, roll_key);
    rw_clock_write_utc(scope->now_ms, released);
    if (!rw_zone_open(step->roll->zone, &zone, err))
        return false;
    const struct publish_facts facts = {
        .dispenser = releasing->request->dispenser,
        .version = (int32_t)releasing->dispenser.version + 1,
        .client = step->row.pseudonym,
        .released = rw_arena_text(scope->arena, released, err),
        .alarm_after_min = releasing->settings.policy.alarm_after_min,
        .roll_key = roll_key,
        .zone = zone,
        .revoked = releasing->revoked,
        .revoked_count = releasing->revoked_count,
    };
    bool done =
        facts.released && publish_schedule(step->roll, &facts, scope->arena, &schedule, err) &&
        publication_store(releasing->service, scope, schedule, &releasing->dispenser, false, err);
    rw_zone_close(zone);
    rw_crypto_wipe(roll_key, sizeof roll_key);
    return done;
}

/* REQ-014: the step leads here from "verified" alone, and every bag is looked at once more. */
static bool release(void *self, const struct scope *scope, struct rw_error *err)
{
    struct releasing *releasing = self;
    struct step *step = &releasing->result.step;
    struct acceptance_bag *bags = NULL;
    size_t count = 0;
    releasing->revoked_count = 0;
    releasing->revoked =
        rw_arena_array(scope->arena, SCHEDULE_REVOKED_MAX, sizeof *releasing->revoked, err);
    if (!releasing->revoked || !plan_settings_open(scope, &releasing->settings, err) ||
        !step_open(scope, releasing->request->roll, step, err))
        return false;
    step->row.released_by = scope->actor;
    step->row.dispenser_id = releasing->request->dispenser;
    if (!step_take(scope, step, ROLL_ACT_RELEASE, releasing->request->dispenser, err) ||
        !step_bags(scope, step, &bags, &count, err) ||
        !acceptance_may_release(bags, count, step->row.counted_by != NULL, err) ||
        (acceptance_is_high_risk(step->roll) &&
         !acceptance_four_eyes(bags, count, step->row.counted_by, scope->actor, err)) ||
        !revoke(scope, releasing, step->row.number, false, err) ||
        !settle_others(scope, releasing, err) || !check_dispenser(scope, releasing, err) ||
        !publish(scope, releasing, err))
        return false;
    releasing->result.dispenser = releasing->request->dispenser;
    releasing->result.schedule_version = releasing->dispenser.version;
    return true;
}

/* The same schedule once more, with nothing left to hand out. */
static bool end_schedule(const struct scope *scope, struct releasing *releasing,
                         struct rw_error *err)
{
    const struct step *step = &releasing->result.step;
    const char *dispenser = step->row.dispenser_id;
    struct schedule *schedule = NULL;
    char now[RW_CLOCK_TEXT_MAX];
    rw_clock_write_utc(scope->now_ms, now);
    if (!dispensers_get(scope, dispenser, &releasing->dispenser, err) ||
        !publication_read(releasing->service, scope, dispenser, &schedule, err))
        return false;
    if (!schedule || !rw_text_equal(schedule->roll, step->row.number))
        return true;
    if (!revoke(scope, releasing, step->row.number, true, err))
        return false;
    schedule->version = (int32_t)releasing->dispenser.version + 1;
    schedule->released = rw_arena_text(scope->arena, now, err);
    schedule->not_after = schedule->released;
    schedule->revoked = releasing->revoked;
    schedule->revoked_count = releasing->revoked_count;
    if (!schedule->released ||
        !publication_store(releasing->service, scope, schedule, &releasing->dispenser, true, err))
        return false;
    releasing->result.dispenser = dispenser;
    releasing->result.schedule_version = releasing->dispenser.version;
    return true;
}

static bool withdraw(void *self, const struct scope *scope, struct rw_error *err)
{
    struct releasing *releasing = self;
    struct step *step = &releasing->result.step;
    releasing->revoked_count = 0;
    releasing->revoked =
        rw_arena_array(scope->arena, SCHEDULE_REVOKED_MAX, sizeof *releasing->revoked, err);
    return releasing->revoked && step_open(scope, releasing->request->roll, step, err) &&
           step_take(scope, step, ROLL_ACT_WITHDRAW, releasing->request->detail, err) &&
           (!step->row.dispenser_id || end_schedule(scope, releasing, err));
}

static bool run(struct service *service, const struct scope *who, struct releasing *releasing,
                const struct service_work *work, struct rw_error *err)
{
    bool done = service_transact(service, who, work, err);
    plan_settings_close(&releasing->settings);
    if (done && releasing->result.dispenser) {
        schedule_cache_raise(service->schedules, releasing->result.dispenser,
                             releasing->result.schedule_version);
        waiters_wake(service->waiters, releasing->result.dispenser,
                     releasing->result.schedule_version);
    }
    return done;
}

bool release_roll(struct service *service, const struct scope *who,
                  const struct release_request *request, struct release_result *ret_result,
                  struct rw_error *err)
{
    struct releasing releasing = { .service = service, .request = request };
    const struct service_work work = { &releasing, release };
    if (!run(service, who, &releasing, &work, err))
        return false;
    atomic_fetch_add(&service->counts.releases, 1);
    *ret_result = releasing.result;
    return true;
}

bool release_withdraw(struct service *service, const struct scope *who,
                      const struct release_request *request, struct release_result *ret_result,
                      struct rw_error *err)
{
    struct releasing releasing = { .service = service, .request = request };
    const struct service_work work = { &releasing, withdraw };
    if (!run(service, who, &releasing, &work, err))
        return false;
    *ret_result = releasing.result;
    return true;
}
