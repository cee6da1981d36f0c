/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers a roll's bags and signs their codes. */
#include "roll-builder/seal.h"

#include <assert.h>
#include <string.h>

#include "core/base/text.h"
#include "core/model/tag.h"

void seal_number(struct roll *roll)
{
    assert(roll->bag_count >= 2);
    const int32_t doses = (int32_t)roll->bag_count - 2;
    for (int32_t i = 0; i < (int32_t)roll->bag_count; i++) {
        roll->bags[i].n = i;
        roll->bags[i].of = doses;
        roll->bags[i].part = 1;
        roll->bags[i].parts = 1;
    }
    for (int32_t start = 1, end; start <= doses; start = end) {
        const int64_t minute = rw_stamp_utc_minute(roll->bags[start].at);
        for (end = start + 1; end <= doses; end++) {
            if (rw_stamp_utc_minute(roll->bags[end].at) != minute)
                break;
        }
        for (int32_t i = start; i < end; i++) {
            roll->bags[i].part = i - start + 1;
            roll->bags[i].parts = end - start;
        }
    }
}

/* "2026-12-31" -> "261231". */
static void write_expiry(const char *date, char ret_expiry[7])
{
    static const size_t places[] = { 2, 3, 5, 6, 8, 9 };
    assert(strlen(date) == 10);
    for (size_t i = 0; i < RW_COUNT(places); i++)
        ret_expiry[i] = date[places[i]];
    ret_expiry[6] = '\0';
}

/* What the codes of one roll share. */
struct sealing {
    const struct roll *roll;
    const char *gtin;
    struct rw_hmac key;
};

static void begin_sealing(const struct roll *roll, const struct seal *seal,
                          struct sealing *ret_sealing)
{
    ret_sealing->roll = roll;
    ret_sealing->gtin = seal->gtin;
    rw_hmac_begin(&ret_sealing->key, seal->roll_key, RW_HMAC_KEY_BYTES);
}

static bool seal_one(const struct sealing *sealing, struct bag *bag, int32_t counter,
                     struct rw_arena *arena, struct rw_error *err)
{
    const struct roll *roll = sealing->roll;
    const char *gtin = sealing->gtin;
    if (counter > SEAL_COUNTER_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "the roll has no free serial left");
    struct tag tag = { .profile = gtin != NULL ? TAG_GS1 : TAG_INTERNAL };
    char code[BAG_CODE_MAX];
    (void)rw_text_copy(tag.serial, sizeof tag.serial, roll->number); /* 9 of 12 digits */
    rw_text_write_digits(tag.serial + ROLL_NUMBER_DIGITS, (uint32_t)counter,
                         BAG_SERIAL_DIGITS - ROLL_NUMBER_DIGITS);
    bag->serial = rw_arena_text(arena, tag.serial, err);
    if (bag->serial == NULL)
        return false;
    tag_time(bag->kind == BAG_DOSE ? bag->at : roll->bags[0].at, tag.time);
    if (gtin != NULL) {
        if (!rw_text_copy(tag.gtin, sizeof tag.gtin, gtin))
            return rw_error_set(err, RW_INVALID, "/gtin", "a GTIN has 14 digits");
        assert(bag->use_by != NULL);
        write_expiry(bag->use_by, tag.expiry);
    }
    if (!tag_sign_ready(&tag, &sealing->key, code, err))
        return false;
    bag->code = rw_arena_text(arena, code, err);
    return bag->code != NULL;
}

bool seal_bag(const struct roll *roll, struct bag *bag, int32_t counter, const struct seal *seal,
              struct rw_arena *arena, struct rw_error *err)
{
    struct sealing sealing;
    begin_sealing(roll, seal, &sealing);
    const bool done = seal_one(&sealing, bag, counter, arena, err);
    rw_crypto_wipe(&sealing.key, sizeof sealing.key);
    return done;
}

bool seal_roll(struct roll *roll, const struct seal *seal, struct rw_arena *arena,
               struct rw_error *err)
{
    struct sealing sealing;
    bool done = true;
    begin_sealing(roll, seal, &sealing);
    for (size_t i = 0; done && i < roll->bag_count; i++)
        done = seal_one(&sealing, &roll->bags[i], (int32_t)i, arena, err);
    rw_crypto_wipe(&sealing.key, sizeof sealing.key);
    return done;
}
