/* SPDX-License-Identifier: Apache-2.0 */
/* Turns wall time into instants with ICU's rules; the door to ICU. */
#include "core/base/zone.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "core/base/date.h"
#include "core/base/text.h"

#define ZONE_NAME_MAX 64
#define ZONE_SPANS_MAX 2048     /* 1900…2200 with two changes a year are 600 */
#define ZONE_OFFSET_MAX_MIN 840 /* UTC+14, the largest offset in use and the largest of FHIR */
#define MINUTE_MS 60000.0
#define ZONE_FIRST_MIN ((int64_t)RW_DATE_MIN * RW_DAY_MINUTES - RW_DAY_MINUTES)
#define ZONE_LAST_MIN (((int64_t)RW_DATE_MAX + 2) * RW_DAY_MINUTES)

/* From this minute (UTC) until the next span begins the offset holds. */
struct zone_span {
    int64_t start_minute;
    int32_t offset_min;
};

/* All changes are read at the opening: afterwards a zone is constant, and threads may share it. */
struct rw_zone {
    struct zone_span spans[ZONE_SPANS_MAX];
    size_t count;
};

static bool exists(const UChar *name, UErrorCode *status)
{
    /* ucal_open would silently take UTC for a name that it lacks. */
    UChar canonical[ZONE_NAME_MAX];
    UBool is_system = false;
    (void)ucal_getCanonicalTimeZoneID(name, -1, canonical, ZONE_NAME_MAX, &is_system, status);
    char plain[ZONE_NAME_MAX];
    (void)u_strToUTF8(plain, sizeof plain, NULL, canonical, -1, status);
    return U_SUCCESS(*status) && is_system && strcmp(plain, "Etc/Unknown") != 0;
}

static int32_t offset_now(UCalendar *calendar, UErrorCode *status)
{
    int32_t offset_ms =
        ucal_get(calendar, UCAL_ZONE_OFFSET, status) + ucal_get(calendar, UCAL_DST_OFFSET, status);
    return offset_ms / 60000;
}

static bool read_spans(UCalendar *calendar, struct rw_zone *zone, UErrorCode *status)
{
    ucal_setGregorianChange(calendar, -1e17, status); /* before every date of ours */
    ucal_setMillis(calendar, (double)ZONE_FIRST_MIN * MINUTE_MS, status);
    zone->spans[0] = (struct zone_span){ ZONE_FIRST_MIN, offset_now(calendar, status) };
    zone->count = 1;
    UDate change = 0;
    while (U_SUCCESS(*status) &&
           ucal_getTimeZoneTransitionDate(calendar, UCAL_TZ_TRANSITION_NEXT, &change, status) &&
           change < (double)ZONE_LAST_MIN * MINUTE_MS) {
        ucal_setMillis(calendar, change, status);
        int32_t offset = offset_now(calendar, status);
        if (offset == zone->spans[zone->count - 1].offset_min)
            continue; /* only the zone's letters changed */
        if (zone->count == ZONE_SPANS_MAX)
            return false;
        zone->spans[zone->count++] = (struct zone_span){ (int64_t)(change / MINUTE_MS), offset };
    }
    return U_SUCCESS(*status);
}

bool rw_zone_open(const char *name, struct rw_zone **ret_zone, struct rw_error *err)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar wide[ZONE_NAME_MAX];
    (void)u_strFromUTF8(wide, ZONE_NAME_MAX, NULL, name, -1, &status);
    if (U_FAILURE(status) || status == U_STRING_NOT_TERMINATED_WARNING || !exists(wide, &status))
        return rw_error_set(err, RW_INVALID, "", "time zone \"%.64s\" does not exist", name);

    UCalendar *calendar = ucal_open(wide, -1, "en", UCAL_GREGORIAN, &status);
    struct rw_zone *zone = calloc(1, sizeof *zone);
    bool done = calendar != NULL && zone != NULL && U_SUCCESS(status) &&
                read_spans(calendar, zone, &status);
    if (calendar != NULL)
        ucal_close(calendar);
    if (!done) {
        free(zone);
        return rw_error_set(err, RW_UNAVAILABLE, "",
                            "the rules of time zone \"%s\" could not be read", name);
    }
    *ret_zone = zone;
    return true;
}

void rw_zone_close(struct rw_zone *zone)
{
    free(zone);
}

/* The span that holds at this instant. */
static size_t span_at(const struct rw_zone *zone, int64_t utc_minute)
{
    size_t low = 0;
    size_t high = zone->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone->spans[middle].start_minute <= utc_minute)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static struct rw_stamp stamp_of(int64_t utc_minute, int32_t offset_min)
{
    int64_t local = utc_minute + offset_min;
    int64_t day = local / RW_DAY_MINUTES - (local % RW_DAY_MINUTES < 0);
    return (struct rw_stamp){
        .wall = { (int32_t)day, (int32_t)(local - day * RW_DAY_MINUTES) },
        .offset_min = offset_min,
    };
}

