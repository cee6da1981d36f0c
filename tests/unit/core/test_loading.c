/* SPDX-License-Identifier: Apache-2.0 */
/* Proves each answer of the loading check, and their order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "core/base/date.h"
#include "core/model/loading.h"
#include "core/model/tag.h"

#define BAGS 4

/* A roll of four bags, its schedule, and the facts of a good loading of its first bag. */
struct bench {
    struct schedule schedule;
    struct schedule_bag bags[BAGS];
    char serials[BAGS][BAG_SERIAL_MAX];
    char codes[BAGS][BAG_CODE_MAX];
    struct tag tags[BAGS];
    const char *revoked[1];
    struct loading_facts facts;
};

static void sign_bag(struct bench *bench, int at)
{
    struct rw_error err = { .code = RW_OK };
    struct tag *tag = &bench->tags[at];
    (void)snprintf(bench->serials[at], BAG_SERIAL_MAX, "48291357000%c", (char)('1' + at));
    *tag = (struct tag){ .profile = TAG_INTERNAL, .time = "2611230800" };
    memcpy(tag->serial, bench->serials[at], sizeof(tag->serial));
    assert_true(tag_sign(tag, bench->schedule.roll_key, bench->codes[at], &err));
    bench->bags[at] =
        (struct schedule_bag){ .n = at + 1, .serial = bench->serials[at], .tag = tag->digits };
}

static void set_up(struct bench *bench)
{
    *bench = (struct bench){ .schedule = { .dispenser = "d-1",
                                           .roll = "482913570",
                                           .roll_key = { 1, 2, 3 },
                                           .first = 1,
                                           .last = BAGS,
                                           .not_after = "2026-12-31T00:00:00.000Z",
                                           .bag_count = BAGS } };
    for (int at = 0; at < BAGS; at++)
        sign_bag(bench, at);
    bench->schedule.bags = bench->bags;
    bench->schedule.revoked = bench->revoked;
    bench->facts = (struct loading_facts){ .schedule = &bench->schedule,
                                           .signature_good = true,
                                           .dispenser = "d-1",
                                           .code = bench->codes[0],
                                           .code_next = bench->codes[1],
                                           .expected_n = 1 };
    assert_true(rw_clock_parse_utc("2026-11-22T10:00:00.000Z", &bench->facts.now_utc_ms));
}

static int start_crypto(void **state)
{
    struct rw_error err = { .code = RW_OK };
    (void)state;
    return rw_crypto_init(&err) ? 0 : -1;
}

static void a_good_roll_is_taken(void **state)
{
    struct bench bench;
    (void)state;
    set_up(&bench);
    assert_int_equal(loading_check(&bench.facts), LOADING_OK);
    bench.facts.code_next = NULL;
    assert_int_equal(loading_check(&bench.facts), LOADING_OK);
}

static void without_a_good_signature_nothing_else_matters(void **state)
{
    struct bench bench;
    (void)state;
    set_up(&bench);
    bench.facts.signature_good = false;
    bench.facts.dispenser = "d-2";
    bench.facts.code = "nonsense";
    assert_int_equal(loading_check(&bench.facts), LOADING_BAD_SIGNATURE);
    bench.facts.signature_good = true;
    assert_int_equal(loading_check(&bench.facts), LOADING_WRONG_DISPENSER);
    bench.facts.dispenser = "d-1";
    assert_int_equal(loading_check(&bench.facts), LOADING_UNREADABLE);
    bench.facts.schedule = NULL;
    assert_int_equal(loading_check(&bench.facts), LOADING_BAD_SIGNATURE);
}

/* REQ-012: a code of this roll with another tag is never loaded. */
static void a_wrong_tag_is_refused(void **state)
{
    struct bench bench;
    char forged[BAG_CODE_MAX];
    (void)state;
    set_up(&bench);
    (void)snprintf(forged, sizeof(forged), "%s", bench.codes[0]);
    char *last = &forged[strlen(forged) - 1];
    *last = *last == '9' ? '0' : (char)(*last + 1);
    bench.facts.code = forged;
    assert_int_equal(loading_check(&bench.facts), LOADING_BAD_TAG);
}

