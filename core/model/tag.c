/* SPDX-License-Identifier: Apache-2.0 */
/* Writes and checks the signed code of a bag, in both profiles. */
#include "core/model/tag.h"

#include <assert.h>
#include <string.h>

#include "core/base/date.h"
#include "core/base/text.h"
#include "core/model/gs1.h"

#define TAG_VERSION "1"    /* this layout; any other digit is refused */
#define TAG_TIME_DIGITS 10 /* YYMMDDHHMM */
#define TAG_GROUP 1000000000U
#define TAG_GROUP_DIGITS 9
#define TAG_MAC_BYTES 16 /* of the HMAC, read as one big-endian number */

static const char bag_label[] = "BAXROL1/bag"; /* its NUL is part of what is hashed */
static const char roll_label[] = "BAXROL1/roll";

static size_t tag_digits(enum tag_profile profile)
{
    return profile == TAG_GS1 ? 19 : 20;
}

void tag_roll_key(const uint8_t pharmacy_key[RW_HMAC_KEY_BYTES], const char *roll_number,
                  uint8_t ret_key[RW_HMAC_KEY_BYTES])
{
    char text[sizeof(roll_label) + BAG_SERIAL_MAX];
    memcpy(text, roll_label, sizeof(roll_label));
    size_t digits = strlen(roll_number);
    digits = digits < BAG_SERIAL_MAX ? digits : BAG_SERIAL_MAX;
    memcpy(text + sizeof(roll_label), roll_number, digits);
    rw_hmac_sha256(pharmacy_key, RW_HMAC_KEY_BYTES, text, sizeof(roll_label) + digits, ret_key);
}

void tag_time(struct rw_stamp at, char ret_time[11])
{
    struct rw_civil civil = rw_date_civil(at.wall.day);
    unsigned parts[5] = { (unsigned)civil.year % 100, (unsigned)civil.month % 100,
                          (unsigned)civil.day % 100, (unsigned)at.wall.minute / 60 % 100,
                          (unsigned)at.wall.minute % 60 };
    for (size_t i = 0; i < 5; i++) {
        ret_time[2 * i] = (char)('0' + parts[i] / 10);
        ret_time[2 * i + 1] = (char)('0' + parts[i] % 10);
    }
    ret_time[TAG_TIME_DIGITS] = '\0';
}

/* Text that is put together in a room of BAG_CODE_MAX bytes, which no tag fills. */
struct line {
    char *room;
    size_t length;
};

static void put(struct line *line, const char *text)
{
    const size_t length = strlen(text);
    assert(length < BAG_CODE_MAX - line->length);
    memcpy(line->room + line->length, text, length + 1);
    line->length += length;
}

/* The element string up to the tag's digits: what is signed, without a leading FNC1. */
static size_t signed_text(const struct tag *tag, char room[BAG_CODE_MAX])
{
    struct line line = { .room = room };
    if (tag->profile == TAG_GS1) {
        put(&line, "01");
        put(&line, tag->gtin);
        put(&line, "17");
        put(&line, tag->expiry);
        put(&line, "21");
        put(&line, tag->serial);
        put(&line, "\x1d"
                   "90" TAG_VERSION);
    } else {
        put(&line, "91" TAG_VERSION);
        put(&line, tag->serial);
    }
    put(&line, tag->time);
    return line.length;
}

/* Divides the number by 10^9 and gives what is left. */
static uint32_t divide(uint32_t words[TAG_MAC_BYTES / 4])
{
    uint64_t rest = 0;
    for (size_t i = 0; i < TAG_MAC_BYTES / 4; i++) {
        const uint64_t value = rest << 32 | words[i];
        words[i] = (uint32_t)(value / TAG_GROUP);
        rest = value % TAG_GROUP;
    }
    return (uint32_t)rest;
}

/* 128 bits modulo 10^digits, decimal, zero padded: divided by 10^9 again and again, which gives
 * nine digits at a time. */
static void to_digits(const uint8_t mac[RW_SHA256_BYTES], size_t digits, char ret[TAG_DIGITS_MAX])
{
    uint32_t words[TAG_MAC_BYTES / 4];
    uint32_t rest = 0;
    for (size_t i = 0; i < RW_COUNT(words); i++)
        words[i] = (uint32_t)mac[4 * i] << 24 | (uint32_t)mac[4 * i + 1] << 16 |
                   (uint32_t)mac[4 * i + 2] << 8 | mac[4 * i + 3];
    for (size_t done = 0; done < digits; done++) {
        if (done % TAG_GROUP_DIGITS == 0)
            rest = divide(words);
        ret[digits - 1 - done] = (char)('0' + rest % 10);
        rest /= 10;
    }
    ret[digits] = '\0';
}

static void make_digits(const struct tag *tag, const struct rw_hmac *roll_key,
                        char ret_digits[TAG_DIGITS_MAX])
{
    char text[sizeof(bag_label) + BAG_CODE_MAX];
    memcpy(text, bag_label, sizeof(bag_label));
    size_t length = signed_text(tag, text + sizeof(bag_label));
    uint8_t mac[RW_SHA256_BYTES];
    rw_hmac_of(roll_key, text, sizeof(bag_label) + length, mac);
    to_digits(mac, tag_digits(tag->profile), ret_digits);
}

static bool write_code(const struct tag *tag, char ret_code[BAG_CODE_MAX], struct rw_error *err)
{
    struct line line = { .room = ret_code };
    if (tag->profile == TAG_GS1) {
        put(&line, "(01)");
        put(&line, tag->gtin);
        put(&line, "(17)");
        put(&line, tag->expiry);
        put(&line, "(21)");
        put(&line, tag->serial);
        put(&line, "(90)" TAG_VERSION);
    } else {
        put(&line, "(91)" TAG_VERSION);
        put(&line, tag->serial);
    }
    put(&line, tag->time);
    put(&line, tag->digits);
    struct tag again; /* what was written must read back as what was meant */
    return tag_parse(ret_code, &again, err);
}

