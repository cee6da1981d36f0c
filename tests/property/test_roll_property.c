/* SPDX-License-Identifier: Apache-2.0 */
/* From a seed: what must hold for the roll of any client. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "core/base/date.h"
#include "core/base/random.h"
#include "tests/unit/roll-builder/planned.h"

#define ROUNDS 150
#define DAYS 14
#define SEED_DEFAULT 20261123

static uint64_t seed_of_run(void)
{
    const char *text = getenv("RW_SEED");
    return text != NULL ? strtoull(text, NULL, 10) : SEED_DEFAULT;
}

/* Fortnights over both clock changes, a leap day and New Year, and a plain one. */
static int32_t some_start(struct rw_random *random)
{
    static const char *const starts[] = { "2026-11-23", "2026-03-20", "2026-10-16", "2028-02-20",
                                          "2026-12-22" };
    int32_t day;
    const bool is_date = rw_date_parse(starts[rw_random_below(random, RW_COUNT(starts))], &day);
    assert_true(is_date);
    return day;
}

/* Moments that differ by weekday, and pieces that take room. */
static void shift_policy(struct planned *planned, struct rw_random *random)
{
    for (size_t day = 0; day < DAYTIMES_DAYS; day++)
        planned->policy.daytimes.minute[day][DAYTIMES_MORNING] +=
            15 * (int32_t)rw_random_below(random, 3);
    planned->media.volume_max_ul = 3000;
    for (size_t i = 0; i < planned->products->count; i++)
        planned->products->rows[i].volume_ul = 250 * (int32_t)rw_random_below(random, 5);
}

/* Moments in the place of times: as many of them. */
static void name_moments(struct dosing *dosing)
{
    static const char *const codes[] = { "MORN", "NOON", "EVE", "NIGHT" };
    dosing->when_count = dosing->time_count;
    dosing->time_count = 0;
    for (size_t i = 0; i < dosing->when_count; i++)
        dosing->when[i] = codes[i];
}

/* A client with one to eight orders of one to four times a day. */
static void make_client(struct planned *planned, struct made *made, struct rw_random *random)
{
    static const char *const products[] = { "a", "b", "c", "d", "e", "f", "h", "alone" };
    rw_arena_reset(made->arena);
    planned_begin(planned, made);
    planned->policy.pieces_max = 2 + (int32_t)rw_random_below(random, 9);
    planned->policy.products_max = 1 + (int32_t)rw_random_below(random, 6);
    planned->window.from = some_start(random);
    shift_policy(planned, random);
    const size_t count = 1 + rw_random_below(random, 8);
    for (size_t i = 0; i < count; i++) {
        static const int32_t choices[] = { 7, 8, 12, 18, 22 };
        int32_t hours[4];
        size_t hour_count = 0;
        const uint64_t mask = 1 + rw_random_below(random, 15);
        for (size_t j = 0; j < 4; j++) {
            if (mask >> j & 1)
                hours[hour_count++] = choices[j + rw_random_below(random, 2) * (j == 3)];
        }
        struct order *order =
            planned_add(planned, products[i], 500 * (1 + (int64_t)rw_random_below(random, 6)),
                        hours, hour_count);
        order->gds = rw_random_below(random, 6) > 0;
        planned->dosings[i].exact = rw_random_below(random, 8) == 0;
        if (rw_random_below(random, 3) == 0)
            name_moments(&planned->dosings[i]);
        if (rw_random_below(random, 4) == 0)
            planned->dosings[i].weekdays = (uint8_t)(1 + rw_random_below(random, 127));
    }
}

/* Rolls that were planned since a property began: one that looks at too few proves little. */
static size_t planned_count;

static void begin_property(struct rw_random *random, uint64_t number)
{
    *random = rw_random_seeded(seed_of_run() + number);
    planned_count = 0;
}

static void end_property(void)
{
    assert_true(planned_count >= ROUNDS / 2);
}

