/* SPDX-License-Identifier: Apache-2.0 */
/* Remembers which roll numbers a run has given. */
#ifndef RW_CLI_BUILD_NUMBERS_H
#define RW_CLI_BUILD_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

/* A set of numbers below a thousand million. All zeros and an arena are the empty set. */
struct build_numbers {
    struct rw_arena *arena; /* lives as long as the set; given anew when the set doubles */
    uint32_t *slots;        /* number + 1; 0 = free */
    size_t room;            /* a power of two, at most half full */
    size_t count;
};

bool build_numbers_has(const struct build_numbers *numbers, uint32_t number);
/* `ret_new` false: it was given before. */
RW_MUST_USE bool build_numbers_take(struct build_numbers *numbers, uint32_t number, bool *ret_new,
                                    struct rw_error *err);

#endif
