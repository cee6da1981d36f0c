/* SPDX-License-Identifier: Apache-2.0 */
/* Reads why pieces lie where they do, and who took which finding. */
#include "core/json/roll_json_why.h"

#include "core/base/text.h"
#include "core/json/roll_json.h"
#include "core/model/quantity.h"

#define PRODUCTS_MAX 1024 /* of one roll: no client has more orders */

/* A list that may be absent; NULL then. */
static bool find_list(const struct json *node, const char *name, int32_t max,
                      const struct json **ret_list, struct rw_error *err)
{
    *ret_list = json_member(node, name);
    if (*ret_list == NULL)
        return true;
    if ((*ret_list)->kind != JSON_LIST)
        return json_list(node, name, ret_list, err); /* says what is wrong */
    return (*ret_list)->count <= max ||
           json_refuse(*ret_list, "the list has more rows than a roll may have", err);
}

static bool read_reason(const struct json *node, struct roll_reason *ret, struct rw_error *err)
{
    int64_t phase;
    if (!json_text(node, "order", &ret->order, err) ||
        !json_text(node, "dosage", &ret->dosage, err) ||
        !json_int_or(node, "phase", INT32_MIN, INT32_MAX, 0, &phase, err) ||
        !json_text(node, "rule", &ret->rule, err) ||
        !json_int(node, "milli", 1, QUANTITY_MILLI_MAX, &ret->milli, err))
        return false;
    ret->phase = (int32_t)phase;
    return true;
}

bool roll_json_why_reasons(const struct json *root, struct rw_arena *arena, struct roll *roll,
                           struct rw_error *err)
{
    const struct json *list;
    if (!find_list(root, "reasons", ROLL_REASONS_MAX, &list, err))
        return false;
    if (list == NULL)
        return true;
    roll->reasons = rw_arena_array(arena, (size_t)list->count, sizeof *roll->reasons, err);
    if (roll->reasons == NULL)
        return false;
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        if (!read_reason(node, &roll->reasons[roll->reason_count++], err))
            return false;
    }
    return true;
}

bool roll_json_why_overrides(const struct json *root, struct rw_arena *arena, struct roll *roll,
                             struct rw_error *err)
{
    const struct json *list;
    if (!find_list(root, "overrides", RW_DIAG_FINDINGS_MAX, &list, err))
        return false;
    if (list == NULL)
        return true;
    roll->overrides = rw_arena_array(arena, (size_t)list->count, sizeof *roll->overrides, err);
    if (roll->overrides == NULL)
        return false;
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        struct roll_override *override = &roll->overrides[roll->override_count++];
        if (!json_text(node, "id", &override->id, err) ||
            !json_text(node, "reason", &override->reason, err) ||
            !json_text(node, "pointer", &override->pointer, err) ||
            !json_text(node, "by", &override->by, err) ||
            !json_text(node, "why", &override->why, err))
            return false;
    }
    return true;
}

static bool read_balance(const struct json *node, struct roll_balance *ret, struct rw_error *err)
{
    if (!json_text_or(node, "product", NULL, &ret->product, err) ||
        !json_int(node, "ordered_milli", 0, ROLL_JSON_SUM_MAX, &ret->ordered_milli, err) ||
        !json_int(node, "packed_milli", 0, ROLL_JSON_SUM_MAX, &ret->packed_milli, err) ||
        !json_int(node, "loose_milli", 0, ROLL_JSON_SUM_MAX, &ret->loose_milli, err) ||
        !json_int(node, "excluded_milli", 0, ROLL_JSON_SUM_MAX, &ret->excluded_milli, err))
        return false;
    return ret->ordered_milli == ret->packed_milli + ret->loose_milli + ret->excluded_milli ||
           json_refuse(node, "the product does not balance", err);
}

/* What lies in the bags of one product is what its balance says. */
static bool is_in_bags(const struct roll *roll, const struct roll_balance *balance)
{
    int64_t packed = 0;
    for (size_t i = 0; i < roll->bag_count; i++) {
        const struct bag *bag = &roll->bags[i];
        for (size_t j = 0; j < bag->content_count; j++) {
            if (rw_text_equal(bag->contents[j].product, balance->product))
                packed += bag->contents[j].milli;
        }
    }
    return packed == balance->packed_milli;
}

bool roll_json_why_balances(const struct json *audit, struct rw_arena *arena, struct roll *roll,
                            struct rw_error *err)
{
    const struct json *list;
    struct roll_audit sums = { 0 };
    if (!find_list(audit, "products", PRODUCTS_MAX, &list, err))
        return false;
    if (list == NULL || list->count == 0) /* a roll of before, made again */
        return true;
    roll->balances = rw_arena_array(arena, (size_t)list->count, sizeof *roll->balances, err);
    if (roll->balances == NULL)
        return false;
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        struct roll_balance *balance = &roll->balances[roll->balance_count++];
        if (!read_balance(node, balance, err))
            return false;
        if (!is_in_bags(roll, balance))
            return json_refuse(node, "the bags hold another amount of this product", err);
        sums.ordered_milli += balance->ordered_milli;
        sums.packed_milli += balance->packed_milli;
        sums.loose_milli += balance->loose_milli;
        sums.excluded_milli += balance->excluded_milli;
    }
    return (sums.ordered_milli == roll->audit.ordered_milli &&
            sums.packed_milli == roll->audit.packed_milli &&
            sums.loose_milli == roll->audit.loose_milli &&
            sums.excluded_milli == roll->audit.excluded_milli) ||
           json_refuse(list, "the products do not add up to the audit of the roll", err);
}

bool roll_json_why_content(const struct json *node, const struct roll *roll, struct rw_arena *arena,
                           struct bag_content *content, struct rw_error *err)
{
    const struct json *list;
    if (!find_list(node, "why", ROLL_REASONS_MAX, &list, err))
        return false;
    if (list == NULL)
        return true;
    uint16_t *why = rw_arena_array(arena, (size_t)list->count, sizeof *why, err);
    if (why == NULL)
        return false;
    for (const struct json *row = list->first; row != NULL; row = row->next) {
        int64_t index;
        if (row->kind != JSON_NUMBER ||
            !rw_text_to_int(row->text, 0, (int64_t)roll->reason_count - 1, &index))
            return json_refuse(row, "the roll has no such reason", err);
        why[content->why_count++] = (uint16_t)index;
    }
    content->why = why;
    return true;
}
