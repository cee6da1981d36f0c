/* SPDX-License-Identifier: Apache-2.0 */
/* Checks and reads the primitive values of FHIR R4. */
#include "roll-builder/intake/fhir_value.h"

#include <stddef.h>
#include <string.h>

#include "core/base/date.h"
#include "core/base/text.h"
#include "core/model/quantity.h"

#define DECIMAL_MAX 64 /* characters of a decimal: far beyond any dose, far below harm */

static bool is_digit(char one)
{
    return one >= '0' && one <= '9';
}

static bool is_space(char one)
{
    return one == ' ' || one == '\t' || one == '\r' || one == '\n';
}

static bool has_space(const char *text)
{
    for (; *text != '\0'; text++) {
        if (is_space(*text))
            return true;
    }
    return false;
}

static bool is_alnum(char one)
{
    return is_digit(one) || (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
}

/* Exactly `count` digits. */
static bool take_digits(const char **at, size_t count, int32_t *ret_number)
{
    int32_t number = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_digit((*at)[i]))
            return false;
        number = number * 10 + ((*at)[i] - '0');
    }
    *at += count;
    *ret_number = number;
    return true;
}

static bool take_char(const char **at, char one)
{
    if (**at != one)
        return false;
    (*at)++;
    return true;
}

struct clock_parts {
    int32_t hour;
    int32_t minute;
    int32_t second;
};

/* hh:mm:ss with an optional fraction. */
static bool take_clock(const char **at, struct clock_parts *ret_clock)
{
    if (!take_digits(at, 2, &ret_clock->hour) || !take_char(at, ':') ||
        !take_digits(at, 2, &ret_clock->minute) || !take_char(at, ':') ||
        !take_digits(at, 2, &ret_clock->second))
        return false;
    if (ret_clock->hour > 23 || ret_clock->minute > 59 || ret_clock->second > 60)
        return false;
    if (!take_char(at, '.'))
        return true;
    if (!is_digit(**at))
        return false;
    while (is_digit(**at))
        (*at)++;
    return true;
}

/* Z or +hh:mm, up to 14:00 (XML Schema). */
static bool take_offset(const char **at, int32_t *ret_minutes)
{
    *ret_minutes = 0;
    if (take_char(at, 'Z'))
        return true;
    int32_t sign = **at == '-' ? -1 : 1;
    if (!take_char(at, '+') && !take_char(at, '-'))
        return false;
    int32_t hours = 0;
    int32_t minutes = 0;
    if (!take_digits(at, 2, &hours) || !take_char(at, ':') || !take_digits(at, 2, &minutes))
        return false;
    if (minutes > 59 || hours * 60 + minutes > 14 * 60)
        return false;
    *ret_minutes = sign * (hours * 60 + minutes);
    return true;
}

/* A date or dateTime as written. */
struct parts {
    int32_t year;
    int32_t month; /* 0 = not written */
    int32_t day;   /* 0 = not written */
    bool has_clock;
    struct clock_parts clock;
    int32_t offset_min;
};

static bool take_date(const char **at, struct parts *parts)
{
    if (!take_digits(at, 4, &parts->year) || parts->year == 0)
        return false;
    if (!take_char(at, '-'))
        return true;
    if (!take_digits(at, 2, &parts->month) || parts->month < 1 || parts->month > 12)
        return false;
    if (!take_char(at, '-'))
        return true;
    return take_digits(at, 2, &parts->day) && parts->day >= 1 &&
           parts->day <= rw_date_month_days(parts->year, parts->month);
}

static bool split(const char *text, bool may_have_clock, struct parts *ret_parts)
{
    const char *at = text;
    *ret_parts = (struct parts){ 0 };
    if (!take_date(&at, ret_parts))
        return false;
    if (may_have_clock && ret_parts->day != 0 && take_char(&at, 'T')) {
        ret_parts->has_clock = true;
        if (!take_clock(&at, &ret_parts->clock) || !take_offset(&at, &ret_parts->offset_min))
            return false;
    }
    return *at == '\0';
}

/* -?(0|[1-9][0-9]*), then for a decimal a fraction and an exponent (FHIR R4, datatypes). */
static bool is_number(const char *text, bool whole)
{
    if (strlen(text) > DECIMAL_MAX)
        return false;
    if (!whole) {
        int64_t milli;
        return quantity_parse(text, &milli) != QUANTITY_MALFORMED;
    }
    const char *at = text + (*text == '-' ? 1 : 0);
    if (*at == '0')
        return at[1] == '\0';
    return rw_text_is_digits(at);
}

static bool is_whole_in(const char *text, int64_t min)
{
    int64_t number;
    return is_number(text, true) && rw_text_to_int(text, min, INT32_MAX, &number);
}

