/* SPDX-License-Identifier: Apache-2.0 */
/* An invented strip of bags and its schedule, for tests. */
#include "strip.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/model/tag.h"

static struct rw_stamp stamp_at(int32_t minute)
{
    return (struct rw_stamp){ .wall = { STRIP_DAY + minute / 1440, minute % 1440 },
                              .offset_min = 60 };
}

static void make_bag(struct strip *strip, int32_t n)
{
    struct tag tag = { .profile = TAG_INTERNAL };
    struct schedule_bag *bag = &strip->bags[n - 1];
    int32_t minute = 480 + (n - 1) * 120;
    *bag = (struct schedule_bag){ .n = n,
                                  .serial = strip->serials[n - 1],
                                  .at = stamp_at(minute),
                                  .opens = stamp_at(minute - 30),
                                  .closes = stamp_at(minute + 60),
                                  .exact = n == 4,
                                  .early = n != 4,
                                  .pieces = 2,
                                  .tag = strip->tags[n - 1] };
    (void)snprintf(strip->serials[n - 1], BAG_SERIAL_MAX, "%.9s0%c%c", strip->schedule.roll,
                   (char)('0' + n / 10), (char)('0' + n % 10));
    memcpy(tag.serial, strip->serials[n - 1], sizeof tag.serial);
    tag_time(bag->at, tag.time);
    bool signed_well = tag_sign(&tag, strip->schedule.roll_key, strip->codes[n - 1], NULL);
    assert(signed_well);
    memcpy(strip->tags[n - 1], tag.digits, sizeof tag.digits);
}

void strip_make(struct strip *strip, int32_t version, const char *dispenser)
{
    strip_make_of(strip, "482913570", version, dispenser);
}

void strip_make_of(struct strip *strip, const char *roll, int32_t version, const char *dispenser)
{
    *strip = (struct strip){ 0 };
    strip->schedule = (struct schedule){ .dispenser = dispenser,
                                         .version = version,
                                         .roll = roll,
                                         .roll_version = 1,
                                         .client = "p-1",
                                         .released = "2026-11-22T15:00:00.000Z",
                                         .zone = "Europe/Amsterdam",
                                         .media = "generic-70x60",
                                         .first = 1,
                                         .last = STRIP_BAGS,
                                         .alarm_after_min = 45,
                                         .pharmacy = "ap-1",
                                         .not_after = "2026-11-25T00:00:00.000Z",
                                         .next_roll_due = "2026-11-24T08:00+01:00",
                                         .bags = strip->bags,
                                         .bag_count = STRIP_BAGS,
                                         .revoked = strip->revoked };
    memset(strip->schedule.roll_key, 7, sizeof strip->schedule.roll_key);
    for (int32_t n = 1; n <= STRIP_BAGS; n++)
        make_bag(strip, n);
}

int64_t strip_ms(int32_t hour, int32_t minute)
{
    return rw_stamp_utc_minute(stamp_at(hour * 60 + minute)) * 60000;
}
