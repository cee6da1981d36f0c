/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a roll, reads it again, and finds every alteration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/crypto.h"
#include "core/base/text.h"
#include "core/json/roll_json.h"
#include "tests/support/fixture.h"

static const uint16_t why[] = { 0, 1 };
static struct roll_reason reasons[] = {
    { "/entry/3/resource", "/entry/3/resource/dosageInstruction/0", 2, "when", 1000 },
    { "/entry/3/resource", "/entry/3/resource/dosageInstruction/1", 0, "P1", 500 },
};
static struct roll_override override = { "D41", "opiate", "/entry/3", "A. Visser", "care home" };
static struct roll_balance balances[] = { { "9520001", 3000, 3000, 0, 0 },
                                          { NULL, 500, 0, 0, 500 } };

/* An invented roll of two doses, one line loose and one without a count. */
static struct bag_content content = { .order = "/entry/3/resource",
                                      .product = "9520001",
                                      .name = "METFORMINE",
                                      .strength = "500 mg",
                                      .form = "tablet",
                                      .milli = 1500,
                                      .look = "wit, rond, 11 mm",
                                      .warning = "NIET KAUWEN",
                                      .expiry = "2027-09-30",
                                      .picture = "wit-11.png",
                                      .why = why,
                                      .why_count = 2 };
static struct bag bags[4];
static struct roll_time times[] = { { 480, 1000, 14, 0x7F }, { 1320, 500, 4, 0x05 } };
static struct roll_outside loose = { .order = "/entry/4/resource",
                                     .name = "PARACETAMOL",
                                     .strength = "500 mg",
                                     .times = { times, 2 },
                                     .text = "zo nodig",
                                     .reason = "as-needed",
                                     .milli = -1 };
static struct roll_outside excluded = { .order = "/entry/5/resource",
                                        .product = "9520002",
                                        .name = "DRANK",
                                        .reason = "unit-not-countable",
                                        .milli = 500,
                                        .by = "/entry/6/resource" };

static struct roll make_roll(void)
{
    for (int32_t n = 0; n < 4; n++) {
        bags[n] = (struct bag){ .n = n,
                                .of = 2,
                                .kind = n == 0   ? BAG_HEADER
                                        : n == 3 ? BAG_TRAILER
                                                 : BAG_DOSE,
                                .at = { .wall = { 20780 + n / 2, 480 }, .offset_min = 60 },
                                .moment = n == 1 ? "morning" : NULL,
                                .part = 1,
                                .parts = 1,
                                .exact = n == 2,
                                .use_by = n == 1 ? "2026-12-31" : NULL,
                                .serial = "",
                                .code = "" };
        if (bags[n].kind != BAG_DOSE)
            continue;
        bags[n].contents = &content;
        bags[n].content_count = 1;
        bags[n].serial = n == 1 ? "482913570001" : "482913570002";
        bags[n].code = n == 1 ? "(91)one" : "(91)two";
    }
    struct roll roll = { .number = "482913570",
                         .version = 1,
                         .issued = "2026-11-23T00:00+01:00",
                         .client = { "c-17", "Mw. J. d'Één-\"Ver\"", "1941-03-14" },
                         .pharmacy = { "ap-1", "Apotheek De Vijzel", "020-0000000" },
                         .from = 20780,
                         .days = 14,
                         .zone = "Europe/Amsterdam",
                         .media = "generic-70x60",
                         .language = "nl",
                         .dpi = 300,
                         .bags = bags,
                         .bag_count = 4,
                         .loose = &loose,
                         .loose_count = 1,
                         .excluded = &excluded,
                         .excluded_count = 1,
                         .reasons = reasons,
                         .reason_count = 2,
                         .overrides = &override,
                         .override_count = 1,
                         .audit = { 3500, 3000, 0, 500 },
                         .balances = balances,
                         .balance_count = 2 };
    rw_diag_init(&roll.findings, arena);
    rw_diag_add(&roll.findings, "D16", "as-needed", RW_INFORMS, "/entry/4", "as needed");
    return roll;
}

static const char *write_it(const struct roll *roll, size_t *ret_length)
{
    struct rw_error err = { 0 };
    const char *bytes = NULL;
    assert_true(roll_json_write(roll, arena, &bytes, ret_length, &err));
    return bytes;
}

