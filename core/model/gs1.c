/* SPDX-License-Identifier: Apache-2.0 */
/* Reads, checks and writes GS1 element strings. */
#include "core/model/gs1.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/model/gs1_table.h"
#include "core/model/gs1_value.h"

#define AI_MAX 5 /* four digits and the NUL */

/* A string while it is read, with the row of each element. Filled as far as it is counted. */
struct reading {
    struct gs1_string string;
    const struct gs1_row *rows[GS1_ELEMENTS_MAX];
};

char gs1_check_digit(const char *digits, size_t length)
{
    return gs1_value_check_digit(digits, length);
}

static const struct gs1_element *find(const struct gs1_string *string, const char *ai)
{
    for (size_t i = 0; i < string->count; i++) {
        if (rw_text_equal(string->elements[i].ai, ai))
            return &string->elements[i];
    }
    return NULL;
}

/* The next AI of "01+21,03": copied out, with what stood behind it. */
static char next_ai(const char **at, char ret_ai[AI_MAX])
{
    size_t length = 0;
    while (**at >= '0' && **at <= '9' && length + 1 < AI_MAX)
        ret_ai[length++] = *(*at)++;
    ret_ai[length] = '\0';
    char behind = **at;
    if (behind != '\0')
        (*at)++;
    return behind;
}

static bool has_needed(const struct gs1_string *string, const char *needs)
{
    bool together = true;
    while (needs != NULL && *needs != '\0') {
        char ai[AI_MAX];
        char behind = next_ai(&needs, ai);
        together = together && find(string, ai) != NULL;
        if (behind != '+' && together)
            return true;
        if (behind != '+')
            together = true;
    }
    return needs == NULL;
}

static bool has_excluded(const struct gs1_string *string, const char *excludes, char ret_ai[AI_MAX])
{
    while (excludes != NULL && *excludes != '\0') {
        (void)next_ai(&excludes, ret_ai); /* the list knows commas only */
        if (find(string, ret_ai) != NULL)
            return true;
    }
    return false;
}

static bool check_repeats(const struct gs1_string *string, size_t at, struct rw_error *err)
{
    const struct gs1_element *first = find(string, string->elements[at].ai);
    if (strcmp(first->value, string->elements[at].value) != 0)
        return rw_error_set(err, RW_INVALID, "", "AI (%s) stands twice with different values",
                            first->ai);
    return true;
}

/* What is read can always be written: both texts fit GS1_TEXT_MAX. */
static bool check_length(const struct gs1_string *string, struct rw_error *err)
{
    size_t length = 0;
    for (size_t i = 0; i < string->count; i++)
        length += strlen(string->elements[i].ai) + strlen(string->elements[i].value) + 2;
    if (length >= GS1_TEXT_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "an element string of more than %d bytes",
                            GS1_TEXT_MAX - 1);
    return true;
}

static bool check_together(const struct reading *reading, struct rw_error *err)
{
    const struct gs1_string *string = &reading->string;
    if (!check_length(string, err))
        return false;
    for (size_t i = 0; i < string->count; i++) {
        const struct gs1_row *row = reading->rows[i];
        char other[AI_MAX];
        if (!check_repeats(string, i, err))
            return false;
        if (has_excluded(string, row->excludes, other))
            return rw_error_set(err, RW_INVALID, "", "AI (%s) must not stand beside AI (%s)",
                                row->ai, other);
        if (!has_needed(string, row->needs))
            return rw_error_set(err, RW_INVALID, "", "AI (%s) needs %s beside it", row->ai,
                                row->needs);
    }
    return true;
}

static bool add_element(struct reading *reading, const struct gs1_row *row, const char *value,
                        size_t length, struct rw_error *err)
{
    struct gs1_string *string = &reading->string;
    if (string->count == GS1_ELEMENTS_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "more than %d elements", GS1_ELEMENTS_MAX);
    if (length >= GS1_VALUE_MAX)
        return rw_error_set(err, RW_INVALID, "", "the value of AI (%s) is too long", row->ai);
    struct gs1_element *element = &string->elements[string->count];
    (void)rw_text_copy(element->ai, sizeof(element->ai), row->ai); /* it has room */
    memcpy(element->value, value, length);
    element->value[length] = '\0';
    if (strlen(element->value) != length || !gs1_value_check(row, element->value, err))
        return rw_error_set(err, RW_INVALID, "", "the value of AI (%s) holds a NUL", row->ai);
    reading->rows[string->count++] = row;
    return true;
}

