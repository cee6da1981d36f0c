/* SPDX-License-Identifier: Apache-2.0 */
/* What a person must look at: a missed moment, a silent dispenser. */
#include "core/model/alarm.h"

#include "core/base/attributes.h"
#include "core/base/text.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MIN 60

static const char *const type_words[ALARM_TYPE_COUNT] = {
    [ALARM_NONE] = "none",     [ALARM_MISSED] = "missed",
    [ALARM_SILENT] = "silent", [ALARM_LOW_ROLL] = "low_roll",
    [ALARM_JAM] = "jam",       [ALARM_CODE_MISMATCH] = "code_mismatch",
    [ALARM_RECALL] = "recall", [ALARM_CLOCK] = "clock",
    [ALARM_TEST] = "test"
};

static const char *const state_words[ALARM_STATE_COUNT] = {
    [ALARM_CLOSED] = "closed", [ALARM_OPEN] = "open", [ALARM_ACKNOWLEDGED] = "acknowledged"
};

static const char *const severity_words[ALARM_SEVERITY_COUNT] = {
    [ALARM_URGENT] = "urgent", [ALARM_DAY] = "day"
};

const char *alarm_type_word(enum alarm_type type)
{
    return type_words[type];
}

bool alarm_type_from_word(const char *word, enum alarm_type *ret_type)
{
    for (int type = ALARM_NONE + 1; type < ALARM_TYPE_COUNT; type++) {
        if (rw_text_equal(word, type_words[type])) {
            *ret_type = (enum alarm_type)type;
            return true;
        }
    }
    return false;
}

const char *alarm_state_word(enum alarm_state state)
{
    return state_words[state];
}

bool alarm_state_from_word(const char *word, enum alarm_state *ret_state)
{
    for (int state = ALARM_CLOSED; state < ALARM_STATE_COUNT; state++) {
        if (rw_text_equal(word, state_words[state])) {
            *ret_state = (enum alarm_state)state;
            return true;
        }
    }
    return false;
}

const char *alarm_severity_word(enum alarm_severity severity)
{
    return severity_words[severity];
}

bool alarm_severity_from_word(const char *word, enum alarm_severity *ret_severity)
{
    for (int at = 0; at < ALARM_SEVERITY_COUNT; at++) {
        if (rw_text_equal(word, severity_words[at])) {
            *ret_severity = (enum alarm_severity)at;
            return true;
        }
    }
    return false;
}

int64_t alarm_day_ms(const struct alarm_day *day, const struct rw_zone *zone, int64_t now_utc_ms)
{
    struct rw_wall wall = rw_zone_at(zone, now_utc_ms / MINUTE_MS).wall;
    if (wall.minute >= day->from_hour * HOUR_MIN && wall.minute < day->until_hour * HOUR_MIN)
        return now_utc_ms;
    wall.day += wall.minute >= day->until_hour * HOUR_MIN;
    wall.minute = day->from_hour * HOUR_MIN;
    return rw_stamp_utc_minute(rw_zone_stamp(zone, wall)) * MINUTE_MS;
}

enum alarm_type alarm_of_event(enum event_type type)
{
    static const struct {
        enum event_type event;
        enum alarm_type alarm;
    } rows[] = { { EVENT_MISSED, ALARM_MISSED },    { EVENT_JAM, ALARM_JAM },
                 { EVENT_MISFEED, ALARM_JAM },      { EVENT_DOUBLE_FEED, ALARM_JAM },
                 { EVENT_CUT_ERROR, ALARM_JAM },    { EVENT_CODE_MISMATCH, ALARM_CODE_MISMATCH },
                 { EVENT_LOW_BAGS, ALARM_LOW_ROLL } };
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        if (rows[i].event == type)
            return rows[i].alarm;
    }
    return ALARM_NONE;
}

bool alarm_is_missed(int64_t at_utc_ms, int32_t alarm_after_min, int64_t now_utc_ms)
{
    return now_utc_ms > at_utc_ms + (int64_t)alarm_after_min * 60000;
}
