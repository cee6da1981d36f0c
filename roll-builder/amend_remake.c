/* SPDX-License-Identifier: Apache-2.0 */
/* Makes bags of a roll again under new serials. */
#include <string.h>

#include "core/base/text.h"
#include "core/model/tag.h"
#include "roll-builder/amend.h"
#include "roll-builder/seal.h"

/* Serials only rise, and the highest ever given is always in the roll: a bag that is made again
 * takes a higher one. So one more than the highest was never used. */
static bool highest_counter(const struct roll *roll, int32_t *ret_counter, struct rw_error *err)
{
    int64_t highest = 0;
    for (size_t i = 0; i < roll->bag_count; i++) {
        int64_t counter;
        const char *serial = roll->bags[i].serial;
        if (strlen(serial) != BAG_SERIAL_DIGITS ||
            !rw_text_to_int(serial + ROLL_NUMBER_DIGITS, 0, SEAL_COUNTER_MAX, &counter))
            return rw_error_set(err, RW_INVALID, "/bags", "a bag of the roll has no serial");
        highest = counter > highest ? counter : highest;
    }
    *ret_counter = (int32_t)highest;
    return true;
}

static bool check_serials(const struct roll *roll, const char *const *serials, size_t count,
                          struct rw_error *err)
{
    if (count == 0)
        return rw_error_set(err, RW_INVALID, "", "no bag is named that should be made again");
    for (size_t i = 0; i < count; i++) {
        if (roll_bag_find(roll, serials[i]) == NULL)
            return rw_error_set(err, RW_NOT_FOUND, "", "the roll has no bag with serial \"%s\"",
                                serials[i]);
        for (size_t j = 0; j < i; j++) {
            if (strcmp(serials[i], serials[j]) == 0)
                return rw_error_set(err, RW_INVALID, "", "serial \"%s\" is named twice",
                                    serials[i]);
        }
    }
    return true;
}

static bool is_named(const struct bag *bag, const char *const *serials, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(bag->serial, serials[i]) == 0)
            return true;
    }
    return false;
}

static bool seal_again(const struct roll *roll, struct bag *bag, int32_t counter,
                       const uint8_t *roll_key, struct rw_arena *arena, struct rw_error *err)
{
    struct tag tag;
    if (!tag_parse(bag->code, &tag, err))
        return false;
    const struct seal seal = { tag.profile == TAG_GS1 ? tag.gtin : NULL, roll_key };
    return seal_bag(roll, bag, counter, &seal, arena, err);
}

bool amend_remake(const struct roll *roll, const char *const *serials, size_t count,
                  const uint8_t *pharmacy_key, struct rw_arena *arena, struct roll **ret_roll,
                  struct rw_error *err)
{
    int32_t counter = 0;
    if (!check_serials(roll, serials, count, err) || !highest_counter(roll, &counter, err))
        return false;
    struct roll *again = rw_arena_alloc(arena, sizeof *again, err);
    struct bag *bags = rw_arena_array(arena, roll->bag_count, sizeof *bags, err);
    if (again == NULL || bags == NULL)
        return false;
    memcpy(bags, roll->bags, roll->bag_count * sizeof *bags);
    *again = *roll;
    again->bags = bags;
    again->version = roll->version + 1;
    again->fingerprint = NULL;
    uint8_t roll_key[RW_HMAC_KEY_BYTES];
    tag_roll_key(pharmacy_key, roll->number, roll_key);
    bool done = true;
    /* In the order of the roll, whatever the order in which the bags were named. */
    for (size_t i = 0; done && i < roll->bag_count; i++) {
        if (is_named(&roll->bags[i], serials, count))
            done = seal_again(again, &bags[i], ++counter, roll_key, arena, err);
    }
    rw_crypto_wipe(roll_key, sizeof roll_key);
    if (done)
        *ret_roll = again;
    return done;
}