/* No space at either end, none doubled, none but the plain one. */
static bool is_code(const char *text)
{
    char before = ' ';
    for (const char *at = text; *at != '\0'; at++) {
        if (is_space(*at) && (*at != ' ' || before == ' '))
            return false;
        before = *at;
    }
    return before != ' ';
}

static bool is_id(const char *text)
{
    size_t length = 0;
    for (; text[length] != '\0'; length++) {
        if (!is_alnum(text[length]) && text[length] != '-' && text[length] != '.')
            return false;
    }
    return length >= 1 && length <= 64;
}

static bool is_base64(const char *text)
{
    for (; *text != '\0'; text++) {
        if (!is_alnum(*text) && !is_space(*text) && strchr("+/=", *text) == NULL)
            return false;
    }
    return true;
}

static bool is_of_type(const char *text, enum fhir_type type)
{
    struct parts parts;
    int32_t minute;
    switch (type) {
    case FHIR_BOOLEAN:
        return strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
    case FHIR_INTEGER:
        return is_whole_in(text, INT32_MIN);
    case FHIR_UNSIGNED_INT:
        return is_whole_in(text, 0);
    case FHIR_POSITIVE_INT:
        return is_whole_in(text, 1);
    case FHIR_DECIMAL:
        return is_number(text, false);
    case FHIR_CODE:
        return is_code(text);
    case FHIR_ID:
        return is_id(text);
    case FHIR_URI:
    case FHIR_URL:
    case FHIR_CANONICAL:
        return text[0] != '\0' && !has_space(text);
    case FHIR_OID:
        return rw_text_starts_with(text, "urn:oid:") && !has_space(text);
    case FHIR_UUID:
        return rw_text_starts_with(text, "urn:uuid:") && !has_space(text);
    case FHIR_DATE:
        return split(text, false, &parts);
    case FHIR_DATE_TIME:
        return split(text, true, &parts);
    case FHIR_INSTANT:
        return split(text, true, &parts) && parts.has_clock;
    case FHIR_TIME:
        return fhir_value_time(text, &minute);
    case FHIR_BASE64:
        return is_base64(text);
    default: /* string, markdown, xhtml: anything but nothing */
        return text[0] != '\0';
    }
}

static bool is_number_type(enum fhir_type type)
{
    return type == FHIR_INTEGER || type == FHIR_UNSIGNED_INT || type == FHIR_POSITIVE_INT ||
           type == FHIR_DECIMAL;
}

bool fhir_value_is(const struct tree *node, enum fhir_type type)
{
    enum tree_form wanted = TREE_TEXT;
    if (type == FHIR_BOOLEAN)
        wanted = TREE_BOOL;
    else if (is_number_type(type))
        wanted = TREE_NUMBER;
    if (node->form != wanted && node->form != TREE_ANY)
        return false;
    return node->value != NULL && is_of_type(node->value, type);
}

bool fhir_value_time(const char *text, int32_t *ret_minute)
{
    const char *at = text;
    struct clock_parts clock;
    if (!take_clock(&at, &clock) || *at != '\0')
        return false;
    *ret_minute = clock.hour * 60 + clock.minute;
    return true;
}

static struct dosing_point at_wall(const struct rw_zone *zone, int32_t day)
{
    struct dosing_point point = { .precision = DOSING_DATE };
    point.stamp = rw_zone_stamp(zone, (struct rw_wall){ .day = day, .minute = 0 });
    return point;
}

static bool to_point(const struct parts *parts, const struct rw_zone *zone,
                     struct dosing_point *ret_point)
{
    int32_t day;
    if (!rw_date_from_civil(parts->year, parts->month, parts->day, &day))
        return false;
    if (!parts->has_clock) {
        *ret_point = at_wall(zone, day);
        return true;
    }
    int64_t utc = (int64_t)day * RW_DAY_MINUTES + parts->clock.hour * 60 + parts->clock.minute -
                  parts->offset_min;
    ret_point->precision = DOSING_MINUTE;
    ret_point->stamp = rw_zone_at(zone, utc);
    ret_point->second = parts->clock.second < 60 ? parts->clock.second : 59;
    return true;
}

bool fhir_value_point(const char *text, const struct rw_zone *zone, struct dosing_point *ret_point)
{
    struct parts parts;
    if (text == NULL || !split(text, true, &parts) || parts.day == 0)
        return false;
    return to_point(&parts, zone, ret_point);
}

bool fhir_value_end(const char *text, const struct rw_zone *zone, struct dosing_point *ret_point)
{
    struct parts parts;
    if (text == NULL || !split(text, true, &parts))
        return false;
    if (parts.year > 2199) { /* "9999-12-31" says that there is no end */
        *ret_point = at_wall(zone, RW_DATE_MAX);
        return true;
    }
    if (parts.month == 0)
        parts.month = 12;
    if (parts.day == 0)
        parts.day = rw_date_month_days(parts.year, parts.month);
    return to_point(&parts, zone, ret_point);
}
