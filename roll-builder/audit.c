/* SPDX-License-Identifier: Apache-2.0 */
/* Recounts a roll from its orders, bag by bag and intake by intake. */
#include "roll-builder/audit.h"

#include <string.h>

#include "core/base/text.h"
#include "core/model/tag.h"

static bool wrong(struct rw_error *err, const char *at, const char *what)
{
    return rw_error_set(err, RW_BUG, at, "the roll does not balance: %s", what);
}

static bool check_place(const struct roll *roll, size_t index, struct rw_error *err)
{
    const struct bag *bag = &roll->bags[index];
    const size_t last = roll->bag_count - 1;
    const enum bag_kind kind = index == 0 ? BAG_HEADER : index == last ? BAG_TRAILER : BAG_DOSE;
    if (bag->kind != kind || bag->n != (int32_t)index || bag->of != (int32_t)last - 1)
        return wrong(err, bag->serial, "a bag is not in its place");
    if ((bag->content_count == 0) != (kind != BAG_DOSE))
        return wrong(err, bag->serial, "a dose is empty or another bag is filled");
    if (index > 0 && rw_stamp_utc_minute(bag->at) < rw_stamp_utc_minute(roll->bags[index - 1].at))
        return wrong(err, bag->serial, "a bag lies before an earlier one");
    return true;
}

/* Parts count all dose bags of one time: "1 of 2", then "2 of 2". */
static bool check_parts(const struct roll *roll, size_t index, struct rw_error *err)
{
    const struct bag *bag = &roll->bags[index];
    int32_t before = 0;
    int32_t same = 0;
    for (size_t i = 1; i + 1 < roll->bag_count; i++) {
        const bool now = rw_stamp_utc_minute(roll->bags[i].at) == rw_stamp_utc_minute(bag->at);
        same += now;
        before += now && i < index;
    }
    const bool good = bag->kind == BAG_DOSE ? bag->part == before + 1 && bag->parts == same
                                            : bag->part == 1 && bag->parts == 1;
    return good || wrong(err, bag->serial, "the parts of a moment are miscounted");
}

static bool check_code(const struct roll *roll, size_t index, const struct rw_hmac *roll_key,
                       struct rw_error *err)
{
    const struct bag *bag = &roll->bags[index];
    if (!tag_is_of_bag(roll, index, roll_key))
        return wrong(err, bag->serial, "a code does not say what its bag is");
    for (size_t i = 0; i < index; i++) { /* they and this one have the digits of a tag */
        if (memcmp(roll->bags[i].serial, bag->serial, BAG_SERIAL_DIGITS) == 0)
            return wrong(err, bag->serial, "a serial stands on two bags");
    }
    return true;
}

static bool check_limits(const struct bag *bag, const struct audit_facts *facts,
                         struct rw_error *err)
{
    int64_t pieces = 0;
    int64_t volume_ul = 0;
    for (size_t i = 0; i < bag->content_count; i++) {
        if (bag->contents[i].milli <= 0)
            return wrong(err, bag->serial, "a bag holds nothing of a product");
        const int64_t count = bag->contents[i].milli / 1000 + (bag->contents[i].milli % 1000 != 0);
        pieces += count;
        volume_ul += count * bag->contents[i].volume_ul;
    }
    return (pieces <= facts->pieces_max && bag->content_count <= (size_t)facts->products_max &&
            (facts->volume_max_ul == 0 || volume_ul <= facts->volume_max_ul)) ||
           wrong(err, bag->serial, "a bag holds more than it may");
}

static int64_t amount_in(const struct bag *bag, const char *label)
{
    int64_t sum = 0;
    for (size_t i = 0; i < bag->content_count; i++) {
        if (bag->contents[i].order == label || strcmp(bag->contents[i].order, label) == 0)
            sum += bag->contents[i].milli;
    }
    return sum;
}

static int64_t amount_outside(const struct roll_outside *lines, size_t count, const char *label)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(lines[i].order, label) == 0 && lines[i].milli > 0)
            sum += lines[i].milli;
    }
    return sum;
}

/* What the order asks for at one time, in exact or in other intakes. */
static int64_t amount_asked(const struct audit_order *order, int64_t minute, bool exact)
{
    int64_t sum = 0;
    for (size_t i = 0; i < order->count; i++) {
        if (rw_stamp_utc_minute(order->intakes[i].at) == minute && order->intakes[i].exact == exact)
            sum += order->intakes[i].milli;
    }
    return sum;
}

