/* SPDX-License-Identifier: Apache-2.0 */
/* Takes a batch of a product back from every roll, in one act. */
#include "api/recall.h"

#include "api/raise.h"
#include "api/service.h"
#include "api/step.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "db/bags.h"
#include "db/dispensers.h"
#include "db/events.h"
#include "db/journal.h"

#define ROLL_MEMORY (16 * RW_ARENA_MIB) /* one roll with its document, freed before the next */
#define BAGS_FIRST 64

struct recalling {
    struct service *service;
    const struct recall_request *request;
    bool act;
    size_t room;
    struct recall_result result;
};

/* One roll that holds the batch; lives in an arena of its own. */
struct finding {
    struct scope scope;
    struct step step;
    struct events_moment *moments;
    size_t moment_count;
    size_t withdrawn;
    const struct bag *first; /* of the bags that were withdrawn */
};

static bool holds(const struct recalling *recalling, const struct bag *bag)
{
    for (size_t i = 0; i < bag->content_count; i++) {
        if (rw_text_equal(bag->contents[i].product, recalling->request->product) &&
            recalls_has_lot(bag->contents[i].lot, recalling->request->lot))
            return true;
    }
    return false;
}

static bool is_in_pharmacy(enum roll_state state)
{
    return state == ROLL_PLANNED || state == ROLL_APPROVED || state == ROLL_PRINTED ||
           state == ROLL_VERIFIED;
}

/* Where the bag is; NULL when it never left the pharmacy and never will. */
static const char *fate_of(const struct finding *finding, const struct bag *bag)
{
    if (is_in_pharmacy(finding->step.row.state))
        return "in_pharmacy";
    for (size_t i = 0; i < finding->moment_count; i++) {
        const struct events_moment *moment = &finding->moments[i];
        if (!rw_text_equal(moment->serial, bag->serial))
            continue;
        if (rw_text_equal(moment->state, "waiting"))
            return "withdrawn";
        return rw_text_equal(moment->state, "released") ? "taken_out" : moment->state;
    }
    return NULL;
}

static bool add_bag(const struct scope *scope, struct recalling *recalling,
                    const struct recalls_bag *bag, struct rw_error *err)
{
    struct recalls_bags *bags = &recalling->result.bags;
    struct rw_arena *arena = scope->arena;
    if (bags->count == RECALLS_BAGS_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "more than %d bags hold this batch",
                            RECALLS_BAGS_MAX);
    if (bags->count == recalling->room) {
        size_t room = recalling->room > 0 ? 2 * recalling->room : BAGS_FIRST;
        struct recalls_bag *grown = rw_arena_array(arena, room, sizeof *grown, err);
        if (!grown)
            return false;
        for (size_t i = 0; i < bags->count; i++)
            grown[i] = bags->bags[i];
        bags->bags = grown;
        recalling->room = room;
    }
    struct recalls_bag kept = { .n = bag->n, .fate = bag->fate };
    kept.client_id = rw_arena_text(arena, bag->client_id, err);
    kept.client_name = rw_arena_text(arena, bag->client_name, err);
    kept.roll = rw_arena_text(arena, bag->roll, err);
    kept.serial = rw_arena_text(arena, bag->serial, err);
    kept.at = rw_arena_text(arena, bag->at, err);
    kept.fate = rw_arena_text(arena, bag->fate, err);
    if (bag->dispenser_id)
        kept.dispenser_id = rw_arena_text(arena, bag->dispenser_id, err);
    if (!kept.client_id || !kept.client_name || !kept.roll || !kept.serial || !kept.at ||
        !kept.fate || (bag->dispenser_id && !kept.dispenser_id))
        return false;
    bags->bags[bags->count++] = kept;
    return true;
}

