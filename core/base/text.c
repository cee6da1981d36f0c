/* SPDX-License-Identifier: Apache-2.0 */
/* Builds, compares and checks text within its ceilings. */
#include "core/base/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define TEXT_ROOM_MIN 64
#define TEXT_INT_MAX 20       /* digits of INT64_MIN and its sign */
#define TEXT_FORMAT_SMALL 256 /* longer texts are formatted twice */

static char text_nothing[1];

void rw_text_init(struct rw_text *text, struct rw_arena *arena, size_t ceiling)
{
    *text = (struct rw_text){ .arena = arena, .bytes = text_nothing, .ceiling = ceiling };
}

/* Fails for good: a text without room asks here for each byte more. */
static char *starve(struct rw_text *text, enum rw_code failure)
{
    text->failure = failure;
    text->room = 0;
    return NULL;
}

/* Room for `more` bytes and the NUL where there is none yet. A text never has more room than its
 * ceiling and the NUL. */
static char *widen(struct rw_text *text, size_t more)
{
    if (text->failure != RW_OK)
        return NULL;
    if (more > text->ceiling - text->length)
        return starve(text, RW_TOO_LARGE);
    size_t needed = text->length + more + 1;
    size_t room = text->room;
    if (room < TEXT_ROOM_MIN)
        room = text->ceiling < TEXT_ROOM_MIN ? text->ceiling + 1 : TEXT_ROOM_MIN;
    while (room < needed)
        room = room <= text->ceiling / 2 ? room * 2 : text->ceiling + 1;
    char *larger = rw_arena_alloc(text->arena, room, NULL);
    if (larger == NULL)
        return starve(text, RW_NO_MEMORY);
    memcpy(larger, text->bytes, text->length);
    text->bytes = larger;
    text->room = room;
    return text->bytes + text->length;
}

char *rw_text_room(struct rw_text *text, size_t more)
{
    if (text->length < text->room && more < text->room - text->length)
        return text->bytes + text->length;
    return widen(text, more);
}

