/* SPDX-License-Identifier: Apache-2.0 */
/* Turns days into year, month and day and back, by arithmetic alone. */
#include "core/base/date.h"

#include <assert.h>
#include <stddef.h>

#include "core/base/text.h"

/* Days are counted in eras of 400 years that begin on 1 March, so that the leap day is the last
 * day of its year (the method of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
#define ERA_DAYS 146097
#define EPOCH_SHIFT 719468 /* days from 0000-03-01 to 1970-01-01 */

static int32_t floor_div(int32_t number, int32_t by)
{
    return number / by - (number % by != 0 && number < 0);
}

static int32_t days_from_civil(int32_t year, int32_t month, int32_t day)
{
    int32_t y = month <= 2 ? year - 1 : year;
    int32_t era = floor_div(y, 400);
    int32_t year_of_era = y - era * 400;
    int32_t day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era - EPOCH_SHIFT;
}

struct rw_civil rw_date_civil(int32_t day)
{
    int32_t shifted = day + EPOCH_SHIFT;
    int32_t era = floor_div(shifted, ERA_DAYS);
    int32_t day_of_era = shifted - era * ERA_DAYS;
    int32_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int32_t march_month = (5 * day_of_year + 2) / 153;
    struct rw_civil civil = {
        .year = year_of_era + era * 400,
        .month = march_month < 10 ? march_month + 3 : march_month - 9,
        .day = day_of_year - (153 * march_month + 2) / 5 + 1,
    };
    civil.year += civil.month <= 2;
    return civil;
}

int32_t rw_date_month_days(int32_t year, int32_t month)
{
    static const int32_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    assert(month >= 1 && month <= 12);
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

bool rw_date_from_civil(int32_t year, int32_t month, int32_t day, int32_t *ret_day)
{
    if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1 ||
        day > rw_date_month_days(year, month))
        return false;
    *ret_day = days_from_civil(year, month, day);
    assert(*ret_day >= RW_DATE_MIN && *ret_day <= RW_DATE_MAX);
    return true;
}

/* `count` digits at `text`, or -1. */
static int32_t digits(const char *text, size_t count)
{
    int32_t number = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

bool rw_date_parse(const char *text, int32_t *ret_day)
{
    int32_t year = digits(text, 4);
    if (year < 0 || text[4] != '-')
        return false;
    int32_t month = digits(text + 5, 2);
    if (month < 0 || text[7] != '-')
        return false;
    int32_t day = digits(text + 8, 2);
    if (day < 0 || text[10] != '\0')
        return false;
    return rw_date_from_civil(year, month, day, ret_day);
}

void rw_date_write(int32_t day, char ret_text[RW_DATE_TEXT_MAX])
{
    struct rw_civil civil = rw_date_civil(day);
    assert(civil.year >= 0 && civil.year <= 9999);
    rw_text_write_digits(ret_text, (uint32_t)civil.year, 4);
    ret_text[4] = '-';
    rw_text_write_digits(ret_text + 5, (uint32_t)civil.month, 2);
    ret_text[7] = '-';
    rw_text_write_digits(ret_text + 8, (uint32_t)civil.day, 2);
    ret_text[10] = '\0';
}

int32_t rw_date_weekday(int32_t day)
{
    /* 1970-01-01 was a Thursday. */
    int32_t weekday = (day + 3) % 7;
    return (weekday < 0 ? weekday + 7 : weekday) + 1;
}

int32_t rw_date_week_start(int32_t day)
{
    return day - (rw_date_weekday(day) - 1);
}

int32_t rw_date_add_months(int32_t day, int32_t months)
{
    struct rw_civil civil = rw_date_civil(day);
    int32_t count = civil.year * 12 + (civil.month - 1) + months;
    int32_t year = floor_div(count, 12);
    int32_t month = count - year * 12 + 1;
    int32_t last = rw_date_month_days(year, month);
    return days_from_civil(year, month, civil.day < last ? civil.day : last);
}
