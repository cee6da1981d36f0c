/* SPDX-License-Identifier: Apache-2.0 */
/* The desk that tests of labels lay out on, and sample rolls upon it. */
#ifndef RW_TESTS_SUPPORT_SAMPLE_DESK_H
#define RW_TESTS_SUPPORT_SAMPLE_DESK_H

#include "labels/layout.h"
#include "tests/support/sample_roll.h"

struct sample_desk {
    struct rw_arena *arena;
    struct layout_desk desk;
};

/* One for each test program, open between the two calls below. */
extern struct sample_desk sample_desk;

/* Set-up and tear-down of a group of tests (cmocka). */
int sample_desk_open(void **state);
int sample_desk_close(void **state);

/* The roll that was asked for; fails the test where there is none. Lives until the desk closes. */
struct roll *sample_desk_roll(const struct sample_roll_request *request);
/* Bag 1 of the roll with `count` invented contents, at most 12. */
struct bag sample_desk_bag(const struct roll *roll, struct rw_random *random, size_t count);

#endif