static struct roll *plan(struct planned *planned, uint64_t seed)
{
    bool blocked;
    struct roll *roll = planned_roll(planned, &blocked);
    planned_count += !blocked;
    /* Bags beyond the dispenser's room block, as they should; nothing else may. */
    if (blocked && !planned_has(roll, "D28", "too-many-bags", RW_BLOCKS))
        fail_msg("seed %llu: a sound client was blocked", (unsigned long long)seed);
    return blocked ? NULL : roll;
}

/* What an order asks for, counted day by day without a planner. */
static int64_t asked_milli(const struct planned *planned, size_t index)
{
    const struct dosing *dosing = &planned->dosings[index];
    int64_t sum = 0;
    for (int32_t day = 0; day < planned->window.days; day++) {
        const int32_t weekday = rw_date_weekday(planned->window.from + day);
        if (dosing->weekdays == 0 || (dosing->weekdays >> (weekday - 1) & 1))
            sum += dosing->dose.milli * (int64_t)(dosing->time_count + dosing->when_count);
    }
    return sum;
}

static int64_t loose_milli(const struct roll *roll, const char *order)
{
    int64_t sum = 0;
    for (size_t i = 0; i < roll->loose_count; i++) {
        if (strcmp(roll->loose[i].order, order) == 0)
            sum += roll->loose[i].milli;
    }
    return sum;
}

static void each_thousandth_is_in_the_roll_or_beside_it(void **state)
{
    struct rw_random random;
    begin_property(&random, 0);
    for (size_t round = 0; round < ROUNDS; round++) {
        struct planned planned;
        make_client(&planned, *state, &random);
        const struct roll *roll = plan(&planned, seed_of_run());
        for (size_t i = 0; roll != NULL && i < planned.count; i++) {
            const char *product = planned.orders[i].product.text;
            const int64_t packed = planned_milli(roll, product);
            const int64_t loose = loose_milli(roll, planned.orders[i].pointer);
            assert_int_equal(packed + loose, asked_milli(&planned, i));
            assert_true(packed == 0 || loose == 0);
        }
    }
    end_property();
}

static void every_bag_is_within_the_policy(void **state)
{
    struct rw_random random;
    begin_property(&random, 1);
    for (size_t round = 0; round < ROUNDS; round++) {
        struct planned planned;
        make_client(&planned, *state, &random);
        const struct roll *roll = plan(&planned, seed_of_run());
        for (size_t i = 1; roll != NULL && i + 1 < roll->bag_count; i++) {
            const struct bag *bag = &roll->bags[i];
            assert_true(bag_pieces(bag) <= planned.policy.pieces_max);
            assert_true((int32_t)bag->content_count <= planned.policy.products_max);
            assert_true(bag_volume_ul(bag) <= planned.media.volume_max_ul);
            assert_true(bag->at.wall.day >= planned.window.from &&
                        bag->at.wall.day < planned.window.from + DAYS);
            for (size_t j = 0; j < bag->content_count; j++)
                assert_true(bag->content_count == 1 ||
                            strcmp(bag->contents[j].product, "alone") != 0);
        }
    }
    end_property();
}

static bool same_bag(const struct bag *one, const struct bag *two)
{
    if (rw_stamp_utc_minute(one->at) != rw_stamp_utc_minute(two->at) || one->part != two->part ||
        one->parts != two->parts || one->exact != two->exact ||
        one->content_count != two->content_count)
        return false;
    for (size_t i = 0; i < one->content_count; i++) {
        if (strcmp(one->contents[i].order, two->contents[i].order) != 0 ||
            one->contents[i].milli != two->contents[i].milli)
            return false;
    }
    return true;
}

static void swap_orders(struct planned *planned, size_t one, size_t two)
{
    const struct order order = planned->orders[one];
    planned->orders[one] = planned->orders[two];
    planned->orders[two] = order;
}

