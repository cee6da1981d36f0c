/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the words of JSON text as RFC 8259 spells them. */
#include "core/json/json_scan.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/base/text.h"

#define ESCAPE_DIGITS 4
#define SURROGATE_FIRST 0xD800U
#define SURROGATE_LOW 0xDC00U
#define SURROGATE_LAST 0xDFFFU

bool json_scan_begin(struct json_scan *scan, const char *bytes, size_t length,
                     struct rw_arena *arena, struct rw_error *err)
{
    *scan = (struct json_scan){ .start = bytes, .at = bytes, .end = bytes + length };
    scan->pool_start = rw_arena_alloc(arena, length + 1, err);
    scan->pool = scan->pool_start;
    return scan->pool != NULL;
}

/* What was copied is never longer than what was read, so that the pool cannot run over. */
static void check_pool(const struct json_scan *scan)
{
    assert(scan->pool - scan->pool_start <= scan->at - scan->start);
}

bool json_scan_refuse(const struct json_scan *scan, const char *sentence, struct rw_error *err)
{
    size_t line = 1;
    size_t column = 1;
    for (const char *at = scan->start; at < scan->at; at++) {
        column = *at == '\n' ? 1 : column + 1;
        line += *at == '\n';
    }
    return rw_error_set(err, RW_INVALID, "", "no JSON: %s at line %zu, column %zu", sentence, line,
                        column);
}

static char peek(const struct json_scan *scan)
{
    return scan->at < scan->end ? *scan->at : '\0';
}

char json_scan_next(struct json_scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t'))
        scan->at++;
    return peek(scan);
}

bool json_scan_word(struct json_scan *scan, const char *word)
{
    const size_t length = strlen(word);
    if ((size_t)(scan->end - scan->at) < length || memcmp(scan->at, word, length) != 0)
        return false;
    scan->at += length;
    return true;
}

/* Four hex digits; -1 when they are none. */
static int32_t hex_digits(const char *at, const char *end)
{
    int32_t number = 0;
    if (end - at < ESCAPE_DIGITS)
        return -1;
    for (size_t i = 0; i < ESCAPE_DIGITS; i++) {
        const char one = at[i];
        if (one >= '0' && one <= '9')
            number = number * 16 + (one - '0');
        else if (one >= 'a' && one <= 'f')
            number = number * 16 + (one - 'a' + 10);
        else if (one >= 'A' && one <= 'F')
            number = number * 16 + (one - 'A' + 10);
        else
            return -1;
    }
    return number;
}

static void put_character(struct json_scan *scan, uint32_t character)
{
    char *to = scan->pool;
    if (character < 0x80) {
        *to++ = (char)character;
    } else if (character < 0x800) {
        *to++ = (char)(0xC0 | character >> 6);
        *to++ = (char)(0x80 | (character & 0x3F));
    } else if (character < 0x10000) {
        *to++ = (char)(0xE0 | character >> 12);
        *to++ = (char)(0x80 | (character >> 6 & 0x3F));
        *to++ = (char)(0x80 | (character & 0x3F));
    } else {
        *to++ = (char)(0xF0 | character >> 18);
        *to++ = (char)(0x80 | (character >> 12 & 0x3F));
        *to++ = (char)(0x80 | (character >> 6 & 0x3F));
        *to++ = (char)(0x80 | (character & 0x3F));
    }
    scan->pool = to;
}

/* The character of "\uXXXX", or of two of them that are a surrogate pair; `at` is behind the u. */
static bool escaped_character(struct json_scan *scan, struct rw_error *err)
{
    const int32_t first = hex_digits(scan->at, scan->end);
    if (first < 0)
        return json_scan_refuse(scan, "an escape without its four hex digits", err);
    if (first == 0)
        return json_scan_refuse(scan, "a NUL in a text", err);
    uint32_t character = (uint32_t)first;
    scan->at += ESCAPE_DIGITS;
    if (character >= SURROGATE_FIRST && character <= SURROGATE_LAST) {
        const bool pair = character < SURROGATE_LOW && json_scan_word(scan, "\\u");
        const int32_t second = pair ? hex_digits(scan->at, scan->end) : -1;
        if (second < (int32_t)SURROGATE_LOW || second > (int32_t)SURROGATE_LAST)
            return json_scan_refuse(scan, "half of a surrogate pair", err);
        character =
            0x10000U + ((character - SURROGATE_FIRST) << 10 | ((uint32_t)second - SURROGATE_LOW));
        scan->at += ESCAPE_DIGITS;
    }
    put_character(scan, character);
    return true;
}