static void revoked_foreign_and_expired_are_told_apart(void **state)
{
    struct bench bench;
    (void)state;
    set_up(&bench);
    bench.revoked[0] = bench.serials[0];
    bench.schedule.revoked_count = 1;
    assert_int_equal(loading_check(&bench.facts), LOADING_ROLL_SUPERSEDED);
    set_up(&bench);
    bench.facts.code = "(91)1240000171001261122080029406011846039502457";
    assert_int_equal(loading_check(&bench.facts), LOADING_WRONG_CLIENT);
    set_up(&bench);
    bench.schedule.not_after = "2026-11-22T09:59:59.000Z";
    assert_int_equal(loading_check(&bench.facts), LOADING_EXPIRED);
    bench.schedule.not_after = "no time";
    assert_int_equal(loading_check(&bench.facts), LOADING_EXPIRED);
}

static void the_place_in_the_strip_is_judged(void **state)
{
    struct bench bench;
    (void)state;
    set_up(&bench);
    bench.facts.released_last_n = 1;
    bench.facts.expected_n = 2;
    assert_int_equal(loading_check(&bench.facts), LOADING_BAG_ALREADY_RELEASED);
    set_up(&bench);
    bench.facts.code = bench.codes[2];
    bench.facts.code_next = bench.codes[1];
    assert_int_equal(loading_check(&bench.facts), LOADING_REVERSED);
    set_up(&bench);
    bench.facts.code_next = bench.codes[2];
    assert_int_equal(loading_check(&bench.facts), LOADING_GAP);
    set_up(&bench);
    bench.facts.code = bench.codes[1];
    bench.facts.code_next = bench.codes[2];
    assert_int_equal(loading_check(&bench.facts), LOADING_NOT_FIRST_BAG);
}

/* A strip that was spliced to another is caught at its first bag, if the second can be seen. */
static void the_bag_behind_is_judged_too(void **state)
{
    struct bench bench;
    char forged[BAG_CODE_MAX];
    (void)state;
    set_up(&bench);
    bench.facts.code_next = "(91)1240000171001261122080029406011846039502457";
    assert_int_equal(loading_check(&bench.facts), LOADING_WRONG_CLIENT);
    (void)snprintf(forged, sizeof forged, "%s", bench.codes[1]);
    char *last = &forged[strlen(forged) - 1];
    *last = *last == '9' ? '0' : (char)(*last + 1);
    bench.facts.code_next = forged;
    assert_int_equal(loading_check(&bench.facts), LOADING_BAD_TAG);
    bench.facts.code_next = bench.codes[1];
    bench.revoked[0] = bench.serials[1];
    bench.schedule.revoked_count = 1;
    assert_int_equal(loading_check(&bench.facts), LOADING_ROLL_SUPERSEDED);
    bench.facts.code_next = "no code";
    assert_int_equal(loading_check(&bench.facts), LOADING_OK);
}

/* The trailer is a good code of the roll that the schedule does not have. */
static void the_trailer_follows_the_last_bag_alone(void **state)
{
    struct bench bench;
    (void)state;
    set_up(&bench);
    bench.schedule.bag_count = BAGS - 1;
    bench.schedule.last = BAGS - 1;
    bench.facts.code_next = bench.codes[BAGS - 1];
    assert_int_equal(loading_check(&bench.facts), LOADING_GAP);
    bench.facts.code = bench.codes[BAGS - 2];
    bench.facts.expected_n = BAGS - 1;
    assert_int_equal(loading_check(&bench.facts), LOADING_OK);
}

/* Each answer wins over all that stand behind it. */
static void a_part_of_another_roll_has_its_turn(void **state)
{
    struct bench bench;
    (void)state;
    set_up(&bench);
    struct schedule next = { .dispenser = "d-1",
                             .roll = "482913571",
                             .roll_key = { 9 },
                             .not_after = "2026-12-31T00:00:00.000Z",
                             .before = &bench.schedule };
    bench.facts.schedule = &next;
    bench.facts.in_before = true;
    assert_int_equal(loading_check(&bench.facts), LOADING_OK);
    bench.facts.in_before = false;
    assert_int_equal(loading_check(&bench.facts), LOADING_ROLL_SUPERSEDED);
    struct tag tag = { .profile = TAG_INTERNAL, .time = "2611240800", .serial = "482913571001" };
    char code[BAG_CODE_MAX];
    struct rw_error err = { 0 };
    assert_true(tag_sign(&tag, next.roll_key, code, &err));
    bench.facts.code = code;
    bench.facts.code_next = NULL;
    bench.facts.in_before = true;
    assert_int_equal(loading_check(&bench.facts), LOADING_NOT_FIRST_BAG);
    next.roll_key[0] = 8;
    assert_int_equal(loading_check(&bench.facts), LOADING_BAD_TAG);
}