static void the_order_of_the_lines_does_not_matter(void **state)
{
    struct rw_random random;
    begin_property(&random, 2);
    for (size_t round = 0; round < ROUNDS; round++) {
        struct planned planned;
        make_client(&planned, *state, &random);
        const struct roll *roll = plan(&planned, seed_of_run());
        for (size_t i = planned.count; i > 1; i--)
            swap_orders(&planned, i - 1, rw_random_below(&random, i));
        const struct roll *again = plan(&planned, seed_of_run());
        assert_int_equal(roll == NULL, again == NULL);
        for (size_t i = 0; roll != NULL && i < roll->bag_count; i++) {
            assert_true(same_bag(&roll->bags[i], &again->bags[i]));
            assert_string_equal(roll->bags[i].code, again->bags[i].code);
        }
    }
    end_property();
}

static void fourteen_days_are_seven_and_seven(void **state)
{
    struct rw_random random;
    begin_property(&random, 3);
    for (size_t round = 0; round < ROUNDS; round++) {
        struct planned planned;
        make_client(&planned, *state, &random);
        const struct roll *whole = plan(&planned, seed_of_run());
        planned.window.days = DAYS / 2;
        const struct roll *first = plan(&planned, seed_of_run());
        planned.window.from += DAYS / 2;
        const struct roll *second = plan(&planned, seed_of_run());
        if (whole == NULL || first == NULL || second == NULL)
            continue;
        const size_t doses = first->bag_count - 2;
        assert_int_equal(whole->bag_count, first->bag_count + second->bag_count - 2);
        for (size_t i = 1; i <= doses; i++)
            assert_true(same_bag(&whole->bags[i], &first->bags[i]));
        for (size_t i = 1; i + 1 < second->bag_count; i++)
            assert_true(same_bag(&whole->bags[doses + i], &second->bags[i]));
    }
    end_property();
}

/* Pieces in bags of the order at this place, and the latest minute at which one is taken. */
static int64_t packed_milli(const struct roll *roll, const struct order *order, int64_t *ret_last)
{
    int64_t sum = 0;
    *ret_last = INT64_MIN;
    for (size_t i = 1; i + 1 < roll->bag_count; i++) {
        for (size_t j = 0; j < roll->bags[i].content_count; j++) {
            const struct bag_content *content = &roll->bags[i].contents[j];
            if (strcmp(content->order, order->pointer) != 0)
                continue;
            sum += content->milli;
            *ret_last = rw_stamp_utc_minute(roll->bags[i].at);
        }
    }
    return sum;
}

/* The later an order ends, the more of it is packed, and nothing after its end. */
static void a_later_stop_never_takes_away(void **state)
{
    struct rw_random random;
    begin_property(&random, 4);
    for (size_t round = 0; round < ROUNDS / 3; round++) {
        struct planned planned;
        make_client(&planned, *state, &random);
        const size_t index = rw_random_below(&random, planned.count);
        int64_t before = 0;
        for (int32_t day = -1; day < DAYS; day += 3) {
            const struct rw_stamp end = made_at(planned.made, planned.window.from + day, 23, 59);
            planned.orders[index].period_end = (struct dosing_point){ DOSING_MINUTE, end, 59 };
            const struct roll *roll = plan(&planned, seed_of_run());
            if (roll == NULL)
                continue;
            int64_t last;
            const int64_t packed = packed_milli(roll, &planned.orders[index], &last);
            assert_true(packed >= before);
            assert_true(last <= rw_stamp_utc_minute(end));
            before = packed;
        }
    }
    end_property();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_thousandth_is_in_the_roll_or_beside_it),
        cmocka_unit_test(every_bag_is_within_the_policy),
        cmocka_unit_test(the_order_of_the_lines_does_not_matter),
        cmocka_unit_test(fourteen_days_are_seven_and_seven),
        cmocka_unit_test(a_later_stop_never_takes_away),
    };
    printf("RW_SEED=%llu\n", (unsigned long long)seed_of_run());
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
