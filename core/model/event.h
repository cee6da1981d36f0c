/* SPDX-License-Identifier: Apache-2.0 */
/* What a dispenser reports, in the words of docs/FORMATS.md. */
#ifndef RW_CORE_MODEL_EVENT_H
#define RW_CORE_MODEL_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVENT_BATCH_MAX 500 /* events of one request */
#define EVENT_SEQ_MAX                                                          \
    INT64_C(9007199254740991) /* largest whole number that JSON carries safely \
                               */

enum event_type {
    EVENT_NONE,
    EVENT_SCHEDULE_APPLIED,
    EVENT_ROLL_LOADED,
    EVENT_ROLL_REMOVED,
    EVENT_DUE,
    EVENT_RELEASED,
    EVENT_CONFIRMED,
    EVENT_MISSED,
    EVENT_WITHHELD,
    EVENT_RETURNED,
    EVENT_JAM,
    EVENT_MISFEED,
    EVENT_DOUBLE_FEED,
    EVENT_CUT_ERROR,
    EVENT_CODE_MISMATCH,
    EVENT_LOW_BAGS,
    EVENT_LID_OPEN,
    EVENT_POWER_LOST,
    EVENT_POWER_RESTORED,
    EVENT_BATTERY,
    EVENT_OFFLINE,
    EVENT_ONLINE,
    EVENT_CLOCK_DRIFT,
    EVENT_PAUSED,
    EVENT_RESUMED,
    EVENT_TYPE_COUNT
};
enum event_cause {
    EVENT_CAUSE_NONE,
    EVENT_SCHEDULED,
    EVENT_EARLY,
    EVENT_MANUAL,
    EVENT_RETRY,
    EVENT_CAUSE_COUNT
};

struct event {
    char id[37];       /* UUID */
    int64_t seq;       /* 1, 2, 3 … of this dispenser, without gaps */
    int64_t at_utc_ms; /* the device's clock */
    enum event_type type;
    char serial[13];        /* "" when the event concerns no bag */
    enum event_cause cause; /* only for EVENT_RELEASED */
};

const char *event_type_word(enum event_type type);
bool event_type_from_word(const char *word, enum event_type *ret_type);
const char *event_cause_word(enum event_cause cause);
bool event_cause_from_word(const char *word, enum event_cause *ret_cause);

#endif
