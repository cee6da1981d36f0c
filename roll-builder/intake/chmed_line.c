/* SPDX-License-Identifier: Apache-2.0 */
/* One position of an eMediplan on its way to an order line. */
#include "roll-builder/intake/chmed_line.h"

#include <string.h>

#include "core/base/text.h"
#include "core/model/quantity.h"

#define MOMENTS 4

void chmed_line_refuse(struct chmed_line *line, const struct json *at, const char *id,
                       const char *reason, const char *text)
{
    char pointer[JSON_POINTER_MAX];
    json_pointer(at, pointer);
    rw_diag_add(&line->order->findings, id, reason, RW_BLOCKS, pointer, "%s", text);
}

static bool is_type(const struct json *node, enum chmed_type type)
{
    int64_t number;
    int64_t milli;
    switch (type) {
    case CHMED_TEXT:
        return node->kind == JSON_TEXT;
    case CHMED_NUMBER:
        return node->kind == JSON_NUMBER &&
               quantity_parse(node->text, &milli) != QUANTITY_MALFORMED;
    case CHMED_WHOLE:
        return node->kind == JSON_NUMBER &&
               rw_text_to_int(node->text, -CHMED_WHOLE_MAX, CHMED_WHOLE_MAX, &number);
    case CHMED_FLAG:
        return node->kind == JSON_BOOL ||
               (node->kind == JSON_NUMBER && rw_text_to_int(node->text, 0, 1, &number));
    case CHMED_LIST:
        return node->kind == JSON_LIST;
    case CHMED_OBJECT:
        return node->kind == JSON_OBJECT;
    }
    return false;
}

void chmed_line_check(struct chmed_line *line, const struct json *node,
                      const struct chmed_member *members)
{
    for (; members->name != NULL; members++) {
        const struct json *member = json_member(node, members->name);
        if (member == NULL || member->kind == JSON_NULL || is_type(member, members->type))
            continue;
        chmed_line_refuse(line, member, "D9", "malformed-input",
                          "the value is not written as the format of an eMediplan says");
    }
}

const struct json *chmed_line_get(const struct json *node, const char *name, enum json_kind kind)
{
    const struct json *member = json_member(node, name);
    return member != NULL && member->kind == kind ? member : NULL;
}

const char *chmed_line_text(const struct json *node, const char *name)
{
    const struct json *member = chmed_line_get(node, name, JSON_TEXT);
    return member != NULL && member->text[0] != '\0' ? member->text : NULL;
}

bool chmed_line_whole(struct chmed_line *line, const struct json *node, const char *name,
                      int64_t min, int64_t *ret_number)
{
    const struct json *member = json_member(node, name);
    if (member == NULL || member->kind == JSON_NULL)
        return false;
    if (member->kind == JSON_NUMBER &&
        rw_text_to_int(member->text, min, CHMED_WHOLE_MAX, ret_number))
        return true;
    chmed_line_refuse(line, member, "D9", "malformed-input",
                      "the value is no whole number that may stand here");
    return false;
}

bool chmed_line_flag(const struct json *node, const char *name)
{
    const struct json *member = json_member(node, name);
    if (member == NULL)
        return false;
    return member->kind == JSON_BOOL
               ? member->truth
               : member->kind == JSON_NUMBER && strcmp(member->text, "0") != 0;
}

bool chmed_line_dose(struct chmed_line *line, const struct json *number,
                     struct dosing_dose *ret_dose, struct rw_error *err)
{
    char pointer[JSON_POINTER_MAX];
    *ret_dose = line->base.dose;
    json_pointer(number, pointer);
    ret_dose->pointer = rw_arena_text(line->arena, pointer, err);
    if (ret_dose->pointer == NULL)
        return false;
    enum quantity_reading reading = QUANTITY_MALFORMED;
    if (number->kind == JSON_NUMBER)
        reading = quantity_parse(number->text, &ret_dose->milli);
    ret_dose->given = reading != QUANTITY_MALFORMED;
    ret_dose->finer = reading == QUANTITY_FINER;
    if (reading == QUANTITY_MALFORMED || reading == QUANTITY_OUT_OF_RANGE ||
        (reading == QUANTITY_EXACT && ret_dose->milli < 0))
        chmed_line_refuse(line, number, "D9", "malformed-input",
                          "the value is no amount that anyone can take");
    return true;
}

bool chmed_line_add(struct chmed_line *line, const struct dosing *dosing, struct rw_error *err)
{
    struct order *order = line->order;
    if (order->dosing_count == ORDER_DOSINGS_MAX) {
        rw_diag_add(&order->findings, "D9", "malformed-input", RW_BLOCKS, order->pointer,
                    "the position has more than %d dosages", ORDER_DOSINGS_MAX);
        return true;
    }
    if (!rw_arena_grow(line->arena, &order->dosings, &line->room, order->dosing_count,
                       sizeof(*order->dosings), ORDER_DOSINGS_MAX, err))
        return false;
    order->dosings[order->dosing_count++] = *dosing;
    return true;
}

