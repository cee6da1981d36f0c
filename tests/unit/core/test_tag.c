/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that a bag's code is signed right and no other passes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "core/base/date.h"
#include "core/model/tag.h"

/* The keys and codes worked out in the label decisions: K_pharmacy is 00 01 … 1f. */
static const char code_gs1[] =
    "(01)09520123456788(17)261231(21)240000171001(90)126112208007870058726745445538";
static const char code_internal[] = "(91)1240000171001261122080029406011846039502457";

static void make_roll_key(uint8_t ret_key[RW_HMAC_KEY_BYTES])
{
    uint8_t pharmacy[RW_HMAC_KEY_BYTES];
    for (size_t i = 0; i < sizeof(pharmacy); i++)
        pharmacy[i] = (uint8_t)i;
    tag_roll_key(pharmacy, "240000171", ret_key);
}

static int start_crypto(void **state)
{
    struct rw_error err = { .code = RW_OK };
    (void)state;
    return rw_crypto_init(&err) ? 0 : -1;
}

static void the_roll_key_is_the_written_one(void **state)
{
    uint8_t key[RW_HMAC_KEY_BYTES];
    char hex[RW_HEX_SHA256_MAX];
    (void)state;
    make_roll_key(key);
    rw_hex_sha256(key, hex);
    assert_string_equal(hex, "4f5764a4d9fd191cf3a07f4910ff7baaaf990320bc4cfee25f18a24abd332f31");
}

static void both_profiles_sign_as_written_down(void **state)
{
    uint8_t key[RW_HMAC_KEY_BYTES];
    char code[BAG_CODE_MAX];
    struct rw_error err = { .code = RW_OK };
    (void)state;
    make_roll_key(key);
    struct tag gs1 = { .profile = TAG_GS1,
                       .gtin = "09520123456788",
                       .expiry = "261231",
                       .serial = "240000171001",
                       .time = "2611220800" };
    assert_true(tag_sign(&gs1, key, code, &err));
    assert_string_equal(code, code_gs1);
    struct tag internal = { .profile = TAG_INTERNAL,
                            .serial = "240000171001",
                            .time = "2611220800" };
    assert_true(tag_sign(&internal, key, code, &err));
    assert_string_equal(code, code_internal);
}

/* REQ-012: every single changed digit of a code is noticed. */
static void a_changed_digit_never_passes(void **state)
{
    static const char *const codes[] = { code_gs1, code_internal };
    uint8_t key[RW_HMAC_KEY_BYTES];
    int tried = 0;
    (void)state;
    make_roll_key(key);
    for (size_t i = 0; i < RW_COUNT(codes); i++) {
        struct tag tag;
        struct rw_error err = { .code = RW_OK };
        assert_true(tag_parse(codes[i], &tag, &err));
        assert_true(tag_is_good(&tag, key));
        for (size_t at = 4; codes[i][at] != '\0'; at++) {
            char forged[BAG_CODE_MAX];
            (void)snprintf(forged, sizeof(forged), "%s", codes[i]);
            if (forged[at] < '0' || forged[at] > '9' || forged[at - 1] == '(')
                continue;
            forged[at] = forged[at] == '9' ? '0' : (char)(forged[at] + 1);
            tried++;
            assert_false(tag_parse(forged, &tag, NULL) && tag_is_good(&tag, key));
        }
    }
    assert_true(tried > 80);
}

static void another_version_or_layout_is_refused(void **state)
{
    static const char *const codes[] = {
        "(91)2240000171001261122080029406011846039502457",
        "(91)124000017100126112208002940601184603950245",
        "(91)1240000171001261322080029406011846039502457",
        "(01)09520123456788(21)240000171001(90)126112208007870058726745445538",
        "(01)09520123456788(17)261231(21)24000017100A(90)126112208007870058726745445538",
        "(01)09520123456788(17)261231(21)24000017100(90)126112208007870058726745445538",
        "(01)09520123456788",
        "(00)095201234567891235",
        "no code",
        ""
    };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(codes); i++) {
        struct tag tag;
        struct rw_error err = { .code = RW_OK };
        assert_false(tag_parse(codes[i], &tag, &err));
        assert_int_equal(err.code, RW_INVALID);
    }
}

static void the_time_is_that_on_the_wall(void **state)
{
    int32_t day = 0;
    char time[11];
    (void)state;
    assert_true(rw_date_from_civil(2026, 11, 22, &day));
    struct rw_stamp stamp = { .wall = { .day = day, .minute = 8 * 60 }, .offset_min = 60 };
    tag_time(stamp, time);
    assert_string_equal(time, "2611220800");
}

/* A header, and a dose an hour later. */
static void a_code_is_of_its_bag_alone(void **state)
{
    uint8_t key[RW_HMAC_KEY_BYTES];
    struct rw_hmac ready;
    struct rw_error err = { .code = RW_OK };
    char codes[2][BAG_CODE_MAX];
    (void)state;
    make_roll_key(key);
    rw_hmac_begin(&ready, key, sizeof key);
    struct bag bags[2] = { { .kind = BAG_HEADER, .serial = "240000171000" },
                           { .kind = BAG_DOSE, .serial = "240000171001" } };
    for (size_t i = 0; i < RW_COUNT(bags); i++) {
        struct tag tag = { .profile = TAG_INTERNAL };
        bags[i].at.wall = (struct rw_wall){ .day = 20779, .minute = 480 + 60 * (int32_t)i };
        (void)snprintf(tag.serial, sizeof tag.serial, "%s", bags[i].serial);
        tag_time(bags[i].at, tag.time);
        assert_true(tag_sign(&tag, key, codes[i], &err));
        bags[i].code = codes[i];
    }
    struct roll roll = { .number = "240000171", .bags = bags, .bag_count = RW_COUNT(bags) };
    assert_true(tag_is_of_bag(&roll, 0, &ready) && tag_is_of_bag(&roll, 1, &ready));
    bags[1].kind = BAG_TRAILER; /* it would bear the header's time */
    assert_false(tag_is_of_bag(&roll, 1, &ready));
    bags[1].kind = BAG_DOSE;
    bags[1].at.wall.minute++;
    assert_false(tag_is_of_bag(&roll, 1, &ready));
    bags[1].at.wall.minute--;
    bags[1].serial = "240000171002";
    assert_false(tag_is_of_bag(&roll, 1, &ready));
    bags[1].serial = "240000171001";
    bags[1].code = codes[0];
    assert_false(tag_is_of_bag(&roll, 1, &ready));
    bags[1].code = "";
    assert_false(tag_is_of_bag(&roll, 1, &ready));
    bags[1].code = codes[1];
    roll.number = "240000172";
    assert_false(tag_is_of_bag(&roll, 1, &ready));
    roll.number = "240000171";
    rw_hmac_begin(&ready, "another", 7);
    assert_false(tag_is_of_bag(&roll, 1, &ready));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_roll_key_is_the_written_one),
        cmocka_unit_test(both_profiles_sign_as_written_down),
        cmocka_unit_test(a_changed_digit_never_passes),
        cmocka_unit_test(another_version_or_layout_is_refused),
        cmocka_unit_test(the_time_is_that_on_the_wall),
        cmocka_unit_test(a_code_is_of_its_bag_alone),
    };
    return cmocka_run_group_tests(tests, start_crypto, NULL);
}
