/* SPDX-License-Identifier: Apache-2.0 */
/* Opens a stored roll and takes it one step on in its life. */
#include "api/step.h"

#include <string.h>

#include "core/base/text.h"
#include "core/json/roll_json.h"
#include "db/bags.h"
#include "db/journal.h"

#define DETAIL_MAX 2000

bool step_open(const struct scope *scope, const char *number, struct step *ret_step,
               struct rw_error *err)
{
    struct step step = { 0 };
    if (!rolls_get(scope, number, true, &step.row, err) ||
        !rolls_get_version(scope, number, step.row.version, &step.document, err) ||
        !roll_json_read(step.document.bytes, step.document.length, scope->arena, &step.roll, err))
        return false;
    *ret_step = step;
    return true;
}

bool step_note(const struct scope *scope, const struct step *step, const char *action,
               const char *detail, struct rw_error *err)
{
    const struct journal_act act = { .action = action,
                                     .object_type = "roll",
                                     .object_id = step->row.number,
                                     .client = step->row.pseudonym,
                                     .detail = detail };
    return journal_insert(scope, &act, err);
}

/* What else may be done with it helps who wanted to do something that may not. */
static bool refuse_act(const struct scope *scope, enum roll_state state, enum roll_act act,
                       struct rw_error *err)
{
    struct rw_text text;
    const char *others = NULL;
    rw_text_init(&text, scope->arena, DETAIL_MAX);
    for (size_t i = 0; i < roll_step_count; i++) {
        if (roll_steps[i].from == state)
            rw_text_format(&text, "%s%s", text.length > 0 ? ", " : "",
                           roll_act_word(roll_steps[i].act));
    }
    if (!rw_text_finish(&text, &others, err))
        return false;
    if (!others[0])
        return rw_error_set(err, RW_CONFLICT, "",
                            "a roll that is %s cannot be taken through \"%s\"",
                            roll_state_word(state), roll_act_word(act));
    return rw_error_set(err, RW_CONFLICT, "",
                        "a roll that is %s cannot be taken through \"%s\" but through %s",
                        roll_state_word(state), roll_act_word(act), others);
}

/* REQ-015: no act without its row in the journal, in the same transaction. */
bool step_take(const struct scope *scope, struct step *step, enum roll_act act, const char *detail,
               struct rw_error *err)
{
    const struct roll_step *found = roll_step_find(step->row.state, act);
    if (!found)
        return refuse_act(scope, step->row.state, act, err);
    struct rw_text text;
    const char *why = NULL;
    rw_text_init(&text, scope->arena, DETAIL_MAX);
    rw_text_add(&text, found->why);
    if (detail[0])
        rw_text_format(&text, ": %s", detail);
    if (!rw_text_finish(&text, &why, err))
        return false;
    step->row.state = found->to;
    return rolls_update(scope, &step->row, err) &&
           step_note(scope, step, roll_act_word(act), why, err);
}

bool step_follow(const struct scope *scope, const char *number, const char *dispenser,
                 enum roll_act act, struct rw_error *err)
{
    struct step step;
    if (!step_open(scope, number, &step, err))
        return false;
    bool ours = rw_text_equal(step.row.dispenser_id, dispenser);
    if (!ours || !roll_step_find(step.row.state, act))
        return true;
    return step_take(scope, &step, act, dispenser, err);
}

static struct acceptance_bag judged_bag(const struct roll *roll, const struct bags_row *row)
{
    const struct bag *planned = roll_bag_find(roll, row->serial);
    struct acceptance_bag bag = { .serial = row->serial,
                                  .dose = !planned || planned->kind == BAG_DOSE,
                                  .by_person = row->by_person,
                                  .by = row->actor,
                                  .reasons = row->reason ? row->reason : "" };
    if (row->verdict && !verdict_from_word(row->verdict, &bag.verdict))
        bag.verdict = VERDICT_UNDECIDED;
    /* Since that verdict the line has seen it once more, and not as good: its next verdict, or a
     * person, says what holds. */
    bool is_doubted = row->glance && !rw_text_equal(row->glance, verdict_word(VERDICT_PASS));
    if (is_doubted && !row->by_person && bag.verdict == VERDICT_PASS)
        bag.verdict = VERDICT_UNDECIDED;
    bag.pieces_judged = row->judged && strstr(row->judged, "pieces") != NULL;
    return bag;
}

bool step_bags(const struct scope *scope, const struct step *step, struct acceptance_bag **ret_bags,
               size_t *ret_count, struct rw_error *err)
{
    struct bags_list list;
    if (!bags_find(scope, step->row.number, &list, err))
        return false;
    struct acceptance_bag *bags = rw_arena_array(scope->arena, list.count, sizeof *bags, err);
    if (!bags)
        return false;
    size_t count = 0;
    for (size_t i = 0; i < list.count; i++) {
        if (!list.rows[i].revoked)
            bags[count++] = judged_bag(step->roll, &list.rows[i]);
    }
    if (count != step->roll->bag_count)
        return rw_error_set(err, RW_BUG, "", "roll %s has %zu bags but %zu are kept",
                            step->row.number, step->roll->bag_count, count);
    *ret_bags = bags;
    *ret_count = count;
    return true;
}

bool step_verify(const struct scope *scope, struct step *step, struct rw_error *err)
{
    struct acceptance_bag *bags = NULL;
    size_t count = 0;
    struct rw_error not_yet = { 0 };
    if (step->row.state != ROLL_PRINTED)
        return true;
    if (!step_bags(scope, step, &bags, &count, err))
        return false;
    if (!acceptance_all_pass(bags, count, &not_yet))
        return true;
    return step_take(scope, step, ROLL_ACT_VERIFY, "", err);
}