void chmed_line_slot(struct chmed_line *line, const struct json *at, const struct chmed_slot *slot,
                     struct chmed_slots *slots)
{
    for (size_t i = 0; i < slots->count; i++) {
        const struct chmed_slot *other = &slots->list[i];
        if (other->minute == slot->minute && rw_text_equal(other->when, slot->when)) {
            chmed_line_refuse(line, at, "D17", "invalid-timing", "two doses stand at one time");
            return;
        }
    }
    if (slots->count == CHMED_SLOTS_MAX) {
        chmed_line_refuse(line, at, "A16", "too-many-intakes",
                          "more times than one dosage may have");
        return;
    }
    slots->list[slots->count++] = *slot;
}

static bool is_exact(const struct chmed_slot *slot)
{
    return slot->dose.given && !slot->dose.is_range && !slot->dose.finer && !slot->has_duration;
}

static bool is_zero(const struct chmed_slot *slot)
{
    return is_exact(slot) && slot->dose.milli == 0;
}

static bool same_dose(const struct chmed_slot *one, const struct chmed_slot *two)
{
    return is_exact(one) && is_exact(two) && one->dose.milli == two->dose.milli;
}

static void add_time(struct dosing *dosing, const struct chmed_slot *slot)
{
    if (slot->when != NULL)
        dosing->when[dosing->when_count++] = slot->when;
    if (slot->minute < 0)
        return;
    size_t at = dosing->time_count++;
    for (; at > 0 && dosing->times[at - 1] > slot->minute; at--)
        dosing->times[at] = dosing->times[at - 1];
    dosing->times[at] = slot->minute;
}

bool chmed_line_add_slots(struct chmed_line *line, const struct dosing *pattern,
                          const struct chmed_slots *slots, bool together, struct rw_error *err)
{
    bool done[CHMED_SLOTS_MAX] = { false };
    bool only_zeros = true;
    for (size_t i = 0; i < slots->count; i++)
        only_zeros = only_zeros && is_zero(&slots->list[i]);
    for (size_t i = 0; i < slots->count; i++) {
        const struct chmed_slot *first = &slots->list[i];
        struct dosing dosing = *pattern;
        int64_t members = 0;
        if (done[i] || (is_zero(first) && !only_zeros))
            continue;
        dosing.dose = first->dose;
        dosing.dose_count = 1;
        dosing.has_duration = first->has_duration;
        for (size_t at = i; at < slots->count; at++) {
            const struct chmed_slot *slot = &slots->list[at];
            bool same = together && (pattern->as_needed || same_dose(first, slot));
            if (at > i && (done[at] || !same))
                continue;
            add_time(&dosing, slot);
            done[at] = true;
            members++;
        }
        dosing.frequency = pattern->frequency * members;
        if (!chmed_line_add(line, &dosing, err))
            return false;
    }
    return true;
}

const char *chmed_line_moment(int64_t index)
{
    static const char *const codes[MOMENTS] = { "MORN", "NOON", "EVE", "NIGHT" };
    return index >= 0 && index < MOMENTS ? codes[index] : NULL;
}

bool chmed_line_moments(struct chmed_line *line, const struct json *list, struct rw_error *err)
{
    struct chmed_slots slots = { 0 };
    struct dosing pattern = line->base;
    pattern.has_timing = true;
    pattern.has_repeat = true;
    pattern.frequency = 1;
    pattern.period_milli = 1000;
    pattern.period_unit = DOSING_DAY;
    for (const struct json *number = list->first; number != NULL; number = number->next) {
        struct chmed_slot slot = { .when = chmed_line_moment(number->index), .minute = -1 };
        if (slot.when == NULL) {
            chmed_line_refuse(line, number, "D9", "malformed-input",
                              "a day has four moments, not more");
            return true;
        }
        if (!chmed_line_dose(line, number, &slot.dose, err))
            return false;
        chmed_line_slot(line, number, &slot, &slots);
    }
    bool zero = slots.count > 0;
    for (size_t i = 0; i < slots.count; i++)
        zero = zero && is_zero(&slots.list[i]);
    if (zero)
        rw_diag_add(&line->order->findings, "D15", "all-doses-zero", RW_OVERRIDABLE,
                    line->order->pointer, "every dose is 0, so that nothing is planned");
    return chmed_line_add_slots(line, &pattern, &slots, true, err);
}
