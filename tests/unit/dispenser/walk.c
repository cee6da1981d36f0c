/* SPDX-License-Identifier: Apache-2.0 */
/* A dispenser that walks through a strip step by step. */
#include "walk.h"

struct strip strip;
struct loop_state current;
struct loop_result result;

void walk_begin(void)
{
    strip_make(&strip, 7, "d-1");
    current = (struct loop_state){ 0 };
}

static void walk(const struct schedule *schedule, struct loop_input input, int32_t hour,
                 int32_t minute)
{
    input.dispenser = "d-1";
    loop_step(schedule, &current, &input, strip_ms(hour, minute), &result);
    current = result.state;
}

void walk_act(const struct schedule *schedule, enum loop_act act, const char *code, int32_t hour,
              int32_t minute)
{
    walk(schedule, (struct loop_input){ .act = act, .code = code }, hour, minute);
}

void walk_step(enum loop_act act, int32_t hour, int32_t minute)
{
    walk(&strip.schedule, (struct loop_input){ .act = act }, hour, minute);
}

enum loading_answer walk_load(int32_t n, int32_t hour, int32_t minute)
{
    walk(&strip.schedule,
         (struct loop_input){ .act = LOOP_LOAD,
                              .code = strip.codes[n - 1],
                              .code_next = n < STRIP_BAGS ? strip.codes[n] : NULL },
         hour, minute);
    return result.loading;
}
