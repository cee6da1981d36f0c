/* SPDX-License-Identifier: Apache-2.0 */
/* Decides whether the roll that is being loaded may be loaded. */
#ifndef RW_CORE_MODEL_LOADING_H
#define RW_CORE_MODEL_LOADING_H

#include <stdbool.h>
#include <stdint.h>

#include "core/model/schedule.h"

/* Behind the zero in the order in which they are given: the first that applies. */
enum loading_answer {
    LOADING_UNREADABLE, /* zero is harmless: a refusal */
    LOADING_BAD_SIGNATURE,
    LOADING_WRONG_DISPENSER,
    LOADING_BAD_TAG,
    LOADING_ROLL_SUPERSEDED,
    LOADING_WRONG_CLIENT,
    LOADING_NOT_RELEASED_BY_PHARMACIST,
    LOADING_EXPIRED,
    LOADING_BAG_ALREADY_RELEASED,
    LOADING_REVERSED,
    LOADING_GAP,
    LOADING_NOT_FIRST_BAG,
    LOADING_OK,
    LOADING_ANSWER_COUNT
};

/* All that the answer depends on. */
struct loading_facts {
    const struct schedule *schedule; /* NULL when none is held */
    bool in_before;                  /* its part `before` is not yet handed out */
    bool signature_good;
    const char *dispenser;   /* my own id */
    const char *code;        /* bracketed text of the first visible bag */
    const char *code_next;   /* of the bag behind it, judged as well; NULL when it is not visible */
    int32_t expected_n;      /* the n of the next bag to hand out */
    int32_t released_last_n; /* highest n handed out; 0 = none */
    int64_t now_utc_ms;
};

/* The first that applies, in the order of docs/FORMATS.md; what it means and needs is written
 * beside each rule in loading.c. */
enum loading_answer loading_check(const struct loading_facts *facts);
const char *loading_word(enum loading_answer answer); /* "OK", "NOT_FIRST_BAG", … */

#endif
