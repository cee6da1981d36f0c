/* SPDX-License-Identifier: Apache-2.0 */
/* Tells the time through a port, so that tests can hold it still. */
#ifndef RW_CORE_BASE_CLOCK_H
#define RW_CORE_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define RW_CLOCK_TEXT_MAX 32 /* "2026-11-23T07:00:00.000Z" and its NUL */

/* The port: who needs the time is handed one of these. */
struct rw_clock {
    void *self;
    int64_t (*utc_ms)(void *self);       /* milliseconds since 1970-01-01T00:00Z */
    int64_t (*monotonic_ms)(void *self); /* never goes back; its zero means nothing */
};

/* The clock of this machine. */
struct rw_clock rw_clock_system(void);
int64_t rw_clock_utc_ms(const struct rw_clock *clock);
int64_t rw_clock_monotonic_ms(const struct rw_clock *clock);
/* "2026-11-23T07:00:00.000Z". */
void rw_clock_write_utc(int64_t utc_ms, char ret_text[RW_CLOCK_TEXT_MAX]);
/* Reads "…Z" or "…+01:00", with or without seconds and milliseconds; false leaves ret as it is. */
bool rw_clock_parse_utc(const char *text, int64_t *ret_utc_ms);

#endif