static bool take_bag(const struct scope *scope, struct recalling *recalling,
                     struct finding *finding, const struct bag *bag, struct rw_error *err)
{
    const struct rolls_row *row = &finding->step.row;
    const char *fate = fate_of(finding, bag);
    char at[RW_ZONE_STAMP_MAX];
    if (!fate)
        return true;
    rw_stamp_write(bag->at, at);
    const struct recalls_bag found = { row->client_id,    row->client_name,
                                       row->number,       bag->n,
                                       bag->serial,       at,
                                       row->dispenser_id, fate };
    if (!add_bag(scope, recalling, &found, err))
        return false;
    if (!recalling->act)
        return true;
    if (!recalls_insert_bag(&finding->scope, recalling->result.id, &found, err))
        return false;
    if (!rw_text_equal(fate, "withdrawn"))
        return true;
    if (finding->withdrawn++ == 0)
        finding->first = bag;
    return bags_revoke(&finding->scope, row->number, row->version, bag->serial, err) &&
           events_end_bag(&finding->scope, bag->serial, err);
}

/* REQ-018: the pharmacy and who cares for the client hear of it; without the name of a medicine. */
static bool raise(const struct finding *finding, struct recalling *recalling, struct rw_error *err)
{
    const struct rolls_row *row = &finding->step.row;
    char due[RW_ZONE_STAMP_MAX];
    rw_stamp_write(finding->first->at, due);
    const char *key = rw_arena_format(finding->scope.arena, err, "recall:%s:%s",
                                      recalling->result.id, row->number);
    const struct alarm alarm = { .type = ALARM_RECALL,
                                 .client = row->pseudonym,
                                 .dispenser = row->dispenser_id,
                                 .roll = row->number,
                                 .bag = finding->first->n,
                                 .due = due,
                                 .dedupe_key = key };
    return key && raise_alarm(recalling->service, &finding->scope, &alarm, err);
}

static bool has_waiting(struct finding *finding, bool *ret_waiting, struct rw_error *err)
{
    *ret_waiting = false;
    if (!events_of_roll(&finding->scope, finding->step.row.number, &finding->moments,
                        &finding->moment_count, err))
        return false;
    for (size_t i = 0; i < finding->moment_count; i++)
        *ret_waiting = *ret_waiting || rw_text_equal(finding->moments[i].state, "waiting");
    return true;
}

static bool act_on(const struct scope *scope, struct recalling *recalling, struct finding *finding,
                   struct rw_error *err)
{
    struct step *step = &finding->step;
    struct withdraw_told told = { 0 };
    bool waiting = false;
    const char *detail =
        rw_arena_format(finding->scope.arena, err, "recall %s", recalling->result.id);
    if (!detail)
        return false;
    if (is_in_pharmacy(step->row.state))
        return step_take(&finding->scope, step,
                         step->row.state == ROLL_PLANNED ? ROLL_ACT_REJECT : ROLL_ACT_WITHDRAW,
                         detail, err);
    if (finding->withdrawn == 0)
        return true;
    if (!step_take(&finding->scope, step, ROLL_ACT_AMEND, detail, err) ||
        !withdraw_bags(recalling->service, &finding->scope, step, &told, err) ||
        !raise(finding, recalling, err) || !has_waiting(finding, &waiting, err) ||
        (!waiting && !step_take(&finding->scope, step, ROLL_ACT_FINISH, detail, err)))
        return false;
    if (told.dispenser)
        told.dispenser = rw_arena_text(scope->arena, told.dispenser, err);
    if (told.dispenser)
        recalling->result.told[recalling->result.told_count++] = told;
    return err->code == RW_OK;
}

/* Its dispenser first, as reports lock them: what it reports now is told before or after. */
static bool open_roll(struct finding *finding, const struct recalling *recalling, const char *roll,
                      struct rw_error *err)
{
    struct rolls_row row;
    struct dispensers_row dispenser;
    if (recalling->act &&
        (!rolls_get(&finding->scope, roll, false, &row, err) ||
         (row.dispenser_id && !dispensers_get(&finding->scope, row.dispenser_id, &dispenser, err))))
        return false;
    return step_open(&finding->scope, roll, &finding->step, err) &&
           events_of_roll(&finding->scope, roll, &finding->moments, &finding->moment_count, err);
}

