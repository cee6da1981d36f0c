/* SPDX-License-Identifier: Apache-2.0 */
/* Reads this machine's clocks and writes instants in UTC. */
#define _POSIX_C_SOURCE 200809L
#include "core/base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/base/date.h"
#include "core/base/zone.h"

#define DAY_MS INT64_C(86400000)

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    if (clock_gettime(id, &now) != 0)
        return 0;
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t system_utc_ms(void *self)
{
    (void)self;
    return read_clock(CLOCK_REALTIME);
}

static int64_t system_monotonic_ms(void *self)
{
    (void)self;
    return read_clock(CLOCK_MONOTONIC);
}

struct rw_clock rw_clock_system(void)
{
    return (struct rw_clock){ .utc_ms = system_utc_ms, .monotonic_ms = system_monotonic_ms };
}

int64_t rw_clock_utc_ms(const struct rw_clock *clock)
{
    return clock->utc_ms(clock->self);
}

int64_t rw_clock_monotonic_ms(const struct rw_clock *clock)
{
    return clock->monotonic_ms(clock->self);
}

void rw_clock_write_utc(int64_t utc_ms, char ret_text[RW_CLOCK_TEXT_MAX])
{
    int64_t day = utc_ms / DAY_MS - (utc_ms % DAY_MS < 0);
    int32_t left_ms = (int32_t)(utc_ms - day * DAY_MS);
    char date[RW_DATE_TEXT_MAX];
    rw_date_write((int32_t)day, date);
    (void)snprintf(ret_text, RW_CLOCK_TEXT_MAX, "%sT%02d:%02d:%02d.%03dZ", date, left_ms / 3600000,
                   left_ms / 60000 % 60, left_ms / 1000 % 60, left_ms % 1000);
}

bool rw_clock_parse_utc(const char *text, int64_t *ret_utc_ms)
{
    struct rw_stamp stamp;
    if (!rw_stamp_parse(text, &stamp))
        return false;
    int64_t utc_ms = rw_stamp_utc_minute(stamp) * 60000;
    const char *rest = text + strlen("2026-11-23T08:00");
    if (*rest == ':') {
        /* rw_stamp_parse saw to it that two digits follow. */
        utc_ms += (rest[1] - '0') * 10000 + (rest[2] - '0') * 1000;
        rest += 3;
        int32_t worth = 100;
        for (rest += *rest == '.'; *rest >= '0' && *rest <= '9'; rest++) {
            utc_ms += (*rest - '0') * worth;
            worth /= 10;
        }
    }
    *ret_utc_ms = utc_ms;
    return true;
}
