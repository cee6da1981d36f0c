/* SPDX-License-Identifier: Apache-2.0 */
/* Says to which bag of the plan a code belongs, or why to none. */
#include "verifier/match.h"

#include <string.h>

#include "core/base/text.h"
#include "core/model/tag.h"

static bool has_good_tag(const struct match_plan *plan, const struct tag *tag)
{
    return plan->roll_key == NULL || tag_is_good(tag, plan->roll_key);
}

/* A code of ours whose serial the plan does not have. */
static enum verdict_reason stranger_reason(const struct match_plan *plan, const struct tag *tag)
{
    const char *replaces = plan->roll->replaces;

    if (strncmp(tag->serial, plan->roll->number, ROLL_NUMBER_DIGITS) == 0) {
        if (!has_good_tag(plan, tag))
            return REASON_BAD_TAG;
        /* A bag that was made again has a new serial; the old one must not lie in the roll. */
        return plan->roll->version > 1 ? REASON_SUPERSEDED : REASON_CODE_WRONG;
    }
    if (replaces != NULL && strncmp(tag->serial, replaces, ROLL_NUMBER_DIGITS) == 0)
        return REASON_SUPERSEDED;
    for (size_t i = 0; i < plan->other_count; i++)
        if (strncmp(tag->serial, plan->others[i].roll, ROLL_NUMBER_DIGITS) == 0 &&
            !rw_text_equal(plan->others[i].client, plan->roll->client.id))
            return REASON_OTHER_CLIENT;
    return REASON_OTHER_ROLL;
}

void match_text(const struct match_plan *plan, const char *text, struct match *ret_match)
{
    struct match match = { .reason = REASON_CODE_WRONG };
    struct tag tag;

    (void)rw_text_copy(match.text, sizeof match.text, text); /* a cut text equals no plan */
    if (!tag_parse(text, &tag, NULL)) {
        *ret_match = match;
        return;
    }
    const struct bag *bag = roll_bag_find(plan->roll, tag.serial);
    if (bag == NULL) {
        match.reason = stranger_reason(plan, &tag);
    } else {
        match.in_plan = true;
        match.bag = (size_t)(bag - plan->roll->bags);
        bool is_planned = rw_text_equal(bag->code, text) && has_good_tag(plan, &tag);
        match.reason = is_planned ? REASON_NONE : REASON_BAD_TAG;
    }
    *ret_match = match;
}

void match_reading(const struct match_plan *plan, const struct reading *reading,
                   struct match *ret_match)
{
    struct gs1_string elements;
    char text[GS1_TEXT_MAX];

    if (reading->gs1 &&
        gs1_parse_bytes((const char *)reading->bytes, reading->length, &elements, NULL)) {
        gs1_write_bracketed(&elements, text);
        match_text(plan, text, ret_match);
        return;
    }
    *ret_match = (struct match){ .reason = REASON_CODE_WRONG };
    for (size_t i = 0; i < reading->length && i + 1 < sizeof ret_match->text; i++) {
        uint8_t byte = reading->bytes[i];
        ret_match->text[i] = byte >= ' ' && byte < 0x7F ? (char)byte : '?';
    }
}
