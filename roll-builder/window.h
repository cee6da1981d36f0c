/* SPDX-License-Identifier: Apache-2.0 */
/* The days that are planned. */
#ifndef RW_ROLL_BUILDER_WINDOW_H
#define RW_ROLL_BUILDER_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

/* The local days [from 00:00, from + days 00:00). */
struct window {
    int32_t from;
    int32_t days;
    bool has_start; /* --start: an anchor for orders that state none */
    int32_t start;
};

#endif