static void the_first_that_applies_is_the_answer(void **state)
{
    static const enum loading_answer order[] = {
        LOADING_BAD_SIGNATURE,
        LOADING_WRONG_DISPENSER,
        LOADING_UNREADABLE,
        LOADING_BAD_TAG,
        LOADING_ROLL_SUPERSEDED,
        LOADING_EXPIRED,
        LOADING_BAG_ALREADY_RELEASED,
        LOADING_REVERSED,
        LOADING_OK,
    };
    char forged[BAG_CODE_MAX];
    (void)state;
    for (size_t first = 0; first < sizeof order / sizeof order[0]; first++) {
        struct bench bench;
        set_up(&bench);
        (void)snprintf(forged, sizeof forged, "%s", bench.codes[1]);
        char *last = &forged[strlen(forged) - 1];
        *last = *last == '9' ? '0' : (char)(*last + 1);
        bench.facts.code = first <= 2 ? "no code" : first <= 3 ? forged : bench.codes[1];
        bench.facts.signature_good = first > 0;
        bench.facts.dispenser = first > 1 ? "d-1" : "d-2";
        bench.revoked[0] = bench.serials[1];
        bench.schedule.revoked_count = first <= 4;
        bench.schedule.not_after =
            first <= 5 ? "2026-11-22T09:00:00.000Z" : bench.schedule.not_after;
        bench.facts.released_last_n = first <= 6 ? 2 : 0;
        bench.facts.code_next = first <= 7 ? bench.codes[0] : bench.codes[2];
        bench.facts.expected_n = 2;
        assert_int_equal(loading_check(&bench.facts), order[first]);
    }
}

/* Header, trailer and a bag outside of what the schedule hands out are good codes and no dose. */
static void a_good_code_that_is_no_dose_begins_nothing(void **state)
{
    struct bench bench;
    struct rw_error err = { .code = RW_OK };
    char code[BAG_CODE_MAX];
    struct tag trailer = { .profile = TAG_INTERNAL,
                           .serial = "482913570999",
                           .time = "2611230800" };
    (void)state;
    set_up(&bench);
    assert_true(tag_sign(&trailer, bench.schedule.roll_key, code, &err));
    bench.facts.code = code;
    bench.facts.code_next = NULL;
    assert_int_equal(loading_check(&bench.facts), LOADING_NOT_FIRST_BAG);
}

/* The words are those that programs and people read: docs/DISPENSER.md. */
static void every_answer_has_the_word_of_the_contract(void **state)
{
    static const char *const words[] = { "BAD_SIGNATURE",
                                         "WRONG_DISPENSER",
                                         "UNREADABLE",
                                         "BAD_TAG",
                                         "ROLL_SUPERSEDED",
                                         "WRONG_CLIENT",
                                         "NOT_RELEASED_BY_PHARMACIST",
                                         "EXPIRED",
                                         "BAG_ALREADY_RELEASED",
                                         "REVERSED",
                                         "GAP",
                                         "NOT_FIRST_BAG",
                                         "OK" };
    size_t found = 0;
    (void)state;
    for (int answer = 0; answer < LOADING_ANSWER_COUNT; answer++) {
        for (size_t i = 0; i < RW_COUNT(words); i++)
            found += strcmp(words[i], loading_word((enum loading_answer)answer)) == 0;
    }
    assert_int_equal(found, RW_COUNT(words));
    assert_int_equal(found, LOADING_ANSWER_COUNT);
    assert_string_equal(loading_word(0), "UNREADABLE"); /* zero is a refusal */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_roll_is_taken),
        cmocka_unit_test(without_a_good_signature_nothing_else_matters),
        cmocka_unit_test(a_wrong_tag_is_refused),
        cmocka_unit_test(revoked_foreign_and_expired_are_told_apart),
        cmocka_unit_test(the_place_in_the_strip_is_judged),
        cmocka_unit_test(the_bag_behind_is_judged_too),
        cmocka_unit_test(the_trailer_follows_the_last_bag_alone),
        cmocka_unit_test(a_part_of_another_roll_has_its_turn),
        cmocka_unit_test(the_first_that_applies_is_the_answer),
        cmocka_unit_test(a_good_code_that_is_no_dose_begins_nothing),
        cmocka_unit_test(every_answer_has_the_word_of_the_contract),
    };
    return cmocka_run_group_tests(tests, start_crypto, NULL);
}
