/* SPDX-License-Identifier: Apache-2.0 */
/* Plans a roll from the orders that are kept of a client. */
#include "api/prepare.h"

#include "api/client_record.h"
#include "api/plan_settings.h"
#include "api/service.h"
#include "core/base/text.h"
#include "core/json/roll_json.h"
#include "core/model/media.h"
#include "core/model/order.h"
#include "db/bags.h"
#include "db/journal.h"
#include "db/orders.h"
#include "db/recalls.h"
#include "labels/layout.h"
#include "roll-builder/intake/intake.h"
#include "roll-builder/plan.h"

#define MINUTE_MS INT64_C(60000)
#define NUMBERS_TRIED_MAX 8 /* of a thousand million: a second try is rare, a third unheard of */

struct preparation {
    struct service *service;
    const struct prepare_request *request;
    struct plan_settings settings;
    struct order_list list;
    const struct order **orders;
    size_t order_count;
    size_t document_count;
    const char *pseudonym;
    const char *number;
    struct window window;
    struct prepare_result result;
};

static bool unseal(const struct scope *scope, const struct preparation *preparation,
                   struct orders_document *document, struct rw_error *err)
{
    if (!document->sealed)
        return true; /* it was kept in clear by an older program */
    if (!rw_unseal(preparation->service->secrets.orders_key, document->order_id, document->bytes,
                   document->length, scope->arena, &document->bytes, err))
        return false;
    document->length -= RW_SEAL_EXTRA_BYTES;
    return true;
}

/* All lines of all documents, oldest document first; a line names its document as its source. */
static bool read_orders(const struct scope *scope, struct preparation *preparation,
                        struct rw_error *err)
{
    struct orders_of_client kept;
    const char *client = preparation->request->client;
    if (!orders_pseudonym(scope, client, &preparation->pseudonym, err))
        return false;
    if (!preparation->pseudonym)
        return rw_error_set(err, RW_NOT_FOUND, "/client", "nothing was received for this client");
    if (!orders_find(scope, client, &kept, err))
        return false;
    for (size_t i = 0; i < kept.count; i++) {
        struct orders_document *document = &kept.documents[i];
        if (!unseal(scope, preparation, document, err) ||
            !intake_read(document->order_id, document->bytes, document->length,
                         preparation->settings.zone, scope->arena, &preparation->list, err))
            return false;
    }
    preparation->orders =
        rw_arena_array(scope->arena, preparation->list.count, sizeof *preparation->orders, err);
    if (!preparation->orders)
        return false;
    preparation->order_count = 0;
    for (size_t i = 0; i < preparation->list.count; i++) {
        const struct order *order = &preparation->list.orders[i];
        if (rw_text_equal(order->client.id, client))
            preparation->orders[preparation->order_count++] = order;
    }
    preparation->document_count = kept.count;
    return true;
}

static bool plan(const struct scope *scope, struct preparation *preparation, struct rw_error *err)
{
    struct service *service = preparation->service;
    const struct media *media = media_find(preparation->settings.policy.media);
    if (!media)
        return rw_error_set(err, RW_INVALID, "/media", "there is no media profile \"%s\"",
                            preparation->settings.policy.media);
    char issued[RW_ZONE_STAMP_MAX];
    rw_stamp_write(rw_zone_at(preparation->settings.zone, scope->now_ms / MINUTE_MS), issued);
    struct person person;
    bool known = false;
    if (!client_record_person(scope, preparation->request->client, &person, &known, err))
        return false;
    struct layout_desk desk = { .canvas = service->canvas };
    desk.symbol_side =
        preparation->settings.policy.gtin == NULL ? SYMBOL_SIDE_INTERNAL : SYMBOL_SIDE_MAX;
    const struct fits fits = layout_fits(&desk);
    const struct plan_request request = { .client_id = preparation->request->client,
                                          .orders = preparation->orders,
                                          .order_count = preparation->order_count,
                                          .many_sources = preparation->document_count > 1,
                                          .policy = &preparation->settings.policy,
                                          .products = preparation->settings.products,
                                          .media = media,
                                          .window = &preparation->window,
                                          .number = preparation->number,
                                          .issued = rw_arena_text(scope->arena, issued, err),
                                          .replaces = preparation->request->replaces,
                                          .pharmacy_key = service->pharmacy_key,
                                          .person = known ? &person : NULL,
                                          .fits = &fits };
    struct roll *roll = NULL;
    if (!request.issued)
        return false;
    (void)pthread_mutex_lock(&service->planning);
    bool done = plan_roll(&request, scope->arena, &roll, &preparation->result.blocked, err);
    (void)pthread_mutex_unlock(&service->planning);
    preparation->result.roll = roll;
    return done;
}

