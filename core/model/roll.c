/* SPDX-License-Identifier: Apache-2.0 */
/* A roll: its bags, what lies outside it, its audit and its life. */
#include "core/model/roll.h"

#include "core/base/text.h"

static const char *const state_words[ROLL_STATE_COUNT] = {
    [ROLL_NONE] = "none",           [ROLL_PLANNED] = "planned",   [ROLL_APPROVED] = "approved",
    [ROLL_PRINTED] = "printed",     [ROLL_VERIFIED] = "verified", [ROLL_RELEASED] = "released",
    [ROLL_RUNNING] = "running",     [ROLL_FINISHED] = "finished", [ROLL_SUPERSEDED] = "superseded",
    [ROLL_WITHDRAWN] = "withdrawn", [ROLL_REJECTED] = "rejected"
};

static const char *const act_words[ROLL_ACT_COUNT] = {
    [ROLL_ACT_PLAN] = "plan",         [ROLL_ACT_APPROVE] = "approve",
    [ROLL_ACT_PRINT] = "print",       [ROLL_ACT_VERIFY] = "verify",
    [ROLL_ACT_REMAKE] = "remake",     [ROLL_ACT_RELEASE] = "release",
    [ROLL_ACT_LOAD] = "load",         [ROLL_ACT_FINISH] = "finish",
    [ROLL_ACT_AMEND] = "amend",       [ROLL_ACT_SUPERSEDE] = "supersede",
    [ROLL_ACT_WITHDRAW] = "withdraw", [ROLL_ACT_REJECT] = "reject",
    [ROLL_ACT_PAUSE] = "pause",       [ROLL_ACT_RESUME] = "resume"
};

const struct roll_step roll_steps[] = {
    { ROLL_NONE, ROLL_ACT_PLAN, ROLL_PLANNED, "the plan balances against its orders" },
    { ROLL_PLANNED, ROLL_ACT_APPROVE, ROLL_APPROVED, "a pharmacist agrees with the plan" },
    { ROLL_PLANNED, ROLL_ACT_REJECT, ROLL_REJECTED, "a pharmacist refuses the plan" },
    { ROLL_PLANNED, ROLL_ACT_SUPERSEDE, ROLL_SUPERSEDED, "a newer plan takes its place" },
    { ROLL_APPROVED, ROLL_ACT_PRINT, ROLL_PRINTED, "the film carries its labels" },
    { ROLL_APPROVED, ROLL_ACT_AMEND, ROLL_SUPERSEDED,
      "the roll at home goes on without a new film" },
    { ROLL_APPROVED, ROLL_ACT_SUPERSEDE, ROLL_SUPERSEDED, "a newer plan takes its place" },
    { ROLL_APPROVED, ROLL_ACT_WITHDRAW, ROLL_WITHDRAWN, "a pharmacist takes it back" },
    { ROLL_PRINTED, ROLL_ACT_VERIFY, ROLL_VERIFIED, "every bag is good" },
    { ROLL_PRINTED, ROLL_ACT_REMAKE, ROLL_PRINTED, "bags are made again under new serials" },
    { ROLL_PRINTED, ROLL_ACT_SUPERSEDE, ROLL_SUPERSEDED, "a newer plan takes its place" },
    { ROLL_PRINTED, ROLL_ACT_WITHDRAW, ROLL_WITHDRAWN, "a pharmacist takes it back" },
    { ROLL_VERIFIED, ROLL_ACT_RELEASE, ROLL_RELEASED, "a pharmacist releases a verified roll" },
    { ROLL_VERIFIED, ROLL_ACT_REMAKE, ROLL_PRINTED, "a bag made again must be verified again" },
    { ROLL_VERIFIED, ROLL_ACT_SUPERSEDE, ROLL_SUPERSEDED, "a newer plan takes its place" },
    { ROLL_VERIFIED, ROLL_ACT_WITHDRAW, ROLL_WITHDRAWN, "a pharmacist takes it back" },
    { ROLL_RELEASED, ROLL_ACT_LOAD, ROLL_RUNNING, "the dispenser took the roll in" },
    { ROLL_RELEASED, ROLL_ACT_AMEND, ROLL_RELEASED, "some of its bags no longer count" },
    { ROLL_RELEASED, ROLL_ACT_PAUSE, ROLL_RELEASED,
      "its client is away: nothing is handed out or missed" },
    { ROLL_RELEASED, ROLL_ACT_RESUME, ROLL_RELEASED,
      "its client is back and takes the same medicines" },
    { ROLL_RELEASED, ROLL_ACT_FINISH, ROLL_FINISHED, "the last bag is accounted for" },
    { ROLL_RELEASED, ROLL_ACT_SUPERSEDE, ROLL_SUPERSEDED, "a newer roll takes its place" },
    { ROLL_RELEASED, ROLL_ACT_WITHDRAW, ROLL_WITHDRAWN, "a pharmacist takes it back" },
    { ROLL_RUNNING, ROLL_ACT_AMEND, ROLL_RUNNING, "some of its bags no longer count" },
    { ROLL_RUNNING, ROLL_ACT_PAUSE, ROLL_RUNNING,
      "its client is away: nothing is handed out or missed" },
    { ROLL_RUNNING, ROLL_ACT_RESUME, ROLL_RUNNING,
      "its client is back and takes the same medicines" },
    { ROLL_RUNNING, ROLL_ACT_FINISH, ROLL_FINISHED, "the last bag is accounted for" },
    { ROLL_RUNNING, ROLL_ACT_SUPERSEDE, ROLL_SUPERSEDED, "a newer roll takes its place" },
    { ROLL_RUNNING, ROLL_ACT_WITHDRAW, ROLL_WITHDRAWN, "a pharmacist takes it back" },
};
const size_t roll_step_count = RW_COUNT(roll_steps);

const struct roll_step *roll_step_find(enum roll_state from, enum roll_act act)
{
    for (size_t i = 0; i < roll_step_count; i++) {
        if (roll_steps[i].from == from && roll_steps[i].act == act)
            return &roll_steps[i];
    }
    return NULL;
}

const char *roll_state_word(enum roll_state state)
{
    return state_words[state];
}

bool roll_state_from_word(const char *word, enum roll_state *ret_state)
{
    for (int state = ROLL_PLANNED; state < ROLL_STATE_COUNT; state++) {
        if (rw_text_equal(word, state_words[state])) {
            *ret_state = (enum roll_state)state;
            return true;
        }
    }
    return false;
}

const char *roll_act_word(enum roll_act act)
{
    return act_words[act];
}

const struct bag *roll_bag_find(const struct roll *roll, const char *serial)
{
    for (size_t i = 0; i < roll->bag_count; i++) {
        if (rw_text_equal(roll->bags[i].serial, serial))
            return &roll->bags[i];
    }
    return NULL;
}

bool roll_is_number(const char *text)
{
    size_t digits = 0;
    while (text != NULL && digits < ROLL_NUMBER_MAX && text[digits] >= '0' && text[digits] <= '9')
        digits++;
    return digits == ROLL_NUMBER_DIGITS && text[digits] == '\0';
}

bool roll_balances(const struct roll_audit *audit)
{
    return audit->ordered_milli == audit->packed_milli + audit->loose_milli + audit->excluded_milli;
}
