/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that every list of the console counts the verdict that holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "core/base/text.h"
#include "db/bags.h"
#include "db/claims.h"
#include "db/devices.h"
#include "db/lookups.h"
#include "db/orders.h"
#include "db/rolls.h"
#include "tests/unit/db/database.h"

#define ROLL "482913570"
#define LINE "l-1"
#define SAID 3  /* verdicts on each bag */
#define BAGS 64 /* every history of SAID verdicts that the four below can make */

static const struct word {
    const char *verdict;
    bool by_person;
} words[] = { { "pass", false }, { "fail", false }, { "pass", true }, { "fail", true } };

#define GOOD(call) assert_true_with(call, &err)

static void assert_true_with(bool done, const struct rw_error *err)
{
    if (!done)
        print_error("%s\n", err->text);
    assert_true(done);
}

/* What was said at that place of the history of bag n. */
static const struct word *said(int32_t n, int32_t place)
{
    for (int32_t i = 0; i < place; i++)
        n /= (int32_t)RW_COUNT(words);
    return &words[n % (int32_t)RW_COUNT(words)];
}

/* A person's refusal holds until a person takes it back; else what was said last. */
static const char *holds(int32_t n)
{
    for (int32_t place = SAID - 1; place >= 0; place--) {
        const struct word *word = said(n, place);
        if (word->by_person && rw_text_equal(word->verdict, "fail"))
            return word->verdict;
        if (word->by_person)
            break;
    }
    return said(n, SAID - 1)->verdict;
}

static void make_roll(const struct scope *scope)
{
    struct rw_error err = { 0 };
    static const char mark[] = "00000000000000000000000000000000000000000000000000000000000000aa";
    const struct orders_document document = { "o-1", mark, "{}", 2, false };
    const struct rolls_row row = {
        .number = ROLL, .client_id = "c-1", .version = 1, .state = ROLL_PRINTED, .days = 7
    };
    const struct device_row line = { .role = "line", .device_id = LINE };
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(ROLL),
                                         conn_int(BAGS - 1) };
    const char *order_id = NULL;
    bool is_so = false;
    GOOD(orders_insert(scope, &document, &order_id, &is_so, &err));
    GOOD(orders_link(scope, "o-1", "c-1", "p-1", &err));
    GOOD(rolls_insert(scope, &row, &err));
    GOOD(conn_run(scope->conn,
                  "INSERT INTO bags (pharmacy_id, roll, serial, n, since)"
                  " SELECT $1, $2::text, $2::text || lpad(n::text, 3, '0'), n, 1"
                  " FROM generate_series(0, $3::bigint) AS n",
                  params, RW_COUNT(params), scope->arena, NULL, &err));
    GOOD(devices_insert(scope, mark, &line, &err));
    GOOD(claims_take(scope, LINE, ROLL, true, &is_so, &err));
    assert_true(is_so);
}

static void say_everything(const struct scope *scope)
{
    struct rw_error err = { 0 };
    for (int32_t n = 0; n < BAGS; n++) {
        char serial[32];
        (void)snprintf(serial, sizeof serial, ROLL "%03d", (int)n);
        for (int32_t place = 0; place < SAID; place++) {
            char id[] = "0";
            id[0] = (char)('1' + place);
            const struct bags_verdict verdict = { .roll = ROLL,
                                                  .serial = serial,
                                                  .verdict_id = id,
                                                  .by_person = said(n, place)->by_person,
                                                  .verdict = said(n, place)->verdict,
                                                  .judged = "code order print",
                                                  .reason = "",
                                                  .bytes = "{}",
                                                  .length = 2 };
            GOOD(bags_insert_verdict(scope, &verdict, &err));
        }
    }
}

/* What holds up a release is seen by who can end it. */
static void what_is_asked_of_verdicts_has_one_answer(void **state)
{
    struct database *database = *state;
    const struct scope scope = database->scope;
    struct rw_error err = { 0 };
    struct bags_list bags;
    struct lookups_doubt *doubts = NULL;
    struct lookups_line *lines = NULL;
    size_t doubt_count = 0;
    size_t line_count = 0;
    bool doubted[BAGS] = { false };
    size_t refused = 0;
    make_roll(&scope);
    say_everything(&scope);
    GOOD(bags_find(&scope, ROLL, &bags, &err));
    GOOD(lookups_doubts(&scope, &doubts, &doubt_count, &err));
    GOOD(lookups_lines(&scope, LINE, &lines, &line_count, &err));
    for (size_t i = 0; i < doubt_count; i++) {
        doubted[doubts[i].n] = true;
        assert_string_equal(doubts[i].verdict, holds((int32_t)doubts[i].n));
    }
    assert_int_equal(bags.count, BAGS);
    for (int32_t n = 0; n < BAGS; n++) {
        bool is_refused = !rw_text_equal(holds(n), "pass");
        refused += is_refused;
        assert_string_equal(bags.rows[n].verdict, holds(n));
        assert_int_equal(doubted[n], is_refused);
    }
    assert_int_equal(doubt_count, refused);
    assert_int_equal(line_count, 1);
    assert_int_equal(lines[0].judged, BAGS);
    assert_int_equal(lines[0].doubts, refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_asked_of_verdicts_has_one_answer),
    };
    return cmocka_run_group_tests(tests, database_setup, database_teardown);
}
