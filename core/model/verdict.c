/* SPDX-License-Identifier: Apache-2.0 */
/* The words for verdicts and reasons, and which verdict is worse. */
#include "core/model/verdict.h"

#include "core/base/text.h"

static const char *const verdict_words[VERDICT_COUNT] = { [VERDICT_UNDECIDED] = "undecided",
                                                          [VERDICT_PASS] = "pass",
                                                          [VERDICT_UNSURE] = "unsure",
                                                          [VERDICT_MISSING] = "missing",
                                                          [VERDICT_FAIL] = "fail" };

static const char *const reason_words[VERDICT_REASON_COUNT] = {
    [REASON_NONE] = "none",
    [REASON_NOT_SEEN] = "not-seen",
    [REASON_CODE_UNREADABLE] = "code-unreadable",
    [REASON_CODE_WRONG] = "code-wrong",
    [REASON_OTHER_ROLL] = "other-roll",
    [REASON_OTHER_CLIENT] = "other-client",
    [REASON_SUPERSEDED] = "superseded",
    [REASON_BAD_TAG] = "bad-tag",
    [REASON_OUT_OF_ORDER] = "out-of-order",
    [REASON_TWICE] = "twice",
    [REASON_GAP] = "gap",
    [REASON_GRADE_LOW] = "grade-low",
    [REASON_PRINT_DAMAGED] = "print-damaged",
    [REASON_TEXT_DIFFERS] = "text-differs",
    [REASON_COUNT_DIFFERS] = "count-differs",
    [REASON_PIECE_DIFFERS] = "piece-differs",
    [REASON_PIECES_HIDDEN] = "pieces-hidden",
    [REASON_LOOK_ALIKE] = "look-alike",
    [REASON_NOT_EMPTY] = "not-empty",
    [REASON_EMPTY] = "empty",
    [REASON_CUT_ASKEW] = "cut-askew"
};

const char *verdict_word(enum verdict verdict)
{
    return verdict_words[verdict];
}

bool verdict_from_word(const char *word, enum verdict *ret_verdict)
{
    for (int verdict = VERDICT_PASS; verdict < VERDICT_COUNT; verdict++) {
        if (rw_text_equal(word, verdict_words[verdict])) {
            *ret_verdict = (enum verdict)verdict;
            return true;
        }
    }
    return false;
}

const char *verdict_reason_word(enum verdict_reason reason)
{
    return reason_words[reason];
}

bool verdict_reason_from_word(const char *word, enum verdict_reason *ret_reason)
{
    for (int reason = REASON_NOT_SEEN; reason < VERDICT_REASON_COUNT; reason++) {
        if (rw_text_equal(word, reason_words[reason])) {
            *ret_reason = (enum verdict_reason)reason;
            return true;
        }
    }
    return false;
}

char verdict_grade_letter(int8_t grade)
{
    static const char letters[] = "FDCBA";
    return grade >= 0 && grade <= 4 ? letters[grade] : '-';
}

enum verdict verdict_worst(enum verdict left, enum verdict right)
{
    enum verdict a = left == VERDICT_UNDECIDED ? VERDICT_UNSURE : left;
    enum verdict b = right == VERDICT_UNDECIDED ? VERDICT_UNSURE : right;
    return a > b ? a : b;
}

void verdict_bag_add_reason(struct verdict_bag *bag, enum verdict_reason reason)
{
    for (size_t i = 0; i < bag->reason_count; i++) {
        if (bag->reasons[i] == reason)
            return;
    }
    if (bag->reason_count < VERDICT_REASONS_MAX)
        bag->reasons[bag->reason_count++] = reason;
}
