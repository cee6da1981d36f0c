/* SPDX-License-Identifier: Apache-2.0 */
/* Opens the desk of a test of labels and makes its rolls. */
#include "tests/support/sample_desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ARENA_BYTES ((size_t)512 * RW_ARENA_MIB)
#define CONTENTS_MAX 12

struct sample_desk sample_desk;

int sample_desk_open(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    sample_desk.arena = rw_arena_open(ARENA_BYTES);
    return sample_desk.arena == NULL || !rw_crypto_init(&err) ||
           !canvas_open(&sample_desk.desk.canvas, &err);
}

int sample_desk_close(void **state)
{
    (void)state;
    canvas_close(sample_desk.desk.canvas);
    rw_arena_close(sample_desk.arena);
    return 0;
}

struct roll *sample_desk_roll(const struct sample_roll_request *request)
{
    struct roll *roll = NULL;
    struct rw_error err = { 0 };
    if (!sample_roll_make(request, sample_desk.arena, &roll, &err))
        fail_msg("%s: %s", err.at, err.text);
    return roll;
}

struct bag sample_desk_bag(const struct roll *roll, struct rw_random *random, size_t count)
{
    struct rw_error err = { 0 };
    struct bag bag = roll->bags[1];
    assert_in_range(count, 0, CONTENTS_MAX);
    bag.contents = rw_arena_array(sample_desk.arena, CONTENTS_MAX, sizeof *bag.contents, &err);
    assert_non_null(bag.contents);
    bag.content_count = count;
    for (size_t i = 0; i < count; i++)
        bag.contents[i] = sample_roll_content(random);
    return bag;
}