/* Each time at which the order is packed holds exactly what it asks for then. */
static bool check_times(const struct roll *roll, const struct audit_order *order,
                        int64_t *ret_packed, struct rw_error *err)
{
    int64_t packed = 0;
    for (size_t i = 1, end; i + 1 < roll->bag_count; i = end) {
        const int64_t minute = rw_stamp_utc_minute(roll->bags[i].at);
        int64_t found[2] = { 0, 0 };
        for (end = i; end + 1 < roll->bag_count; end++) {
            const struct bag *bag = &roll->bags[end];
            if (rw_stamp_utc_minute(bag->at) != minute)
                break;
            found[bag->exact] += amount_in(bag, order->label);
        }
        if (found[0] + found[1] == 0)
            continue;
        if (order->replaced || found[0] != amount_asked(order, minute, false) ||
            found[1] != amount_asked(order, minute, true))
            return wrong(err, order->label, "a moment holds another amount than was ordered");
        packed += found[0] + found[1];
    }
    *ret_packed = packed;
    return true;
}

static bool count_order(const struct roll *roll, const struct audit_order *order,
                        struct roll_audit *sums, struct rw_error *err)
{
    int64_t packed = 0;
    int64_t ordered = 0;
    if (!check_times(roll, order, &packed, err))
        return false;
    for (size_t i = 0; !order->replaced && i < order->count; i++)
        ordered += order->intakes[i].milli;
    const int64_t loose = amount_outside(roll->loose, roll->loose_count, order->label);
    const int64_t excluded = amount_outside(roll->excluded, roll->excluded_count, order->label);
    if (ordered != packed + loose + excluded)
        return wrong(err, order->label, "an order is not accounted for to the thousandth");
    sums->ordered_milli += ordered;
    sums->packed_milli += packed;
    sums->loose_milli += loose;
    sums->excluded_milli += excluded;
    return true;
}

static const struct audit_order *find_order(const struct audit_facts *facts, const char *label)
{
    for (size_t i = 0; i < facts->count; i++) {
        if (facts->orders[i].label == label) /* mostly the same text, not only an equal one */
            return &facts->orders[i];
    }
    for (size_t i = 0; i < facts->count; i++) {
        if (strcmp(facts->orders[i].label, label) == 0)
            return &facts->orders[i];
    }
    return NULL;
}

/* What the order has of one bag's time, whatever bags it was divided over: they are neighbours. */
static int64_t amount_at(const struct roll *roll, size_t index, const char *label)
{
    const struct bag *bag = &roll->bags[index];
    const int64_t minute = rw_stamp_utc_minute(bag->at);
    int64_t sum = 0;
    while (index > 0 && rw_stamp_utc_minute(roll->bags[index - 1].at) == minute)
        index--;
    for (; index < roll->bag_count && rw_stamp_utc_minute(roll->bags[index].at) == minute;
         index++) {
        if (roll->bags[index].exact == bag->exact)
            sum += amount_in(&roll->bags[index], label);
    }
    return sum;
}

static bool is_asked(const struct audit_order *order, const struct bag *bag,
                     const struct roll_reason *reason)
{
    const int64_t minute = rw_stamp_utc_minute(bag->at);
    size_t first = 0; /* the intakes ascend: the first that is not before the bag */
    for (size_t end = order->count; first < end;) {
        const size_t middle = first + (end - first) / 2;
        if (rw_stamp_utc_minute(order->intakes[middle].at) < minute)
            first = middle + 1;
        else
            end = middle;
    }
    for (size_t i = first; i < order->count; i++) {
        const struct intake *intake = &order->intakes[i];
        if (rw_stamp_utc_minute(intake->at) != minute)
            break;
        if (intake->exact == bag->exact && intake->milli == reason->milli &&
            rw_text_equal(intake->rule, reason->rule))
            return true;
    }
    return false;
}

/* Each piece is the product that its order asks for, and its reasons ask for just this amount. */
static bool check_why(const struct roll *roll, size_t index, const struct audit_facts *facts,
                      struct rw_error *err)
{
    const struct bag *bag = &roll->bags[index];
    for (size_t i = 0; i < bag->content_count; i++) {
        const struct bag_content *content = &bag->contents[i];
        const struct audit_order *order = find_order(facts, content->order);
        int64_t asked = 0;
        if (order == NULL || order->product == NULL ||
            strcmp(order->product, content->product) != 0)
            return wrong(err, bag->serial, "a bag holds another product than was ordered");
        for (size_t j = 0; j < content->why_count; j++) {
            if (content->why[j] >= roll->reason_count)
                return wrong(err, bag->serial, "a piece names a reason that is none");
            const struct roll_reason *reason = &roll->reasons[content->why[j]];
            if (strcmp(reason->order, content->order) != 0 || !is_asked(order, bag, reason))
                return wrong(err, bag->serial, "a piece names the reason of another");
            asked += reason->milli;
        }
        if (asked != amount_at(roll, index, content->order))
            return wrong(err, bag->serial, "the reasons of a piece ask for another amount");
    }
    return true;
}