static bool take_bracketed(struct reading *reading, const char **at, struct rw_error *err)
{
    const char *close = **at == '(' ? strchr(*at, ')') : NULL;
    if (close == NULL || close - *at - 1 >= AI_MAX)
        return rw_error_set(err, RW_INVALID, "", "no AI in brackets where one is expected");
    char ai[AI_MAX] = { 0 };
    memcpy(ai, *at + 1, (size_t)(close - *at - 1));
    const struct gs1_row *row = gs1_table_find(ai);
    if (row == NULL)
        return rw_error_set(err, RW_INVALID, "", "AI \"(%s)\" is not one of those we know", ai);
    /* A bracket may be part of a value: the next element begins where "(", digits, ")" stand. */
    const char *value = close + 1;
    const char *end = value;
    while (*end != '\0' &&
           !(*end == '(' && end[1] >= '0' && end[1] <= '9' && strspn(end + 1, "0123456789") >= 2 &&
             strspn(end + 1, "0123456789") <= 4 && end[1 + strspn(end + 1, "0123456789")] == ')'))
        end++;
    *at = end;
    return add_element(reading, row, value, (size_t)(end - value), err);
}

static void give(const struct gs1_string *string, struct gs1_string *ret)
{
    for (size_t i = 0; i < string->count; i++)
        ret->elements[i] = string->elements[i];
    ret->count = string->count;
}

bool gs1_parse_bracketed(const char *text, struct gs1_string *ret, struct rw_error *err)
{
    struct reading reading;
    reading.string.count = 0;
    if (text[0] == '\0')
        return rw_error_set(err, RW_INVALID, "", "an empty text is no element string");
    while (*text != '\0') {
        if (!take_bracketed(&reading, &text, err))
            return false;
    }
    if (!check_together(&reading, err))
        return false;
    give(&reading.string, ret);
    return true;
}

static size_t fixed_length(const struct gs1_row *row)
{
    size_t length = 0;
    for (const char *at = row->format + 1; *at >= '0' && *at <= '9'; at++)
        length = length * 10 + (size_t)(*at - '0');
    return length;
}

bool gs1_parse_bytes(const char *bytes, size_t length, struct gs1_string *ret, struct rw_error *err)
{
    struct reading reading;
    reading.string.count = 0;
    size_t at = 0;
    if (length == 0)
        return rw_error_set(err, RW_INVALID, "", "an empty text is no element string");
    while (at < length) {
        const struct gs1_row *row = gs1_table_match(bytes + at, length - at);
        if (row == NULL)
            return rw_error_set(err, RW_INVALID, "", "an AI that we do not know at byte %zu", at);
        at += strlen(row->ai);
        size_t end = at;
        size_t stop = row->fixed ? at + fixed_length(row) : length;
        while (end < length && end < stop && bytes[end] != GS1_SEPARATOR)
            end++;
        if (!add_element(&reading, row, bytes + at, end - at, err))
            return false;
        at = end;
        if (at < length && bytes[at] == GS1_SEPARATOR) {
            at++;
            if (at == length)
                return rw_error_set(err, RW_INVALID, "", "a separator behind the last element");
        }
    }
    if (!check_together(&reading, err))
        return false;
    give(&reading.string, ret);
    return true;
}

void gs1_write_bracketed(const struct gs1_string *string, char *ret_text)
{
    size_t used = 0;
    ret_text[0] = '\0';
    for (size_t i = 0; i < string->count && used < GS1_TEXT_MAX; i++) {
        const struct gs1_element *element = &string->elements[i];
        int more =
            snprintf(ret_text + used, GS1_TEXT_MAX - used, "(%s)%s", element->ai, element->value);
        used += more > 0 ? (size_t)more : 0;
    }
}

/* What fits of a text, with room for a NUL behind it. */
static size_t append(char *bytes, size_t used, const char *text)
{
    size_t length = strlen(text);
    if (length > GS1_TEXT_MAX - 1 - used)
        length = GS1_TEXT_MAX - 1 - used;
    memcpy(bytes + used, text, length);
    return used + length;
}

void gs1_write_bytes(const struct gs1_string *string, char *ret_bytes, size_t *ret_length)
{
    size_t used = 0;
    for (size_t i = 0; i < string->count; i++) {
        const struct gs1_element *element = &string->elements[i];
        const struct gs1_row *row = gs1_table_find(element->ai);
        bool separated = i + 1 < string->count && (row == NULL || !row->fixed);
        used = append(ret_bytes, used, element->ai);
        used = append(ret_bytes, used, element->value);
        used = append(ret_bytes, used, separated ? "\x1d" : "");
    }
    ret_bytes[used] = '\0';
    *ret_length = used;
}
