/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that building a roll ends cleanly at any ceiling of memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/text.h"
#include "core/json/roll_json.h"
#include "core/json/schedule_json.h"
#include "roll-builder/absence.h"
#include "roll-builder/amend.h"
#include "roll-builder/overrides.h"
#include "roll-builder/publish.h"
#include "roll-builder/series.h"
#include "tests/torture/ceilings.h"
#include "tests/unit/roll-builder/planned.h"

#define LEAST_BYTES 16 /* the smallest request */
#define BYTES_MAX ((size_t)1024 * 1024)

static const int32_t at_8_and_18[] = { 8, 18 };
static const int32_t each_moment[] = { 8, 12, 18, 22 };

static const char *take_number(void *self, size_t part, struct rw_arena *arena,
                               struct rw_error *err)
{
    (void)self;
    return rw_arena_format(arena, err, "24000018%zu", part);
}

/* Plans, packs, signs and audits a period that needs two rolls, and writes both. */
static bool build(const struct planned *planned, struct rw_arena *arena, struct rw_text *written,
                  struct series *ret_series, struct rw_error *err)
{
    const struct series_numbers numbers = { NULL, take_number };
    struct override override = { .client = "c1", .id = "D40", .by = "x", .why = "y" };
    const struct overrides overrides = { &override, 1 };
    if (!series_plan(&planned->request, &numbers, arena, ret_series, err))
        return false;
    assert_false(ret_series->blocked);
    for (size_t i = 0; i < ret_series->count; i++) {
        const char *bytes;
        size_t length;
        if (!overrides_apply(&overrides, ret_series->rolls[i], arena, err) ||
            !roll_json_write(ret_series->rolls[i], arena, &bytes, &length, err))
            return false;
        rw_text_add_n(written, bytes, length);
    }
    return true;
}

/* What comes after: read, remake, compare, a day away, publish and sign. */
static bool follow(const struct planned *planned, struct roll *roll, struct rw_arena *arena,
                   struct rw_text *written, struct rw_error *err)
{
    const struct made *made = planned->made;
    const struct publish_facts facts = { .dispenser = "d1",
                                         .version = 1,
                                         .client = "p",
                                         .released = "2026-11-20T14:00:00.000Z",
                                         .alarm_after_min = 45,
                                         .roll_key = made->roll_key,
                                         .zone = made->zone };
    const char *const serial[] = { roll->bags[1].serial };
    struct roll *again;
    struct roll *remade;
    struct amendment *amendment;
    struct absence absence;
    struct schedule *schedule;
    const char *bytes;
    size_t length;
    if (!roll_json_write(roll, arena, &bytes, &length, err) ||
        !roll_json_read(bytes, length, arena, &again, err) ||
        !amend_remake(again, serial, 1, made->pharmacy_key, arena, &remade, err) ||
        !amend_compare(roll, remade, arena, &amendment, err))
        return false;
    const struct absence_request request = {
        .roll = roll, .next = remade, .from = roll->bags[1].at, .to = roll->bags[2].at
    };
    if (!absence_find(&request, arena, &absence, err) ||
        !publish_schedule(remade, &facts, arena, &schedule, err) ||
        !schedule_json_write(schedule, arena, &bytes, &length, err))
        return false;
    rw_text_add_n(written, bytes, length);
    rw_text_format(written, "%s %zu %zu", amend_action_word(amendment->action),
                   amendment->list_count, absence.count);
    return true;
}

static bool walk(const struct planned *planned, struct rw_arena *arena, struct rw_text *written,
                 struct rw_error *err)
{
    struct series series;
    return build(planned, arena, written, &series, err) &&
           follow(planned, series.rolls[0], arena, written, err);
}

/* A client with something of all that a plan weighs: a part that is finer than a half, drops, an
 * agreement that ends another, what was handed over, what the client says to use. */
static void make_client(struct planned *planned, struct made *made)
{
    static const struct order *list[PLANNED_ORDERS];
    planned_begin(planned, made);
    planned->window.days = 3;
    planned->media.bags_max = 8; /* two days of four moments */
    (void)planned_add(planned, "a", 1000, each_moment, 4);
    (void)planned_add(planned, "quarter", 250, at_8_and_18, 2);
    (void)planned_add(planned, "drops", 1000, at_8_and_18, 1);
    (void)planned_add(planned, "weekly", 1000, at_8_and_18, 1);
    planned->dosings[3].weekdays = 1;
    const struct rw_stamp start = made_at(made, MADE_FROM - 7, 0, 0);
    const struct rw_stamp last = made_at(made, MADE_FROM + 1, 23, 59);
    planned->orders[0].period_start = (struct dosing_point){ DOSING_MINUTE, start, 0 };
    struct order *stop = planned_add(planned, "a", 1000, each_moment, 4);
    stop->treatment = planned->orders[1].treatment;
    stop->stop_type = "410546004";
    stop->period_end = (struct dosing_point){ DOSING_MINUTE, last, 59 };
    struct order *supply = planned_add(planned, "a", 1000, each_moment, 4);
    *supply = (struct order){ .source = "a.json",
                              .resource = "MedicationDispense",
                              .pointer = "/mve",
                              .kind = ORDER_MVE,
                              .status = "completed",
                              .refused = "not-an-order",
                              .treatment = planned->orders[0].treatment,
                              .product = planned->orders[0].product,
                              .supplied_milli = 5000,
                              .client = planned->orders[0].client };
    planned->orders[0].period_end =
        (struct dosing_point){ DOSING_MINUTE, made_at(made, MADE_FROM + 2, 23, 59), 59 };
    for (size_t i = 0; i < planned->count; i++)
        list[i] = &planned->orders[i];
    planned->request.orders = list;
    planned->request.order_count = planned->count;
}

/* With too little memory there is no roll; with enough, and with a byte more, the same one. */
static void every_ceiling_gives_the_whole_roll_or_none(void **state)
{
    static struct planned planned;
    struct made *made = *state;
    struct ceilings ceilings = { .least = LEAST_BYTES };
    struct rw_text wanted;
    struct rw_error err = { 0 };
    bool done = false;
    make_client(&planned, made);
    rw_text_init(&wanted, made->arena, BYTES_MAX);
    if (!walk(&planned, made->arena, &wanted, &err))
        fail_msg("%s: %s", err.at, err.text);
    while (!done) {
        struct rw_error fault = { 0 };
        struct rw_text written;
        struct rw_arena *beside = rw_arena_open(4 * BYTES_MAX);
        struct rw_arena *arena = ceilings_open(&ceilings);
        rw_text_init(&written, beside, BYTES_MAX);
        done = walk(&planned, arena, &written, &fault);
        if (!done && fault.code != RW_NO_MEMORY)
            fail_msg("at %zu bytes: %s: %s", ceilings.at, fault.at, fault.text);
        if (done && strcmp(written.bytes, wanted.bytes) != 0)
            fail_msg("at %zu bytes another roll", ceilings.at);
        rw_arena_close(beside);
        if (done)
            rw_arena_close(arena);
        else
            ceilings_raise(&ceilings, arena);
    }
    assert_true(ceilings.refusals > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_ceiling_gives_the_whole_roll_or_none),
    };
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