static bool visit(const struct scope *scope, struct recalling *recalling, const char *roll,
                  struct rw_arena *arena, struct rw_error *err)
{
    struct finding finding = { .scope = *scope };
    size_t before = recalling->result.bags.count;
    finding.scope.arena = arena;
    if (!open_roll(&finding, recalling, roll, err))
        return false;
    if (finding.step.row.state == ROLL_REJECTED)
        return true;
    for (size_t i = 0; i < finding.step.roll->bag_count; i++) {
        const struct bag *bag = &finding.step.roll->bags[i];
        if (bag->kind == BAG_DOSE && holds(recalling, bag) &&
            !take_bag(scope, recalling, &finding, bag, err))
            return false;
    }
    if (recalling->result.bags.count == before)
        return true;
    return recalling->act ? act_on(scope, recalling, &finding, err)
                          : step_note(&finding.scope, &finding.step, "read", "recall", err);
}

static bool visit_all(const struct scope *scope, struct recalling *recalling, const char **rolls,
                      size_t count, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(ROLL_MEMORY);
    bool done = arena != NULL;
    if (!done)
        return rw_error_set(err, RW_NO_MEMORY, "", "a recall found no memory");
    for (size_t i = 0; done && i < count; i++) {
        rw_arena_reset(arena);
        done = visit(scope, recalling, rolls[i], arena, err);
    }
    rw_arena_close(arena);
    return done;
}

static size_t count_clients(const struct recalls_bags *bags)
{
    size_t clients = 0;
    for (size_t i = 0; i < bags->count; i++) {
        bool known = false;
        for (size_t k = i; k > 0 && !known; k--)
            known = rw_text_equal(bags->bags[k - 1].client_id, bags->bags[i].client_id);
        clients += !known;
    }
    return clients;
}

static bool begin(const struct scope *scope, struct recalling *recalling, struct rw_error *err)
{
    char id[RW_UUID_TEXT_MAX];
    rw_uuid_make(scope->now_ms, id);
    recalling->result.id = rw_arena_text(scope->arena, id, err);
    const struct recalls_row row = { .recall_id = recalling->result.id,
                                     .product = recalling->request->product,
                                     .lot = recalling->request->lot,
                                     .reason = recalling->request->reason };
    const struct journal_act act = { .action = "recall",
                                     .object_type = "recall",
                                     .object_id = recalling->result.id,
                                     .client = "",
                                     .detail = recalling->request->reason };
    return recalling->result.id && recalls_insert(scope, &row, err) &&
           journal_insert(scope, &act, err);
}

static bool run(void *self, const struct scope *scope, struct rw_error *err)
{
    struct recalling *recalling = self;
    const char **rolls = NULL;
    size_t count = 0;
    recalling->result = (struct recall_result){ 0 };
    recalling->room = 0;
    if (!recalls_rolls(scope, recalling->request->product, recalling->request->lot, &rolls, &count,
                       err) ||
        (recalling->act && !begin(scope, recalling, err)))
        return false;
    recalling->result.told =
        rw_arena_array(scope->arena, count, sizeof *recalling->result.told, err);
    if (!recalling->result.told || !visit_all(scope, recalling, rolls, count, err))
        return false;
    if (recalling->act && recalling->result.bags.count == 0)
        return rw_error_set(err, RW_NOT_FOUND, "", "no bag holds batch \"%s\" of product \"%s\"",
                            recalling->request->lot, recalling->request->product);
    recalling->result.clients = count_clients(&recalling->result.bags);
    return true;
}

bool recall_look(struct service *service, const struct scope *who,
                 const struct recall_request *request, struct recall_result *ret_result,
                 struct rw_error *err)
{
    struct recalling recalling = { .service = service, .request = request };
    const struct service_work work = { &recalling, run };
    if (!service_transact(service, who, &work, err))
        return false;
    *ret_result = recalling.result;
    return true;
}

bool recall_carry_out(struct service *service, const struct scope *who,
                      const struct recall_request *request, struct recall_result *ret_result,
                      struct rw_error *err)
{
    struct recalling recalling = { .service = service, .request = request, .act = true };
    const struct service_work work = { &recalling, run };
    if (!service_transact(service, who, &work, err))
        return false;
    for (size_t i = 0; i < recalling.result.told_count; i++)
        withdraw_tell(service, &recalling.result.told[i]);
    *ret_result = recalling.result;
    return true;
}
