/* SPDX-License-Identifier: Apache-2.0 */
/* What a person must look at: a missed moment, a silent dispenser. */
#ifndef RW_CORE_MODEL_ALARM_H
#define RW_CORE_MODEL_ALARM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/zone.h"
#include "core/model/event.h"

enum alarm_type {
    ALARM_NONE,
    ALARM_MISSED,
    ALARM_SILENT,
    ALARM_LOW_ROLL,
    ALARM_JAM,
    ALARM_CODE_MISMATCH,
    ALARM_RECALL, /* bags were taken back while they lay in the dispenser */
    ALARM_CLOCK,  /* a dispenser's clock is ahead */
    ALARM_TEST,   /* a person tries the whole chain; it is marked as such everywhere */
    ALARM_TYPE_COUNT
};
enum alarm_state { ALARM_CLOSED, ALARM_OPEN, ALARM_ACKNOWLEDGED, ALARM_STATE_COUNT };
/* Does it call somebody out of bed? */
enum alarm_severity { ALARM_URGENT, ALARM_DAY, ALARM_SEVERITY_COUNT };

#define ALARM_RUNGS_MAX 3

/* No drug names, no client name: whoever receives it knows the pseudonym (DOMAIN C.4). */
struct alarm {
    char id[37];
    enum alarm_type type;
    enum alarm_state state;
    const char *client; /* pseudonym */
    const char *dispenser;
    const char *roll; /* NULL when none */
    int32_t bag;      /* n; 0 = none */
    const char *due;  /* planned-time form; NULL when none */
    int64_t raised_utc_ms;
    enum alarm_severity severity;
    int64_t told_utc_ms; /* when others were last told of it, or will be first */
    int32_t rung; /* of the ladder that it has climbed unacknowledged; 0 = as it was raised */
    const char *dedupe_key; /* the same trouble raises one alarm */
};

const char *alarm_type_word(enum alarm_type type);
bool alarm_type_from_word(const char *word, enum alarm_type *ret_type);
const char *alarm_state_word(enum alarm_state state);
bool alarm_state_from_word(const char *word, enum alarm_state *ret_state);
const char *alarm_severity_word(enum alarm_severity severity);
bool alarm_severity_from_word(const char *word, enum alarm_severity *ret_severity);

/* The hours in which somebody is at work: from <= hour < until. */
struct alarm_day {
    int32_t from_hour;
    int32_t until_hour; /* at most 24 */
};
/* Now, when it lies in the day; else when the next day begins. */
int64_t alarm_day_ms(const struct alarm_day *day, const struct rw_zone *zone, int64_t now_utc_ms);
/* The alarm that an event raises at once; ALARM_NONE for most. */
enum alarm_type alarm_of_event(enum event_type type);
/* Has the moment been missed: do more than `alarm_after_min` minutes lie between it and now? */
bool alarm_is_missed(int64_t at_utc_ms, int32_t alarm_after_min, int64_t now_utc_ms);

#endif
