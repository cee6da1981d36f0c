/* SPDX-License-Identifier: Apache-2.0 */
/* Makes bags of a roll again under new serials (D54). */
#include "api/remake.h"

#include "api/service.h"
#include "core/json/roll_json.h"
#include "db/bags.h"
#include "roll-builder/amend.h"

struct remaking {
    struct service *service;
    const struct remake_request *request;
    struct step step;
};

static bool write_version(const struct scope *scope, struct step *step, const struct roll *made,
                          struct rw_error *err)
{
    struct rolls_document *document = &step->document;
    if (!roll_json_write(made, scope->arena, &document->bytes, &document->length, err) ||
        !roll_json_read(document->bytes, document->length, scope->arena, &step->roll, err))
        return false;
    document->version = step->roll->version;
    document->fingerprint = step->roll->fingerprint;
    step->row.version = document->version;
    step->row.counted_by = NULL;
    return rolls_insert_version(scope, step->row.number, document, err) &&
           bags_replace(scope, step->roll, err);
}

static bool remake(void *self, const struct scope *scope, struct rw_error *err)
{
    struct remaking *remaking = self;
    const struct remake_request *request = remaking->request;
    struct step *step = &remaking->step;
    struct roll *made = NULL;
    if (!step_open(scope, request->roll, step, err))
        return false;
    if (!roll_step_find(step->row.state, ROLL_ACT_REMAKE))
        return rw_error_set(err, RW_CONFLICT, "", "no bag of a roll that is %s is made again",
                            roll_state_word(step->row.state));
    if (!amend_remake(step->roll, request->serials, request->serial_count,
                      remaking->service->pharmacy_key, scope->arena, &made, err) ||
        !write_version(scope, step, made, err))
        return false;
    const char *detail = rw_arena_format(
        scope->arena, err,
        request->serial_count == 1 ? "%zu bag, version %lld: %s" : "%zu bags, version %lld: %s",
        request->serial_count, (long long)step->row.version, request->reason);
    return detail && step_take(scope, step, ROLL_ACT_REMAKE, detail, err);
}

bool remake_bags(struct service *service, const struct scope *who,
                 const struct remake_request *request, struct step *ret_step, struct rw_error *err)
{
    struct remaking remaking = { .service = service, .request = request };
    const struct service_work work = { &remaking, remake };
    if (!service_transact(service, who, &work, err))
        return false;
    *ret_step = remaking.step;
    return true;
}