static void what_was_written_is_read_again(void **state)
{
    struct roll roll = make_roll();
    struct rw_error err = { 0 };
    struct roll *again = NULL;
    size_t length;
    (void)state;
    const char *bytes = write_it(&roll, &length);
    bool done = roll_json_read(bytes, length, arena, &again, &err);
    assert_string_equal(err.text, "");
    assert_true(done);
    assert_string_equal(again->client.name, roll.client.name);
    assert_int_equal(again->bag_count, 4);
    assert_string_equal(again->bags[1].contents[0].warning, "NIET KAUWEN");
    assert_null(again->bags[1].contents[0].lot);
    assert_string_equal(again->bags[2].serial, "482913570002");
    assert_true(again->bags[2].exact);
    assert_null(again->bags[2].moment);
    assert_int_equal(again->loose[0].milli, -1);
    assert_int_equal(again->audit.excluded_milli, 500);
    assert_int_equal(again->findings.count, 1);
    assert_null(again->replaces);
    assert_string_equal(again->bags[1].contents[0].expiry, "2027-09-30");
    assert_string_equal(again->bags[1].contents[0].picture, "wit-11.png");
    assert_int_equal(again->bags[1].contents[0].why_count, 2);
    assert_int_equal(again->reasons[again->bags[1].contents[0].why[0]].phase, 2);
    assert_string_equal(again->excluded[0].by, "/entry/6/resource");
    assert_string_equal(again->overrides[0].why, "care home");
    assert_null(again->balances[1].product);
    /* And written once more it is the same file. */
    size_t length_again;
    const char *bytes_again = write_it(again, &length_again);
    assert_int_equal(length_again, length);
    assert_memory_equal(bytes_again, bytes, length);
}

static void the_same_roll_gives_the_same_bytes(void **state)
{
    struct roll roll = make_roll();
    size_t length;
    size_t length_again;
    (void)state;
    const char *bytes = write_it(&roll, &length);
    const char *again = write_it(&roll, &length_again);
    assert_int_equal(length, length_again);
    assert_memory_equal(bytes, again, length);
    assert_int_equal(bytes[length - 1], '\n');
}

static void the_fingerprint_is_that_of_the_file_with_zeros(void **state)
{
    struct roll roll = make_roll();
    size_t length;
    char digits[RW_HEX_SHA256_MAX];
    uint8_t digest[RW_SHA256_BYTES];
    struct rw_error err = { 0 };
    (void)state;
    const char *bytes = write_it(&roll, &length);
    char *zeroed = rw_arena_text_n(arena, bytes, length, &err);
    char *place = strstr(zeroed, "sha256:") + 7;
    memset(place, '0', 64);
    rw_sha256(zeroed, length, digest);
    rw_hex_sha256(digest, digits);
    assert_memory_equal(strstr(bytes, "sha256:") + 7, digits, 64);
}

/* Any byte of the file: what is still JSON and a roll is caught by the fingerprint. */
static void every_altered_byte_is_noticed(void **state)
{
    struct roll roll = make_roll();
    struct rw_error err = { 0 };
    size_t length;
    (void)state;
    const char *bytes = write_it(&roll, &length);
    char *altered = rw_arena_text_n(arena, bytes, length, &err);
    for (size_t i = 0; i < length; i++) {
        struct rw_arena *small = rw_arena_open(RW_ARENA_MIB);
        struct roll *again = NULL;
        altered[i] ^= 1;
        assert_false(roll_json_read(altered, length, small, &again, &err));
        assert_null(again);
        altered[i] ^= 1;
        rw_arena_close(small);
    }
}

/* Reads a roll that was written with this fault in it. */
static void assert_refused(const struct roll *roll, const char *at)
{
    struct rw_error err = { 0 };
    struct roll *again = NULL;
    size_t length;
    const char *bytes = write_it(roll, &length);
    assert_false(roll_json_read(bytes, length, arena, &again, &err));
    assert_int_equal(err.code, RW_INVALID);
    assert_string_equal(err.at, at);
}

static void a_roll_that_does_not_balance_is_refused(void **state)
{
    struct roll roll = make_roll();
    (void)state;
    roll.audit.ordered_milli = 4000;
    assert_refused(&roll, "/audit");
    roll.audit = (struct roll_audit){ 4000, 3500, 0, 500 };
    assert_refused(&roll, "/audit");
    roll.audit = (struct roll_audit){ 3500, 3000, 500, 0 };
    assert_refused(&roll, "/audit");
}

static void a_product_that_does_not_balance_is_refused(void **state)
{
    struct roll roll = make_roll();
    (void)state;
    balances[0].packed_milli = 2500;
    assert_refused(&roll, "/audit/products/0");
    balances[0] = (struct roll_balance){ "9520001", 2500, 2500, 0, 0 };
    assert_refused(&roll, "/audit/products/0");
    balances[0] = (struct roll_balance){ "9520001", 3000, 3000, 0, 0 };
    roll.balance_count = 1;
    assert_refused(&roll, "/audit/products");
}

static void a_reason_that_is_not_there_is_refused(void **state)
{
    struct roll roll = make_roll();
    (void)state;
    roll.reason_count = 1;
    assert_refused(&roll, "/bags/1/contents/0/why/1");
}