/* `at` is behind the backslash. */
static bool scan_escape(struct json_scan *scan, struct rw_error *err)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meant[] = "\"\\/\b\f\n\r\t";
    const char letter = peek(scan);
    if (letter == 'u') {
        scan->at++;
        return escaped_character(scan, err);
    }
    const char *found = letter == '\0' ? NULL : strchr(letters, letter);
    if (found == NULL)
        return json_scan_refuse(scan, "an escape that JSON does not have", err);
    *scan->pool++ = meant[found - letters];
    scan->at++;
    return true;
}

/* Bytes that stand for themselves; all below 0x20, the quote and the backslash do not. */
static bool scan_plain(struct json_scan *scan, struct rw_error *err)
{
    const char *at = scan->at;
    unsigned char all = 0;
    while (at < scan->end && (unsigned char)*at >= 0x20 && *at != '"' && *at != '\\')
        all |= (unsigned char)*at++;
    const size_t length = (size_t)(at - scan->at);
    if (all >= 0x80 && !rw_text_is_utf8(scan->at, length))
        return json_scan_refuse(scan, "a text that is no UTF-8", err);
    memcpy(scan->pool, scan->at, length);
    scan->pool += length;
    scan->at = at;
    return true;
}

bool json_scan_string(struct json_scan *scan, const char **ret_text, struct rw_error *err)
{
    const char *text = scan->pool;
    check_pool(scan);
    scan->at++;
    while (peek(scan) != '"') {
        if (!scan_plain(scan, err))
            return false;
        if (peek(scan) == '"')
            break;
        if (!json_scan_word(scan, "\\"))
            return json_scan_refuse(scan,
                                    scan->at == scan->end ? "a text without its end"
                                                          : "a control character in a text",
                                    err);
        if (!scan_escape(scan, err))
            return false;
    }
    scan->at++;
    *scan->pool++ = '\0';
    *ret_text = text;
    return true;
}

static bool skip_digits(struct json_scan *scan)
{
    const char *first = scan->at;
    while (peek(scan) >= '0' && peek(scan) <= '9')
        scan->at++;
    return scan->at > first;
}

/* Passes a number as RFC 8259 spells it, and says whether it has a fraction or an exponent. */
static bool skip_number(struct json_scan *scan, bool *ret_real, struct rw_error *err)
{
    bool real = false;
    (void)json_scan_word(scan, "-"); /* it may be absent */
    bool digits = json_scan_word(scan, "0") || skip_digits(scan);
    if (digits && json_scan_word(scan, ".")) {
        real = true;
        digits = skip_digits(scan);
    }
    if (digits && (json_scan_word(scan, "e") || json_scan_word(scan, "E"))) {
        real = true;
        (void)(json_scan_word(scan, "+") || json_scan_word(scan, "-")); /* both may be absent */
        digits = skip_digits(scan);
    }
    *ret_real = real;
    return digits || json_scan_refuse(scan, "no value", err);
}

bool json_scan_number(struct json_scan *scan, const char **ret_text, bool *ret_real,
                      struct rw_error *err)
{
    const char *written = scan->at;
    char *text = scan->pool;
    check_pool(scan);
    if (!skip_number(scan, ret_real, err))
        return false;
    const size_t length = (size_t)(scan->at - written);
    memcpy(text, written, length);
    text[length] = '\0';
    scan->pool += length + 1;
    *ret_text = text;
    return true;
}
