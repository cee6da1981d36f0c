/* SPDX-License-Identifier: Apache-2.0 */
/* Checks one value against the format of its application identifier. */
#include "core/model/gs1_value.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/base/date.h"

#define CHECK_NAME_MAX 8
#define KEY_DIGITS_MIN 4 /* a company prefix has at least four digits */

/* One part of a format: its characters, its length, its check. */
struct part {
    char set;
    size_t min;
    size_t max;
    bool optional;
    char check[CHECK_NAME_MAX];
};

static size_t take_number(const char **at)
{
    size_t number = 0;
    while (**at >= '0' && **at <= '9') {
        number = number * 10 + (size_t)(**at - '0');
        (*at)++;
    }
    return number;
}

/* The next part of a row's format; our own table is well-formed, so nothing is refused. */
static bool next_part(const char **at, struct part *ret)
{
    memset(ret, 0, sizeof(*ret));
    while (**at == ' ')
        (*at)++;
    if (**at == '\0')
        return false;
    ret->optional = **at == '[';
    if (ret->optional)
        (*at)++;
    ret->set = *(*at)++;
    bool up_to = **at == '.';
    while (**at == '.')
        (*at)++;
    ret->max = take_number(at);
    ret->min = up_to ? 1 : ret->max;
    if (**at == ']')
        (*at)++;
    if (**at == ',') {
        (*at)++;
        for (size_t i = 0; i + 1 < CHECK_NAME_MAX && **at != ' ' && **at != '\0'; i++)
            ret->check[i] = *(*at)++;
    }
    return true;
}

static bool in_set(char set, char one)
{
    static const char signs_82[] = "!\"%&'()*+,-./_:;<=>?";
    bool digit = one >= '0' && one <= '9';
    bool upper = one >= 'A' && one <= 'Z';
    bool lower = one >= 'a' && one <= 'z';
    if (set == 'N')
        return digit;
    return digit || upper || lower || (one != '\0' && strchr(signs_82, one) != NULL);
}

static bool is_digits(const char *value, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (value[i] < '0' || value[i] > '9')
            return false;
    }
    return true;
}

static int32_t two(const char *digits)
{
    return (digits[0] - '0') * 10 + (digits[1] - '0');
}

char gs1_value_check_digit(const char *digits, size_t length)
{
    unsigned sum = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned weight = (length - i) % 2 == 1 ? 3 : 1;
        sum += weight * (unsigned)(digits[i] - '0');
    }
    return (char)('0' + (10 - sum % 10) % 10);
}

/* GS1 General Specifications 7.12 fixes the century by today's year; every date that the program
 * meets lies in this one, and only the days of a month depend on it. */
static bool is_date(const char *value, bool day_may_be_zero)
{
    int32_t day = two(value + 4);
    if (day == 0)
        return day_may_be_zero && two(value + 2) >= 1 && two(value + 2) <= 12;
    int32_t ignored = 0;
    return rw_date_from_civil(2000 + two(value), two(value + 2), day, &ignored);
}

static bool passes(const char *check, const char *value, size_t length)
{
    if (check[0] == '\0')
        return true;
    if (strcmp(check, "csum") == 0)
        return gs1_value_check_digit(value, length - 1) == value[length - 1];
    if (strcmp(check, "yymmd0") == 0)
        return is_date(value, true);
    if (strcmp(check, "yymmdd") == 0)
        return is_date(value, false);
    if (strcmp(check, "hhmi") == 0)
        return two(value) < 24 && two(value + 2) < 60;
    if (strcmp(check, "piece") == 0)
        return two(value) >= 1 && two(value) <= two(value + 2);
    if (strcmp(check, "zero") == 0)
        return value[0] == '0';
    return strcmp(check, "key") == 0 && length >= KEY_DIGITS_MIN &&
           is_digits(value, KEY_DIGITS_MIN);
}

static bool check_part(const struct part *part, const char *value, size_t left, size_t *ret_taken)
{
    size_t length = left < part->max ? left : part->max;
    if (length == 0 && part->optional) {
        *ret_taken = 0;
        return true;
    }
    if (length < part->min)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!in_set(part->set, value[i]))
            return false;
    }
    *ret_taken = length;
    return passes(part->check, value, length);
}

bool gs1_value_check(const struct gs1_row *row, const char *value, struct rw_error *err)
{
    const char *format = row->format;
    size_t left = strlen(value);
    struct part part;
    while (next_part(&format, &part)) {
        size_t taken = 0;
        if (!check_part(&part, value, left, &taken))
            return rw_error_set(err, RW_INVALID, "", "the value of AI (%s) is not of the form %s",
                                row->ai, row->format);
        value += taken;
        left -= taken;
    }
    if (left > 0)
        return rw_error_set(err, RW_INVALID, "", "the value of AI (%s) is longer than %s", row->ai,
                            row->format);
    return true;
}