static bool keep(const struct scope *scope, struct preparation *preparation, struct rw_error *err)
{
    struct prepare_result *result = &preparation->result;
    struct rolls_document *document = &result->document;
    if (!roll_balances(&result->roll->audit))
        return rw_error_set(err, RW_BUG, "", "the roll does not balance");
    const struct rolls_row row = { .number = preparation->number,
                                   .client_id = preparation->request->client,
                                   .client_name = result->roll->client.name,
                                   .version = result->roll->version,
                                   .state = roll_step_find(ROLL_NONE, ROLL_ACT_PLAN)->to,
                                   .from_day = preparation->window.from,
                                   .days = preparation->window.days,
                                   .policy = preparation->settings.policy_version,
                                   .products = preparation->settings.products_version,
                                   .documents = (int64_t)preparation->document_count };
    struct roll *again = NULL;
    if (!roll_json_write(result->roll, scope->arena, &document->bytes, &document->length, err) ||
        !roll_json_read(document->bytes, document->length, scope->arena, &again, err))
        return false;
    document->version = again->version;
    document->fingerprint = again->fingerprint;
    result->roll = again;
    const struct journal_act act = { .action = roll_act_word(ROLL_ACT_PLAN),
                                     .object_type = "roll",
                                     .object_id = preparation->number,
                                     .client = preparation->pseudonym,
                                     .detail = again->fingerprint };
    return rolls_insert(scope, &row, err) &&
           rolls_insert_version(scope, row.number, document, err) &&
           bags_replace(scope, again, err) && recalls_note_lots(scope, again, err) &&
           journal_insert(scope, &act, err);
}

/* What the plan changes; it may turn out that it can begin later. */
static bool compare(const struct scope *scope, struct preparation *preparation,
                    struct rw_error *err)
{
    struct prepare_result *result = &preparation->result;
    int32_t day = 0;
    if (!preparation->request->replaces || result->blocked)
        return true;
    if (!change_open(scope, result->roll, &result->change, err))
        return false;
    result->changes = true;
    if (!change_is_out(&result->change) || !change_first_day(&result->change, &day))
        return true;
    preparation->window.days -= day - preparation->window.from;
    preparation->window.from = day;
    return plan(scope, preparation, err) &&
           (result->blocked || change_open(scope, result->roll, &result->change, err));
}

static bool prepare(void *self, const struct scope *scope, struct rw_error *err)
{
    struct preparation *preparation = self;
    uint8_t seed[RW_SHA256_BYTES];
    char number[ROLL_NUMBER_MAX];
    rw_crypto_random(seed, sizeof seed);
    plan_number(seed, number);
    preparation->number = rw_arena_text(scope->arena, number, err);
    preparation->list = (struct order_list){ 0 };
    preparation->result = (struct prepare_result){ 0 };
    preparation->window =
        (struct window){ .from = preparation->request->from, .days = preparation->request->days };
    return preparation->number && plan_settings_open(scope, &preparation->settings, err) &&
           read_orders(scope, preparation, err) && plan(scope, preparation, err) &&
           compare(scope, preparation, err) &&
           (preparation->result.blocked || keep(scope, preparation, err));
}

bool prepare_roll(struct service *service, const struct scope *who,
                  const struct prepare_request *request, struct prepare_result *ret_result,
                  struct rw_error *err)
{
    struct preparation preparation = { .service = service, .request = request };
    const struct service_work work = { &preparation, prepare };
    struct rw_error last = { 0 };
    bool done = false;
    for (int tries = 0; tries < NUMBERS_TRIED_MAX && !done; tries++) {
        last = (struct rw_error){ 0 };
        done = service_transact(service, who, &work, &last);
        if (!done && last.code != RW_CONFLICT)
            break;
    }
    plan_settings_close(&preparation.settings);
    if (!done)
        return rw_error_set(err, last.code, last.at, "%s", last.text);
    *ret_result = preparation.result;
    return true;
}

