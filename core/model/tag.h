/* SPDX-License-Identifier: Apache-2.0 */
/* Writes and checks the signed code of a bag, in both profiles. */
#ifndef RW_CORE_MODEL_TAG_H
#define RW_CORE_MODEL_TAG_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/model/bag.h"
#include "core/model/roll.h"

#define TAG_DIGITS_MAX 21 /* 20 digits and the NUL */

enum tag_profile { TAG_INTERNAL, TAG_GS1, TAG_PROFILE_COUNT };

/* What a code says. Texts are copies, NUL-terminated. */
struct tag {
    enum tag_profile profile;
    char gtin[15];  /* gs1 only */
    char expiry[7]; /* gs1 only: YYMMDD */
    char serial[BAG_SERIAL_MAX];
    char time[11];               /* YYMMDDHHMM local */
    char digits[TAG_DIGITS_MAX]; /* 19 digits (gs1) or 20 (internal) */
};

/* K_roll = HMAC-SHA-256(K_pharmacy, "BAXROL1/roll" NUL number). */
void tag_roll_key(const uint8_t pharmacy_key[RW_HMAC_KEY_BYTES], const char *roll_number,
                  uint8_t ret_key[RW_HMAC_KEY_BYTES]);
/* Fills `digits` of a tag whose other members are set, and writes its bracketed text. */
RW_MUST_USE bool tag_sign(struct tag *tag, const uint8_t roll_key[RW_HMAC_KEY_BYTES],
                          char ret_code[BAG_CODE_MAX], struct rw_error *err);
/* The same with the roll's key made ready by rw_hmac_begin, for many bags. */
RW_MUST_USE bool tag_sign_ready(struct tag *tag, const struct rw_hmac *roll_key,
                                char ret_code[BAG_CODE_MAX], struct rw_error *err);
/* Reads a bracketed text of ours; an unknown version digit or another layout is RW_INVALID. */
RW_MUST_USE bool tag_parse(const char *code, struct tag *ret_tag, struct rw_error *err);
/* Is the tag the one that this key makes? Constant time. */
bool tag_is_good(const struct tag *tag, const uint8_t roll_key[RW_HMAC_KEY_BYTES]);
bool tag_is_good_ready(const struct tag *tag, const struct rw_hmac *roll_key);
/* Was the code of that bag made with the key, and for this bag of this roll? */
bool tag_is_of_bag(const struct roll *roll, size_t index, const struct rw_hmac *roll_key);
/* The wall time of a stamp as YYMMDDHHMM. */
void tag_time(struct rw_stamp at, char ret_time[11]);

#endif