static bool is_product(const struct audit_order *order, const char *product)
{
    return order->product == product ||
           (order->product != NULL && product != NULL && strcmp(order->product, product) == 0);
}

/* One product's balance, summed from its orders and from what the roll really lists. */
static bool check_balance(const struct roll *roll, const struct audit_facts *facts,
                          const struct roll_balance *said, struct rw_error *err)
{
    struct roll_balance sums = { .product = said->product };
    for (size_t i = 0; i < facts->count; i++) {
        const struct audit_order *order = &facts->orders[i];
        if (!is_product(order, said->product))
            continue;
        for (size_t j = 0; !order->replaced && j < order->count; j++)
            sums.ordered_milli += order->intakes[j].milli;
        for (size_t j = 0; j < roll->bag_count; j++)
            sums.packed_milli += amount_in(&roll->bags[j], order->label);
        sums.loose_milli += amount_outside(roll->loose, roll->loose_count, order->label);
        sums.excluded_milli += amount_outside(roll->excluded, roll->excluded_count, order->label);
    }
    return (sums.ordered_milli == sums.packed_milli + sums.loose_milli + sums.excluded_milli &&
            sums.ordered_milli == said->ordered_milli && sums.packed_milli == said->packed_milli &&
            sums.loose_milli == said->loose_milli && sums.excluded_milli == said->excluded_milli) ||
           wrong(err, said->product != NULL ? said->product : "",
                 "a product is not accounted for to the thousandth");
}

static bool check_balances(const struct roll *roll, const struct audit_facts *facts,
                           struct rw_error *err)
{
    int64_t ordered = 0;
    for (size_t i = 0; i < roll->balance_count; i++) {
        if (!check_balance(roll, facts, &roll->balances[i], err))
            return false;
        ordered += roll->balances[i].ordered_milli;
    }
    return ordered == roll->audit.ordered_milli ||
           wrong(err, "", "the products do not add up to the roll");
}

static bool labels_differ(const struct audit_facts *facts)
{
    for (size_t i = 0; i < facts->count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (strcmp(facts->orders[i].label, facts->orders[j].label) == 0)
                return false;
        }
    }
    return true;
}

/* Nothing in the roll belongs to an order that is not there. */
static bool check_total(const struct roll *roll, const struct roll_audit *sums,
                        struct rw_error *err)
{
    int64_t in_bags = 0;
    for (size_t i = 0; i < roll->bag_count; i++)
        in_bags += bag_total_milli(&roll->bags[i]);
    if (in_bags != sums->packed_milli)
        return wrong(err, "", "a bag holds what nobody ordered");
    const struct roll_audit *said = &roll->audit;
    return (said->ordered_milli == sums->ordered_milli &&
            said->packed_milli == sums->packed_milli && said->loose_milli == sums->loose_milli &&
            said->excluded_milli == sums->excluded_milli && roll_balances(said)) ||
           wrong(err, "", "the sums written in it are not those of its orders");
}

static bool check_bags(const struct roll *roll, const struct audit_facts *facts,
                       struct rw_error *err)
{
    struct rw_hmac key;
    bool good = true;
    rw_hmac_begin(&key, facts->roll_key, RW_HMAC_KEY_BYTES);
    for (size_t i = 0; good && i < roll->bag_count; i++)
        good = check_place(roll, i, err) && check_parts(roll, i, err) &&
               check_code(roll, i, &key, err) && check_limits(&roll->bags[i], facts, err);
    rw_crypto_wipe(&key, sizeof key);
    return good;
}

bool audit_roll(const struct roll *roll, const struct audit_facts *facts, struct rw_error *err)
{
    struct roll_audit sums = { 0 };
    if (roll->bag_count < 2)
        return wrong(err, "", "header or trailer is missing");
    if (!labels_differ(facts))
        return wrong(err, "", "two orders have one name");
    if (!check_bags(roll, facts, err))
        return false;
    for (size_t i = 0; i < facts->count; i++) {
        if (!count_order(roll, &facts->orders[i], &sums, err))
            return false;
    }
    if (!check_total(roll, &sums, err) || !check_balances(roll, facts, err))
        return false;
    for (size_t i = 0; i < roll->bag_count; i++) {
        if (!check_why(roll, i, facts, err))
            return false;
    }
    return true;
}
