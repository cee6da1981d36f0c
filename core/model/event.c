/* SPDX-License-Identifier: Apache-2.0 */
/* The words of what a dispenser reports. */
#include "core/model/event.h"

#include "core/base/text.h"

static const char *const type_words[EVENT_TYPE_COUNT] = { [EVENT_NONE] = "none",
                                                          [EVENT_SCHEDULE_APPLIED] =
                                                              "schedule_applied",
                                                          [EVENT_ROLL_LOADED] = "roll_loaded",
                                                          [EVENT_ROLL_REMOVED] = "roll_removed",
                                                          [EVENT_DUE] = "due",
                                                          [EVENT_RELEASED] = "released",
                                                          [EVENT_CONFIRMED] = "confirmed",
                                                          [EVENT_MISSED] = "missed",
                                                          [EVENT_WITHHELD] = "withheld",
                                                          [EVENT_RETURNED] = "returned",
                                                          [EVENT_JAM] = "jam",
                                                          [EVENT_MISFEED] = "misfeed",
                                                          [EVENT_DOUBLE_FEED] = "double_feed",
                                                          [EVENT_CUT_ERROR] = "cut_error",
                                                          [EVENT_CODE_MISMATCH] = "code_mismatch",
                                                          [EVENT_LOW_BAGS] = "low_bags",
                                                          [EVENT_LID_OPEN] = "lid_open",
                                                          [EVENT_POWER_LOST] = "power_lost",
                                                          [EVENT_POWER_RESTORED] = "power_restored",
                                                          [EVENT_BATTERY] = "battery",
                                                          [EVENT_OFFLINE] = "offline",
                                                          [EVENT_ONLINE] = "online",
                                                          [EVENT_CLOCK_DRIFT] = "clock_drift",
                                                          [EVENT_PAUSED] = "paused",
                                                          [EVENT_RESUMED] = "resumed" };

static const char *const cause_words[EVENT_CAUSE_COUNT] = { [EVENT_CAUSE_NONE] = "none",
                                                            [EVENT_SCHEDULED] = "scheduled",
                                                            [EVENT_EARLY] = "early",
                                                            [EVENT_MANUAL] = "manual",
                                                            [EVENT_RETRY] = "retry" };

const char *event_type_word(enum event_type type)
{
    return type_words[type];
}

bool event_type_from_word(const char *word, enum event_type *ret_type)
{
    for (int type = EVENT_NONE + 1; type < EVENT_TYPE_COUNT; type++) {
        if (rw_text_equal(word, type_words[type])) {
            *ret_type = (enum event_type)type;
            return true;
        }
    }
    return false;
}

const char *event_cause_word(enum event_cause cause)
{
    return cause_words[cause];
}

bool event_cause_from_word(const char *word, enum event_cause *ret_cause)
{
    for (int cause = EVENT_CAUSE_NONE + 1; cause < EVENT_CAUSE_COUNT; cause++) {
        if (rw_text_equal(word, cause_words[cause])) {
            *ret_cause = (enum event_cause)cause;
            return true;
        }
    }
    return false;
}