bool tag_sign_ready(struct tag *tag, const struct rw_hmac *roll_key, char ret_code[BAG_CODE_MAX],
                    struct rw_error *err)
{
    make_digits(tag, roll_key, tag->digits);
    return write_code(tag, ret_code, err);
}

bool tag_sign(struct tag *tag, const uint8_t roll_key[RW_HMAC_KEY_BYTES],
              char ret_code[BAG_CODE_MAX], struct rw_error *err)
{
    struct rw_hmac ready;
    rw_hmac_begin(&ready, roll_key, RW_HMAC_KEY_BYTES);
    const bool done = tag_sign_ready(tag, &ready, ret_code, err);
    rw_crypto_wipe(&ready, sizeof ready);
    return done;
}

static bool is_digits_of(const char *text, size_t length)
{
    return strlen(text) == length && rw_text_is_digits(text);
}

static bool is_time(const char *time)
{
    char date[RW_DATE_TEXT_MAX] = "2000-00-00";
    int32_t ignored = 0;
    memcpy(date + 2, time, 2);
    memcpy(date + 5, time + 2, 2);
    memcpy(date + 8, time + 4, 2);
    int hour = (time[6] - '0') * 10 + (time[7] - '0');
    int minute = (time[8] - '0') * 10 + (time[9] - '0');
    return rw_date_parse(date, &ignored) && hour < 24 && minute < 60;
}

/* "1" time tag (gs1), or "1" serial time tag (internal): copies the pieces out. */
static bool take_payload(struct tag *tag, const char *value, struct rw_error *err)
{
    size_t serial = tag->profile == TAG_GS1 ? 0 : BAG_SERIAL_DIGITS;
    size_t digits = tag_digits(tag->profile);
    if (!is_digits_of(value, 1 + serial + TAG_TIME_DIGITS + digits))
        return rw_error_set(err, RW_INVALID, "", "the code has not the length of a bag's code");
    if (value[0] != TAG_VERSION[0])
        return rw_error_set(err, RW_INVALID, "", "version \"%c\" of bag codes is not known here",
                            value[0]);
    if (serial > 0)
        memcpy(tag->serial, value + 1, serial);
    memcpy(tag->time, value + 1 + serial, TAG_TIME_DIGITS);
    memcpy(tag->digits, value + 1 + serial + TAG_TIME_DIGITS, digits);
    if (!is_time(tag->time))
        return rw_error_set(err, RW_INVALID, "", "\"%s\" is no time of a bag", tag->time);
    return true;
}

static bool take_gs1(struct tag *tag, const struct gs1_string *string, struct rw_error *err)
{
    static const char *const order[4] = { "01", "17", "21", "90" };
    for (size_t i = 0; i < 4; i++) {
        if (string->count != 4 || strcmp(string->elements[i].ai, order[i]) != 0)
            return rw_error_set(err, RW_INVALID, "", "the code is not laid out as a bag's code");
    }
    if (!is_digits_of(string->elements[2].value, BAG_SERIAL_DIGITS))
        return rw_error_set(err, RW_INVALID, "", "serial \"%s\" is not that of a bag",
                            string->elements[2].value);
    memcpy(tag->gtin, string->elements[0].value, sizeof(tag->gtin));
    memcpy(tag->expiry, string->elements[1].value, sizeof(tag->expiry));
    memcpy(tag->serial, string->elements[2].value, sizeof(tag->serial));
    return take_payload(tag, string->elements[3].value, err);
}

bool tag_parse(const char *code, struct tag *ret_tag, struct rw_error *err)
{
    struct gs1_string string;
    struct tag tag;
    memset(&tag, 0, sizeof(tag));
    if (!gs1_parse_bracketed(code, &string, err))
        return false;
    bool internal = string.count == 1 && strcmp(string.elements[0].ai, "91") == 0;
    tag.profile = internal ? TAG_INTERNAL : TAG_GS1;
    bool taken =
        internal ? take_payload(&tag, string.elements[0].value, err) : take_gs1(&tag, &string, err);
    if (!taken)
        return false;
    *ret_tag = tag;
    return true;
}

bool tag_is_good_ready(const struct tag *tag, const struct rw_hmac *roll_key)
{
    char digits[TAG_DIGITS_MAX];
    make_digits(tag, roll_key, digits);
    size_t count = tag_digits(tag->profile);
    return strlen(tag->digits) == count && rw_crypto_equal(digits, tag->digits, count);
}

bool tag_is_good(const struct tag *tag, const uint8_t roll_key[RW_HMAC_KEY_BYTES])
{
    struct rw_hmac ready;
    rw_hmac_begin(&ready, roll_key, RW_HMAC_KEY_BYTES);
    const bool good = tag_is_good_ready(tag, &ready);
    rw_crypto_wipe(&ready, sizeof ready);
    return good;
}

/* Header and trailer bear the time of the first moment. */
bool tag_is_of_bag(const struct roll *roll, size_t index, const struct rw_hmac *roll_key)
{
    const struct bag *bag = &roll->bags[index];
    struct tag tag;
    char time[11];
    struct rw_error ignored = { 0 };
    tag_time(bag->kind == BAG_DOSE ? bag->at : roll->bags[0].at, time);
    return tag_parse(bag->code, &tag, &ignored) && tag_is_good_ready(&tag, roll_key) &&
           strcmp(tag.serial, bag->serial) == 0 && strcmp(tag.time, time) == 0 &&
           strncmp(bag->serial, roll->number, ROLL_NUMBER_DIGITS) == 0;
}