struct rw_stamp rw_zone_at(const struct rw_zone *zone, int64_t utc_minute)
{
    return stamp_of(utc_minute, zone->spans[span_at(zone, utc_minute)].offset_min);
}

struct rw_stamp rw_zone_stamp(const struct rw_zone *zone, struct rw_wall wall)
{
    int64_t local = (int64_t)wall.day * RW_DAY_MINUTES + wall.minute;
    /* Every span that can hold the answer begins after this one, which is a day too early. */
    size_t first = span_at(zone, local - RW_DAY_MINUTES);
    for (size_t i = first; i < zone->count; i++) {
        const struct zone_span *span = &zone->spans[i];
        int64_t utc_minute = local - span->offset_min;
        if (i > first && utc_minute < span->start_minute)
            return stamp_of(span->start_minute, span->offset_min); /* skipped in spring */
        if (i + 1 == zone->count || utc_minute < zone->spans[i + 1].start_minute)
            return stamp_of(utc_minute, span->offset_min);
    }
    assert(false);
    return stamp_of(local, 0);
}

int64_t rw_stamp_utc_minute(struct rw_stamp stamp)
{
    return (int64_t)stamp.wall.day * RW_DAY_MINUTES + stamp.wall.minute - stamp.offset_min;
}

void rw_stamp_write(struct rw_stamp stamp, char ret_text[RW_ZONE_STAMP_MAX])
{
    const uint32_t minute = (uint32_t)stamp.wall.minute;
    int32_t offset = stamp.offset_min < 0 ? -stamp.offset_min : stamp.offset_min;
    assert(offset <= 99 * 60 && stamp.wall.minute >= 0 && stamp.wall.minute < RW_DAY_MINUTES);
    static const char shape[] = "0000-00-00T00:00+00:00";
    memcpy(ret_text, shape, sizeof shape);
    rw_date_write(stamp.wall.day, ret_text);
    ret_text[10] = 'T';
    rw_text_write_digits(ret_text + 11, minute / 60, 2);
    rw_text_write_digits(ret_text + 14, minute % 60, 2);
    ret_text[16] = stamp.offset_min < 0 ? '-' : '+';
    rw_text_write_digits(ret_text + 17, (uint32_t)offset / 60, 2);
    rw_text_write_digits(ret_text + 20, (uint32_t)offset % 60, 2);
}

/* Two digits below `limit`, or -1. */
static int32_t two_digits(const char *text, int32_t limit)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return -1;
    int32_t number = (text[0] - '0') * 10 + (text[1] - '0');
    return number < limit ? number : -1;
}

/* "HH:MM" as minutes, or -1. */
static int32_t clock_minutes(const char *text)
{
    int32_t hours = two_digits(text, 24);
    if (hours < 0 || text[2] != ':')
        return -1;
    int32_t minutes = two_digits(text + 3, 60);
    return minutes < 0 ? -1 : hours * 60 + minutes;
}

/* Passes over ":SS" and ".fff"; NULL when they are malformed. */
static const char *after_seconds(const char *text)
{
    if (*text != ':')
        return text;
    if (two_digits(text + 1, 60) < 0)
        return NULL;
    text += 3;
    if (*text != '.')
        return text;
    size_t count = strspn(text + 1, "0123456789");
    return count > 0 ? text + 1 + count : NULL;
}

static bool parse_offset(const char *text, int32_t *ret_offset_min)
{
    if (strcmp(text, "Z") == 0) {
        *ret_offset_min = 0;
        return true;
    }
    if (text[0] != '+' && text[0] != '-')
        return false;
    int32_t minutes = clock_minutes(text + 1);
    if (minutes < 0 || minutes > ZONE_OFFSET_MAX_MIN || text[6] != '\0')
        return false;
    *ret_offset_min = text[0] == '-' ? -minutes : minutes;
    return true;
}

bool rw_stamp_parse(const char *text, struct rw_stamp *ret_stamp)
{
    char date[RW_DATE_TEXT_MAX] = "";
    struct rw_stamp stamp;
    if (strlen(text) < sizeof "2026-11-23T08:00Z" - 1 || text[10] != 'T')
        return false;
    memcpy(date, text, 10);
    if (!rw_date_parse(date, &stamp.wall.day))
        return false;
    stamp.wall.minute = clock_minutes(text + 11);
    const char *rest = after_seconds(text + 16);
    if (stamp.wall.minute < 0 || rest == NULL || !parse_offset(rest, &stamp.offset_min))
        return false;
    *ret_stamp = stamp;
    return true;
}
