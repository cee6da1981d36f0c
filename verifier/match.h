/* SPDX-License-Identifier: Apache-2.0 */
/* Says to which bag of the plan a code belongs, or why to none. */
#ifndef RW_VERIFIER_MATCH_H
#define RW_VERIFIER_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/crypto.h"
#include "core/model/gs1.h"
#include "core/model/roll.h"
#include "core/model/verdict.h"
#include "verifier/reader.h"

/* Another roll, and whose it is. */
struct match_other {
    const char *roll;
    const char *client;
};

/* What a code is compared with. `roll_key` may be NULL: then the plan alone decides. */
struct match_plan {
    const struct roll *roll;
    const uint8_t *roll_key;          /* RW_HMAC_KEY_BYTES */
    const struct match_other *others; /* rolls that are known; may be none */
    size_t other_count;
};

struct match {
    bool in_plan;               /* `bag` is the bag whose serial the code bears */
    size_t bag;                 /* index into the roll's bags */
    enum verdict_reason reason; /* REASON_NONE: this is exactly the planned code */
    char text[GS1_TEXT_MAX];    /* bracketed, or plain for a code of strangers */
};

void match_reading(const struct match_plan *plan, const struct reading *reading,
                   struct match *ret_match);
/* The same as match_reading for a bracketed text. */
void match_text(const struct match_plan *plan, const char *text, struct match *ret_match);

#endif
