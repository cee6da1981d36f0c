/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the moments that are written in a sentence. */
#include "api/instant.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/clock.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* How many bytes look like the form, in which 0 is any digit; none unless all do. */
static size_t look(const char *at, const char *form)
{
    size_t length = strlen(form);
    for (size_t i = 0; i < length; i++) {
        if (form[i] == '0' ? !is_digit(at[i]) : at[i] != form[i])
            return 0;
    }
    return length;
}

static size_t length_of(const char *at)
{
    size_t length = look(at, "0000-00-00T00:00");
    if (length == 0)
        return 0;
    size_t seconds = look(at + length, ":00");
    length += seconds;
    if (seconds > 0)
        length += look(at + length, ".000");
    size_t zone =
        look(at + length, "Z") + look(at + length, "+00:00") + look(at + length, "-00:00");
    return zone > 0 ? length + zone : 0;
}

struct instant instant_find(const char *sentence)
{
    for (const char *at = sentence; *at; at++) {
        char text[RW_CLOCK_TEXT_MAX];
        int64_t utc_ms = 0;
        size_t length = length_of(at);
        if (length == 0)
            continue;
        memcpy(text, at, length);
        text[length] = '\0';
        if (rw_clock_parse_utc(text, &utc_ms))
            return (struct instant){ at, length, utc_ms };
    }
    return (struct instant){ 0 };
}