/* Rolls of before say neither why nor what became of each product. */
static void a_roll_without_reasons_is_still_read(void **state)
{
    struct roll roll = make_roll();
    struct rw_error err = { 0 };
    struct roll *again = NULL;
    size_t length;
    (void)state;
    content.why_count = 0;
    roll.reason_count = 0;
    roll.balance_count = 0;
    const char *bytes = write_it(&roll, &length);
    content.why_count = 2;
    assert_true(roll_json_read(bytes, length, arena, &again, &err));
}

static void a_serial_stands_in_one_roll_once(void **state)
{
    struct roll roll = make_roll();
    (void)state;
    bags[2].serial = "482913570001";
    assert_refused(&roll, "/bags/2/serial");
    bags[2].serial = "999999999002";
    assert_refused(&roll, "/bags/2/serial");
    bags[2].serial = "48291357000";
    assert_refused(&roll, "/bags/2/serial");
    bags[2].serial = "";
    assert_refused(&roll, "/bags/2/serial");
    roll = make_roll();
    bags[2].code = "";
    assert_refused(&roll, "/bags/2/code");
}

static void the_bags_stand_in_order(void **state)
{
    struct roll roll = make_roll();
    (void)state;
    bags[2].n = 1;
    assert_refused(&roll, "/bags/2/n");
    roll = make_roll();
    bags[1].of = 3;
    assert_refused(&roll, "/bags/1/of");
    roll = make_roll();
    bags[2].at.wall.day = 20779;
    assert_refused(&roll, "/bags/2/at");
    roll = make_roll();
    bags[2].content_count = 0;
    assert_refused(&roll, "/bags/2/contents");
    roll = make_roll();
    bags[0].contents = &content;
    bags[0].content_count = 1;
    assert_refused(&roll, "/bags/0/contents");
    roll = make_roll();
    bags[1].part = 2;
    assert_refused(&roll, "/bags/1/part");
}

static void the_head_is_checked(void **state)
{
    struct roll roll = make_roll();
    (void)state;
    roll.number = "48291357";
    assert_refused(&roll, "/roll");
    roll = make_roll();
    roll.issued = "yesterday";
    assert_refused(&roll, "/issued");
    roll = make_roll();
    roll.client.id = "../x";
    assert_refused(&roll, "/client/id");
    roll = make_roll();
    roll.client.born = "1941-02-30";
    assert_refused(&roll, "/client/born");
    roll = make_roll();
    roll.language = "de";
    assert_refused(&roll, "/language");
    roll = make_roll();
    roll.dpi = 301;
    assert_refused(&roll, "/dpi");
    roll = make_roll();
    roll.replaces = "1";
    assert_refused(&roll, "/replaces");
    roll = make_roll();
    content.milli = 0;
    assert_refused(&roll, "/bags/1/contents/0/milli");
    content.milli = 1500;
    bags[1].use_by = "soon";
    assert_refused(&roll, "/bags/1/use_by");
}

static void every_memory_ceiling_ends_cleanly(void **state)
{
    struct roll roll = make_roll();
    bool done = false;
    size_t length;
    (void)state;
    const char *bytes = write_it(&roll, &length);
    for (size_t ceiling = 0; !done; ceiling += 64) {
        struct rw_arena *small = rw_arena_open(ceiling);
        struct rw_error err = { 0 };
        struct roll *again = NULL;
        done = roll_json_read(bytes, length, small, &again, &err);
        assert_int_equal(err.code, done ? RW_OK : RW_NO_MEMORY);
        rw_arena_close(small);
    }
    done = false;
    for (size_t ceiling = 0; !done; ceiling += 64) {
        struct rw_arena *small = rw_arena_open(ceiling);
        struct rw_error err = { 0 };
        done = roll_json_write(&roll, small, &bytes, &length, &err);
        assert_int_equal(err.code, done ? RW_OK : RW_NO_MEMORY);
        rw_arena_close(small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_again),
        cmocka_unit_test(the_same_roll_gives_the_same_bytes),
        cmocka_unit_test(the_fingerprint_is_that_of_the_file_with_zeros),
        cmocka_unit_test(every_altered_byte_is_noticed),
        cmocka_unit_test(a_roll_that_does_not_balance_is_refused),
        cmocka_unit_test(a_product_that_does_not_balance_is_refused),
        cmocka_unit_test(a_reason_that_is_not_there_is_refused),
        cmocka_unit_test(a_roll_without_reasons_is_still_read),
        cmocka_unit_test(a_serial_stands_in_one_roll_once),
        cmocka_unit_test(the_bags_stand_in_order),
        cmocka_unit_test(the_head_is_checked),
        cmocka_unit_test(every_memory_ceiling_ends_cleanly),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