static bool is_same(const struct amendment *amendment)
{
    for (size_t i = 0; i < amendment->list_count; i++) {
        if (amendment->list[i].change != AMEND_SAME)
            return false;
    }
    return amendment->action == AMEND_AT_NEXT_ROLL;
}

/* Is a person asked nothing about the new plan that was not asked about the old one? */
static bool asks_no_more(const struct roll *old, const struct roll *made)
{
    for (size_t i = 0; i < made->findings.count; i++) {
        const struct rw_finding *asked = &made->findings.findings[i];
        bool known = asked->severity == RW_INFORMS;
        for (size_t k = 0; k < old->findings.count && !known; k++)
            known = rw_text_equal(old->findings.findings[k].id, asked->id) &&
                    rw_text_equal(old->findings.findings[k].reason, asked->reason);
        if (!known)
            return false;
    }
    return true;
}

static bool plan_again(const struct scope *scope, struct preparation *preparation,
                       const struct step *step, bool *ret_same, struct rw_error *err)
{
    struct amendment *amendment = NULL;
    if (!read_orders(scope, preparation, err) || !plan(scope, preparation, err))
        return false;
    if (!preparation->result.blocked &&
        !amend_compare(step->roll, preparation->result.roll, scope->arena, &amendment, err))
        return false;
    *ret_same = amendment && is_same(amendment);
    return true;
}

/* What was packed by the settings of its day is as it was; what is still to be packed is not. */
static bool are_settings_older(const struct preparation *preparation, const struct step *step)
{
    const struct plan_settings *settings = &preparation->settings;
    return step->row.state == ROLL_APPROVED && (settings->policy_version != step->row.policy ||
                                                settings->products_version != step->row.products);
}

static bool check_current(const struct scope *scope, struct preparation *preparation,
                          const struct step *step, struct rw_error *err)
{
    int64_t newer = 0;
    bool same = true;
    if (!orders_newer(scope, &step->row, &newer, err) ||
        !plan_settings_open(scope, &preparation->settings, err))
        return false;
    bool older = are_settings_older(preparation, step);
    if ((newer > 0 || older) && !plan_again(scope, preparation, step, &same, err))
        return false;
    if (same && (!older || asks_no_more(step->roll, preparation->result.roll)))
        return true;
    if (!same && newer > 0)
        return rw_error_set(
            err, RW_CONFLICT, "",
            "orders that came in since change roll %s: plan a roll that replaces it",
            step->row.number);
    return rw_error_set(
        err, RW_CONFLICT, "",
        "policy or products that were put in since change roll %s: plan a roll that "
        "replaces it",
        step->row.number);
}

/* Behind a recall no bag with that batch is packed, nor leaves: also one that was planned while the
 * recall was made, or from a table that still names the batch. */
static bool check_batches(const struct scope *scope, const struct step *step, struct rw_error *err)
{
    const char *product = NULL;
    const char *lot = NULL;
    if (!recalls_of_roll(scope, step->row.number, &product, &lot, err))
        return false;
    return !lot || rw_error_set(err, RW_CONFLICT, "",
                                "batch %s of product %s was taken back: put another one into the "
                                "product table and plan a new roll",
                                lot, product);
}

bool prepare_check_current(struct service *service, const struct scope *scope,
                           const struct step *step, struct rw_error *err)
{
    const struct prepare_request request = { .client = step->row.client_id,
                                             .from = (int32_t)step->row.from_day,
                                             .days = (int32_t)step->row.days,
                                             .replaces = step->roll->replaces };
    struct preparation preparation = { .service = service,
                                       .request = &request,
                                       .number = step->row.number,
                                       .window = { request.from, request.days } };
    bool current = check_batches(scope, step, err) && check_current(scope, &preparation, step, err);
    plan_settings_close(&preparation.settings);
    return current;
}
