/* SPDX-License-Identifier: Apache-2.0 */
/* Counts amounts in thousandths of a unit, exactly. */
#include "core/model/quantity.h"

#include <stdio.h>
#include <string.h>

#define QUANTITY_DIGITS_MAX 40   /* digits that a decimal may have; no order needs more */
#define QUANTITY_EXPONENT_MAX 30 /* of "5E-1"; beyond it nothing is whole thousandths */

/* A decimal as its digits and the place of its point: value = digits * 10^-scale. */
struct decimal {
    char digits[QUANTITY_DIGITS_MAX];
    int32_t count;
    int32_t scale;
    bool negative;
};

static bool is_digit(char one)
{
    return one >= '0' && one <= '9';
}

static bool take_digits(const char **at, struct decimal *decimal, bool behind_point)
{
    const char *start = *at;
    while (is_digit(**at)) {
        if (decimal->count == QUANTITY_DIGITS_MAX)
            return false;
        decimal->digits[decimal->count++] = **at;
        decimal->scale += behind_point ? 1 : 0;
        (*at)++;
    }
    return *at != start;
}

static bool take_exponent(const char **at, struct decimal *decimal)
{
    (*at)++;
    bool negative = **at == '-';
    if (**at == '-' || **at == '+')
        (*at)++;
    if (!is_digit(**at))
        return false;
    int32_t exponent = 0;
    while (is_digit(**at)) {
        if (exponent <= QUANTITY_EXPONENT_MAX)
            exponent = exponent * 10 + (**at - '0');
        (*at)++;
    }
    decimal->scale += negative ? exponent : -exponent;
    return true;
}

/* The grammar of a JSON number (RFC 8259 section 6), which FHIR's decimal uses too. */
static bool read_decimal(const char *text, struct decimal *ret)
{
    const char *at = text;
    memset(ret, 0, sizeof(*ret));
    ret->negative = *at == '-';
    if (ret->negative)
        at++;
    bool leading_zero = at[0] == '0' && is_digit(at[1]);
    if (leading_zero || !take_digits(&at, ret, false))
        return false;
    if (*at == '.') {
        at++;
        if (!take_digits(&at, ret, true))
            return false;
    }
    if ((*at == 'e' || *at == 'E') && !take_exponent(&at, ret))
        return false;
    return *at == '\0';
}

static bool times_ten(int64_t *value, int32_t digit)
{
    if (*value > QUANTITY_MILLI_MAX)
        return false;
    *value = *value * 10 + digit;
    return true;
}

/* The value in thousandths; false in `ret_whole` when a digit is lost. */
static bool scale_to_milli(const struct decimal *decimal, int64_t *ret_milli, bool *ret_whole)
{
    int64_t value = 0;
    bool whole = true;
    int32_t shift = 3 - decimal->scale; /* zeros to append; negative: digits to drop */
    for (int32_t i = 0; i < decimal->count; i++) {
        bool kept = i < decimal->count + shift;
        if (!kept)
            whole = whole && decimal->digits[i] == '0';
        else if (!times_ten(&value, decimal->digits[i] - '0'))
            return false;
    }
    for (int32_t i = 0; i < shift && value != 0; i++) {
        if (!times_ten(&value, 0))
            return false;
    }
    *ret_milli = decimal->negative ? -value : value;
    *ret_whole = whole;
    return value <= QUANTITY_MILLI_MAX;
}

enum quantity_reading quantity_parse(const char *text, int64_t *ret_milli)
{
    struct decimal decimal;
    if (text == NULL || !read_decimal(text, &decimal))
        return QUANTITY_MALFORMED;
    int64_t milli = 0;
    bool whole = true;
    if (!scale_to_milli(&decimal, &milli, &whole))
        return QUANTITY_OUT_OF_RANGE;
    if (!whole)
        return QUANTITY_FINER;
    *ret_milli = milli;
    return QUANTITY_EXACT;
}

void quantity_write(int64_t milli, char ret_text[QUANTITY_TEXT_MAX])
{
    const char *sign = milli < 0 ? "-" : "";
    uint64_t amount = milli < 0 ? (uint64_t)0 - (uint64_t)milli : (uint64_t)milli;
    unsigned long long whole = amount / 1000;
    unsigned rest = (unsigned)(amount % 1000);
    if (rest == 0)
        (void)snprintf(ret_text, QUANTITY_TEXT_MAX, "%s%llu", sign, whole);
    else if (rest % 100 == 0)
        (void)snprintf(ret_text, QUANTITY_TEXT_MAX, "%s%llu.%u", sign, whole, rest / 100);
    else if (rest % 10 == 0)
        (void)snprintf(ret_text, QUANTITY_TEXT_MAX, "%s%llu.%02u", sign, whole, rest / 10);
    else
        (void)snprintf(ret_text, QUANTITY_TEXT_MAX, "%s%llu.%03u", sign, whole, rest);
}

bool quantity_add(int64_t left, int64_t right, int64_t *ret_sum)
{
    const int64_t limit = QUANTITY_MILLI_MAX;
    if (left > limit || left < -limit || right > limit || right < -limit)
        return false;
    if (left + right > limit || left + right < -limit)
        return false;
    *ret_sum = left + right;
    return true;
}
