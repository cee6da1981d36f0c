/* SPDX-License-Identifier: Apache-2.0 */
/* Finds a bag, or its revocation, in a schedule. */
#include "core/model/schedule.h"

#include "core/base/text.h"

#define MINUTE_MS INT64_C(60000)

const struct schedule_bag *schedule_bag_find(const struct schedule *schedule, const char *serial)
{
    for (size_t i = 0; i < schedule->bag_count; i++) {
        if (rw_text_equal(schedule->bags[i].serial, serial))
            return &schedule->bags[i];
    }
    return NULL;
}

const struct schedule_pause *schedule_pause_of(const struct schedule *schedule, int64_t utc_minute)
{
    for (size_t i = 0; i < schedule->pause_count; i++) {
        const struct schedule_pause *pause = &schedule->pauses[i];
        if (utc_minute >= rw_stamp_utc_minute(pause->from) &&
            (pause->open || utc_minute < rw_stamp_utc_minute(pause->until)))
            return pause;
    }
    return NULL;
}

int64_t schedule_leaves_ms(const struct schedule_bag *bag)
{
    const int64_t opens = rw_stamp_utc_minute(bag->opens);
    const int64_t by_hand = rw_stamp_utc_minute(bag->at) - bag->early_min;
    if (bag->early)
        return 0;
    return (opens < by_hand ? opens : by_hand) * MINUTE_MS;
}

bool schedule_is_revoked(const struct schedule *schedule, const char *serial)
{
    for (size_t i = 0; i < schedule->revoked_count; i++) {
        if (rw_text_equal(schedule->revoked[i], serial))
            return true;
    }
    return false;
}