void rw_text_took(struct rw_text *text, size_t length)
{
    assert(length < text->room - text->length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

void rw_text_reserve(struct rw_text *text, size_t more)
{
    (void)rw_text_room(text, more); /* its failure is sticky */
}

void rw_text_add_n(struct rw_text *text, const char *bytes, size_t length)
{
    char *room = length > 0 ? rw_text_room(text, length) : NULL;
    if (room == NULL)
        return;
    memcpy(room, bytes, length);
    rw_text_took(text, length);
}

void rw_text_add(struct rw_text *text, const char *more)
{
    rw_text_add_n(text, more, strlen(more));
}

void rw_text_add_char(struct rw_text *text, char one)
{
    char *room = rw_text_room(text, 1);
    if (room == NULL)
        return;
    *room = one;
    rw_text_took(text, 1);
}

/* ASCII controls, and C1: U+0080 to U+009F, which UTF-8 writes as C2 80 to C2 9F. */
void rw_text_add_plain(struct rw_text *text, const char *more)
{
    for (const unsigned char *at = (const unsigned char *)more; *at != '\0'; at++) {
        const bool wide = at[0] == 0xC2 && at[1] >= 0x80 && at[1] <= 0x9F;
        rw_text_add_char(text, *at < ' ' || *at == 0x7F || wide ? ' ' : (char)*at);
        at += wide;
    }
}

void rw_text_add_int(struct rw_text *text, int64_t number)
{
    char digits[TEXT_INT_MAX];
    size_t at = sizeof digits;
    uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (number < 0)
        digits[--at] = '-';
    rw_text_add_n(text, &digits[at], sizeof digits - at);
}

void rw_text_write_digits(char *room, uint32_t number, size_t count)
{
    for (size_t i = count; i > 0; i--) {
        room[i - 1] = (char)('0' + number % 10);
        number /= 10;
    }
}

void rw_text_format_v(struct rw_text *text, const char *format, va_list list)
{
    char small[TEXT_FORMAT_SMALL];
    va_list again;
    va_copy(again, list);
    int length = vsnprintf(small, sizeof small, format, list);
    assert(length >= 0);
    if ((size_t)length < sizeof small) {
        rw_text_add_n(text, small, (size_t)length);
    } else if (rw_text_room(text, (size_t)length) != NULL) {
        (void)vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
        rw_text_took(text, (size_t)length);
    }
    va_end(again);
}

void rw_text_format(struct rw_text *text, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    rw_text_format_v(text, format, list);
    va_end(list);
}

bool rw_text_finish(const struct rw_text *text, const char **ret_text, struct rw_error *err)
{
    switch (text->failure) {
    case RW_OK:
        *ret_text = text->bytes;
        return true;
    case RW_TOO_LARGE:
        return rw_error_set(err, RW_TOO_LARGE, "", "a text is longer than %zu bytes",
                            text->ceiling);
    default:
        return rw_error_set(err, text->failure, "",
                            "a text of %zu bytes could not grow within this work's memory",
                            text->length);
    }
}

bool rw_text_starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

bool rw_text_ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t end_length = strlen(end);
    return end_length <= length && memcmp(text + length - end_length, end, end_length) == 0;
}

static char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

bool rw_text_equal_nocase(const char *left, const char *right)
{
    if (left == NULL || right == NULL)
        return left == right;
    while (*left != '\0' && lower(*left) == lower(*right)) {
        left++;
        right++;
    }
    return *left == '\0' && *right == '\0';
}

bool rw_text_is_digits(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* Length of the well-formed character (Unicode 15, table 3-7) at `bytes`, 0 when there is none. */
static size_t character_length(const unsigned char *bytes, size_t left)
{
    unsigned char lead = bytes[0];
    if (lead < 0x80)
        return lead != 0;
    size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || length > left)
        return 0;
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (bytes[1] < low || bytes[1] > high)
        return 0;
    for (size_t at = 2; at < length; at++) {
        if ((bytes[at] & 0xC0) != 0x80)
            return 0;
    }
    return length;
}

/* Eight bytes of ASCII without a NUL: no byte has its highest bit, before or after one is taken
 * off each. */
static bool is_ascii_word(const char *bytes)
{
    const uint64_t ones = 0x0101010101010101U;
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return ((word | (word - ones)) & (ones << 7)) == 0;
}

/* What is left behind the last whole word is looked at together with what stands before it. */
bool rw_text_is_ascii(const char *bytes, size_t length)
{
    char word[sizeof(uint64_t)];
    const size_t half = sizeof word / 2;
    if (length < half) {
        size_t at = 0;
        while (at < length && (signed char)bytes[at] > 0)
            at++;
        return at == length;
    }
    if (length < sizeof word) {
        memcpy(word, bytes, half);
        memcpy(word + half, bytes + length - half, half);
        return is_ascii_word(word);
    }
    for (size_t at = 0; at + sizeof word <= length; at += sizeof word) {
        if (!is_ascii_word(bytes + at))
            return false;
    }
    return is_ascii_word(bytes + length - sizeof word);
}

bool rw_text_is_utf8(const char *bytes, size_t length)
{
    size_t at = rw_text_is_ascii(bytes, length) ? length : 0;
    while (at < length) {
        if (length - at >= sizeof(uint64_t) && is_ascii_word(bytes + at)) {
            at += sizeof(uint64_t);
            continue;
        }
        size_t step = character_length((const unsigned char *)bytes + at, length - at);
        if (step == 0)
            return false;
        at += step;
    }
    return true;
}

uint64_t rw_text_hash(const void *bytes, size_t length)
{
    const uint64_t odd = 0x9E3779B97F4A7C15U; /* 2^64 by the golden ratio: spreads neighbours */
    const unsigned char *at = bytes;
    uint64_t hash = length * odd;
    uint64_t word;
    for (; length >= sizeof word; at += sizeof word, length -= sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = (hash ^ word) * odd;
        hash ^= hash >> 32;
    }
    for (word = 0; length > 0; at++, length--)
        word = word << 8 | *at;
    hash = (hash ^ word) * odd;
    return hash ^ hash >> 32;
}

bool rw_text_copy(char *room, size_t room_size, const char *text)
{
    assert(room_size > 0);
    size_t length = strlen(text);
    bool whole = length < room_size;
    if (!whole) {
        length = room_size - 1;
        while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
            length--;
    }
    memcpy(room, text, length);
    room[length] = '\0';
    return whole;
}

bool rw_text_to_int(const char *text, int64_t min, int64_t max, int64_t *ret_number)
{
    bool negative = text[0] == '-';
    const char *digits = text + negative;
    if (!rw_text_is_digits(digits))
        return false;
    /* Counted downward, where the range is the larger one by one. */
    int64_t number = 0;
    for (; *digits != '\0'; digits++) {
        int64_t digit = *digits - '0';
        if (number < (INT64_MIN + digit) / 10)
            return false;
        number = number * 10 - digit;
    }
    if (!negative && number == INT64_MIN)
        return false;
    number = negative ? number : -number;
    if (number < min || number > max)
        return false;
    *ret_number = number;
    return true;
}
