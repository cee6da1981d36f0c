/* SPDX-License-Identifier: Apache-2.0 */
/* A roll as FHIR R4, for those who keep records in it. */
#include "api/handlers.h"
#include "api/plan_settings.h"
#include "api/respond.h"
#include "api/service.h"
#include "api/step.h"
#include "db/fates.h"
#include "roll-builder/fhir_out.h"

#define FHIR_TYPE "application/fhir+json; fhirVersion=4.0"

struct reading {
    struct service *service;
    const char *number;
    struct plan_settings settings;
    const char *bytes;
    size_t length;
};

static bool write_time(int64_t at_ms, struct rw_arena *arena, const char **ret_text,
                       struct rw_error *err)
{
    char utc[RW_CLOCK_TEXT_MAX];
    *ret_text = NULL;
    if (at_ms == 0)
        return true;
    rw_clock_write_utc(at_ms, utc);
    *ret_text = rw_arena_text(arena, utc, err);
    return *ret_text != NULL;
}

/* DOMAIN C0.8: only where the site switched it on. */
static bool take_bags(const struct scope *scope, const struct reading *reading,
                      const struct fates *fates, struct fhir_out_facts *facts, struct rw_error *err)
{
    struct fhir_out_bag *bags = NULL;
    if (!reading->service->config.administrations)
        return true;
    bags = rw_arena_array(scope->arena, fates->count, sizeof *bags, err);
    if (!bags)
        return false;
    facts->bag_count = 0;
    for (size_t i = 0; i < fates->count; i++) {
        const struct fates_bag *fate = &fates->bags[i];
        struct fhir_out_bag *bag = &bags[facts->bag_count];
        if (fate->taken_out && fate->taken_ms == 0)
            continue; /* nobody said when: nothing is told of it */
        bag->serial = fate->serial;
        bag->taken_out = fate->taken_out;
        if (!write_time(fate->taken_out ? fate->taken_ms : 0, scope->arena, &bag->at_utc, err))
            return false;
        facts->bag_count++;
    }
    facts->bags = bags;
    return true;
}

static bool read_roll(void *self, const struct scope *scope, struct rw_error *err)
{
    struct reading *reading = self;
    struct step step;
    struct fates fates;
    if (!plan_settings_open(scope, &reading->settings, err) ||
        !step_open(scope, reading->number, &step, err) ||
        !fates_find(scope, reading->number, &fates, err) ||
        !step_note(scope, &step, "read", "FHIR", err))
        return false;
    struct fhir_out_facts facts = { .state = step.row.state,
                                    .products = reading->settings.products };
    return write_time(fates.verified_ms, scope->arena, &facts.prepared_utc, err) &&
           write_time(fates.loaded_ms, scope->arena, &facts.handed_over_utc, err) &&
           take_bags(scope, reading, &fates, &facts, err) &&
           fhir_out_write(step.roll, &facts, scope->arena, &reading->bytes, &reading->length, err);
}

void handle_rolls_fhir(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct reading reading = { .service = service, .number = exchange->args[0] };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &reading, read_roll };
    bool done = service_transact(service, &who, &work, &err);
    plan_settings_close(&reading.settings);
    if (done)
        exchange_reply_bytes(exchange, FHIR_TYPE, reading.bytes, reading.length);
    else
        respond_error(service, exchange, &err);
}
