/* SPDX-License-Identifier: Apache-2.0 */
/* Decides whether a roll's verdicts let it be released (D50 to D55). */
#include "core/model/acceptance.h"

#include <string.h>

#include "core/base/text.h"

/* Reasons that say: this is another bag than the plan's. No look at its contents heals that. */
static const enum verdict_reason identity[] = { REASON_CODE_WRONG, REASON_OTHER_ROLL,
                                                REASON_OTHER_CLIENT, REASON_SUPERSEDED,
                                                REASON_BAD_TAG };

static bool has_word(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = words; *at;) { /* each round takes one word */
        size_t part = strcspn(at, " ");
        if (part == length && strncmp(at, word, part) == 0)
            return true;
        at += part;
        at += strspn(at, " ");
    }
    return false;
}

bool acceptance_may_pass(const struct acceptance_bag *bag, const char **ret_why)
{
    *ret_why = "";
    if (bag->verdict == VERDICT_MISSING) {
        *ret_why = "the bag was not seen; it is looked for or made again";
        return false;
    }
    for (size_t i = 0; bag->verdict == VERDICT_FAIL && i < RW_COUNT(identity); i++) {
        if (has_word(bag->reasons, verdict_reason_word(identity[i]))) {
            *ret_why = "its code says that it is another bag; it is made again";
            return false;
        }
    }
    return true;
}

bool acceptance_all_pass(const struct acceptance_bag *bags, size_t count, struct rw_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (bags[i].verdict != VERDICT_PASS)
            return rw_error_set(err, RW_CONFLICT, "", "bag %s is %s", bags[i].serial,
                                bags[i].verdict == VERDICT_UNDECIDED
                                    ? "not judged yet"
                                    : verdict_word(bags[i].verdict));
    }
    if (count == 0)
        return rw_error_set(err, RW_CONFLICT, "", "the roll has no bags");
    return true;
}

bool acceptance_may_release(const struct acceptance_bag *bags, size_t count, bool counted,
                            struct rw_error *err)
{
    if (!acceptance_all_pass(bags, count, err))
        return false;
    for (size_t i = 0; i < count && !counted; i++) {
        if (bags[i].dose && !bags[i].pieces_judged && !bags[i].by_person)
            return rw_error_set(err, RW_CONFLICT, "",
                                "the pieces of bag %s were not judged, and nobody counted the roll",
                                bags[i].serial);
    }
    return true;
}

bool acceptance_is_high_risk(const struct roll *roll)
{
    for (size_t i = 0; i < roll->findings.count; i++) {
        const char *id = roll->findings.findings[i].id;
        if (rw_text_equal(id, "D11") || rw_text_equal(id, "D55"))
            return true;
    }
    return false;
}

bool acceptance_may_approve(const struct roll *roll, const char *planned_by, const char *approver,
                            struct rw_error *err)
{
    if (!acceptance_is_high_risk(roll) || !rw_text_equal(planned_by, approver))
        return true;
    return rw_error_set(err, RW_CONFLICT, "",
                        "another person must approve this roll: it holds a high-risk medicine and "
                        "%s planned it",
                        approver);
}

static bool is_hand(const char *who, const char *releaser)
{
    return who && rw_text_equal(who, releaser);
}

bool acceptance_four_eyes(const struct acceptance_bag *bags, size_t count,
                          const struct acceptance_hands *hands, const char *releaser,
                          struct rw_error *err)
{
    if (is_hand(hands->printed_by, releaser) || is_hand(hands->remade_by, releaser))
        return rw_error_set(err, RW_CONFLICT, "",
                            "another person must release this roll: it holds a high-risk medicine "
                            "and %s had bags of it printed",
                            releaser);
    if (is_hand(hands->counted_by, releaser))
        return rw_error_set(err, RW_CONFLICT, "",
                            "another person must release this roll: it holds a high-risk medicine "
                            "and %s counted it",
                            releaser);
    for (size_t i = 0; i < count; i++) {
        if (bags[i].by_person && rw_text_equal(bags[i].by, releaser))
            return rw_error_set(err, RW_CONFLICT, "",
                                "another person must release this roll: it holds a high-risk "
                                "medicine and %s judged bag %s",
                                releaser, bags[i].serial);
    }
    return true;
}
