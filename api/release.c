/* SPDX-License-Identifier: Apache-2.0 */
/* Gives a verified roll to a dispenser. */
#include "api/release.h"

#include "api/pause_bags.h"
#include "api/plan_settings.h"
#include "api/prepare.h"
#include "api/publication.h"
#include "api/service.h"
#include "api/succession.h"
#include "core/model/media.h"
#include "core/model/tag.h"
#include "db/orders.h"
#include "db/records.h"
#include "roll-builder/publish.h"

struct releasing {
    struct service *service;
    const struct release_request *request;
    struct plan_settings settings;
    struct dispensers_row dispenser;
    struct succession succession;
    struct release_result result;
};

/* What is agreed with the client, or what the dispenser that the roll is made for lets anybody do.
 */
static int32_t early_max_min(const struct records_row *record, const struct roll *roll)
{
    const struct media *media = media_find(roll->media);
    if (record->early_min != RECORDS_NONE)
        return (int32_t)record->early_min;
    return media ? media->early_min : 0;
}

static bool publish(const struct scope *scope, struct releasing *releasing, struct rw_error *err)
{
    struct step *step = &releasing->result.step;
    uint8_t roll_key[RW_HMAC_KEY_BYTES];
    char released[RW_CLOCK_TEXT_MAX];
    struct rw_zone *zone = NULL;
    struct schedule *schedule = NULL;
    struct records_row record; /* the client's own times go before the policy's */
    if (!records_find(scope, step->row.client_id, &record, err))
        return false;
    tag_roll_key(releasing->service->pharmacy_key, step->row.number, roll_key);
    rw_clock_write_utc(scope->now_ms, released);
    if (!rw_zone_open(step->roll->zone, &zone, err))
        return false;
    const struct publish_facts facts = {
        .dispenser = releasing->request->dispenser,
        .client = step->row.pseudonym,
        .released = rw_arena_text(scope->arena, released, err),
        .alarm_after_min = record.alarm_after_min != RECORDS_NONE
                               ? (int32_t)record.alarm_after_min
                               : releasing->settings.policy.alarm_after_min,
        .early_max_min = early_max_min(&record, step->roll),
        .products = releasing->settings.products,
        .roll_key = roll_key,
        .zone = zone,
        .first = releasing->succession.first,
        .revoked = releasing->succession.revoked.serials,
        .revoked_count = releasing->succession.revoked.count,
        .before = releasing->succession.before,
    };
    bool done = facts.released &&
                publish_schedule(step->roll, &facts, scope->arena, &schedule, err) &&
                pause_bags_let_go(scope, step, zone, schedule, err) &&
                publication_store(releasing->service, scope, schedule, &releasing->dispenser,
                                  PUBLICATION_NEW, err);
    rw_zone_close(zone);
    rw_crypto_wipe(roll_key, sizeof roll_key);
    return done;
}

/* A dispenser that has the roll which is replaced, while the new one lies in another. */
static bool end_elsewhere(const struct scope *scope, struct releasing *releasing,
                          struct rw_error *err)
{
    const struct succession *succession = &releasing->succession;
    struct withdraw_told told;
    if (!succession->elsewhere)
        return true;
    if (!withdraw_from(releasing->service, scope, succession->elsewhere, succession->replaced,
                       &told, err))
        return false;
    releasing->result.elsewhere = told;
    return true;
}

/* REQ-025, D55: of a high-risk medicine who releases did not pack it, nor count or judge it. */
static bool check_hands(const struct scope *scope, const struct step *step,
                        const struct acceptance_bag *bags, size_t count, struct rw_error *err)
{
    bool is_remaker = false;
    if (!acceptance_is_high_risk(step->roll))
        return true;
    if (!rolls_is_remaker(scope, step->row.number, &is_remaker, err))
        return false;
    const struct acceptance_hands hands = { .printed_by = step->row.printed_by,
                                            .remade_by = is_remaker ? scope->actor : NULL,
                                            .counted_by = step->row.counted_by };
    return acceptance_four_eyes(bags, count, &hands, scope->actor, err);
}

/* REQ-014: the step leads here from "verified" alone, and every bag is looked at once more.
 * REQ-022: of two rolls of one client that are released at once, one sees the other. */
static bool release(void *self, const struct scope *scope, struct rw_error *err)
{
    struct releasing *releasing = self;
    struct step *step = &releasing->result.step;
    struct acceptance_bag *bags = NULL;
    size_t count = 0;
    const char *dispenser = releasing->request->dispenser;
    struct rolls_row row;
    releasing->result = (struct release_result){ 0 };
    if (!plan_settings_open(scope, &releasing->settings, err) ||
        !rolls_get(scope, releasing->request->roll, false, &row, err) ||
        !orders_hold_client(scope, row.client_id, err) ||
        !step_open(scope, releasing->request->roll, step, err))
        return false;
    step->row.released_by = scope->actor;
    step->row.dispenser_id = dispenser;
    if (!step_take(scope, step, ROLL_ACT_RELEASE, dispenser, err) ||
        !step_bags(scope, step, &bags, &count, err) ||
        !acceptance_may_release(bags, count, step->row.counted_by != NULL, err) ||
        !check_hands(scope, step, bags, count, err) ||
        !prepare_check_current(releasing->service, scope, step, err) ||
        !dispensers_get(scope, dispenser, &releasing->dispenser, err) ||
        !succession_settle(releasing->service, scope, step, dispenser, &releasing->succession,
                           err) ||
        !end_elsewhere(scope, releasing, err) || !publish(scope, releasing, err))
        return false;
    releasing->result.told = (struct withdraw_told){ dispenser, releasing->dispenser.version };
    releasing->result.first = releasing->succession.first;
    return true;
}

bool release_roll(struct service *service, const struct scope *who,
                  const struct release_request *request, struct release_result *ret_result,
                  struct rw_error *err)
{
    struct releasing releasing = { .service = service, .request = request };
    const struct service_work work = { &releasing, release };
    bool done = service_transact(service, who, &work, err);
    plan_settings_close(&releasing.settings);
    if (!done)
        return false;
    withdraw_tell(service, &releasing.result.told);
    withdraw_tell(service, &releasing.result.elsewhere);
    atomic_fetch_add(&service->counts.releases, 1);
    *ret_result = releasing.result;
    return true;
}
