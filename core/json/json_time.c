/* SPDX-License-Identifier: Apache-2.0 */
/* Reads and writes times, days and serials as members of documents. */
#include "core/json/json_time.h"

#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/date.h"
#include "core/base/text.h"

/* json_refuse with the member's name and what it must be. */
static bool refuse(const struct json *node, const char *name, const char *must_be,
                   struct rw_error *err)
{
    char sentence[128];
    (void)snprintf(sentence, sizeof sentence, "\"%s\" must be %s", name, must_be);
    return json_refuse(json_member(node, name), sentence, err);
}

bool json_time_stamp(const struct json *node, const char *name, struct rw_stamp *ret_stamp,
                     struct rw_error *err)
{
    const char *text;
    if (!json_text(node, name, &text, err))
        return false;
    return rw_stamp_parse(text, ret_stamp) ||
           refuse(node, name, "a time with its offset, as 2026-11-23T08:00+01:00", err);
}

bool json_time_day(const struct json *node, const char *name, int32_t *ret_day,
                   struct rw_error *err)
{
    const char *text;
    if (!json_text(node, name, &text, err))
        return false;
    return rw_date_parse(text, ret_day) || refuse(node, name, "a date, as 2026-11-23", err);
}

bool json_time_utc(const struct json *node, const char *name, int64_t *ret_utc_ms,
                   struct rw_error *err)
{
    const char *text;
    if (!json_text(node, name, &text, err))
        return false;
    return rw_clock_parse_utc(text, ret_utc_ms) ||
           refuse(node, name, "an instant, as 2026-11-23T07:00:00.000Z", err);
}

bool json_time_stamp_text(const struct json *node, const char *name, const char **ret_text,
                          struct rw_error *err)
{
    struct rw_stamp stamp;
    return json_time_stamp(node, name, &stamp, err) && json_text(node, name, ret_text, err);
}

bool json_time_utc_text(const struct json *node, const char *name, const char **ret_text,
                        struct rw_error *err)
{
    int64_t utc_ms;
    return json_time_utc(node, name, &utc_ms, err) && json_text(node, name, ret_text, err);
}

bool json_time_digits(const struct json *node, const char *name, size_t count,
                      const char **ret_text, struct rw_error *err)
{
    const char *text;
    if (!json_text(node, name, &text, err))
        return false;
    if (strlen(text) != count || !rw_text_is_digits(text)) {
        char must_be[32];
        (void)snprintf(must_be, sizeof must_be, "%zu digits", count);
        return refuse(node, name, must_be, err);
    }
    *ret_text = text;
    return true;
}

void json_time_write_stamp(struct json_writer *writer, const char *name, struct rw_stamp stamp)
{
    char text[RW_ZONE_STAMP_MAX];
    rw_stamp_write(stamp, text);
    json_write_text(writer, name, text);
}

void json_time_write_day(struct json_writer *writer, const char *name, int32_t day)
{
    char text[RW_DATE_TEXT_MAX];
    rw_date_write(day, text);
    json_write_text(writer, name, text);
}

void json_time_write_utc(struct json_writer *writer, const char *name, int64_t utc_ms)
{
    char text[RW_CLOCK_TEXT_MAX];
    rw_clock_write_utc(utc_ms, text);
    json_write_text(writer, name, text);
}
