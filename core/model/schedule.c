/* SPDX-License-Identifier: Apache-2.0 */
/* Finds a bag, or its revocation, in a schedule. */
#include "core/model/schedule.h"

#include "core/base/text.h"

const struct schedule_bag *schedule_bag_find(const struct schedule *schedule, const char *serial)
{
    for (size_t i = 0; i < schedule->bag_count; i++) {
        if (rw_text_equal(schedule->bags[i].serial, serial))
            return &schedule->bags[i];
    }
    return NULL;
}

bool schedule_is_revoked(const struct schedule *schedule, const char *serial)
{
    for (size_t i = 0; i < schedule->revoked_count; i++) {
        if (rw_text_equal(schedule->revoked[i], serial))
            return true;
    }
    return false;
}
