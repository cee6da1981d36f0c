/* SPDX-License-Identifier: Apache-2.0 */
/* Writes compact JSON, member after member. */
#include "core/json/json_write.h"

#include <assert.h>
#include <string.h>

#define JSON_REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD, for a byte that begins no character */

void json_write_init(struct json_writer *writer, struct rw_text *text)
{
    *writer = (struct json_writer){ .text = text };
}

/* Length of the character at `text`; 0 when its bytes are no UTF-8. */
static size_t character_length(const char *text)
{
    for (size_t length = 1; length <= 4 && text[length - 1] != '\0'; length++) {
        if (rw_text_is_utf8(text, length))
            return length;
    }
    return 0;
}

static void add_control(struct rw_text *text, unsigned char byte)
{
    static const char *const short_forms[0x20] = {
        ['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f", ['\r'] = "\\r",
    };
    if (short_forms[byte] != NULL)
        rw_text_add(text, short_forms[byte]);
    else
        rw_text_format(text, "\\u%04x", (unsigned)byte);
}

static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

/* Eight bytes that are all plain: none is below a space, a quote, a backslash or beyond ASCII.
 * A byte that is too small, or zero after the quote or the backslash was taken from it by XOR, has
 * its highest bit set by the subtraction; so has what is beyond ASCII from the start. */
static bool is_plain_word(const char *bytes)
{
    const uint64_t ones = 0x0101010101010101U;
    const uint64_t tops = ones << 7;
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    const uint64_t quote = word ^ ones * '"';
    const uint64_t slash = word ^ ones * '\\';
    const uint64_t found = (word - ones * 0x20) | (quote - ones) | (slash - ones) | word;
    return (found & tops) == 0;
}

/* What is left behind the last whole word is looked at together with what stands before it. */
static bool is_plain_text(const char *value, size_t length)
{
    char word[sizeof(uint64_t)];
    const size_t half = sizeof word / 2;
    if (length < half) {
        size_t at = 0;
        while (at < length && is_plain((unsigned char)value[at]))
            at++;
        return at == length;
    }
    if (length < sizeof word) {
        memcpy(word, value, half);
        memcpy(word + half, value + length - half, half);
        return is_plain_word(word);
    }
    for (size_t at = 0; at + sizeof word <= length; at += sizeof word) {
        if (!is_plain_word(value + at))
            return false;
    }
    return is_plain_word(value + length - sizeof word);
}

static void add_escaped(struct rw_text *text, const char *value)
{
    rw_text_add_char(text, '"');
    while (*value != '\0') {
        size_t plain = 0;
        while (is_plain((unsigned char)value[plain]))
            plain++;
        rw_text_add_n(text, value, plain);
        value += plain;
        unsigned char byte = (unsigned char)*value;
        size_t length = byte >= 0x80 ? character_length(value) : 1;
        if (byte == '"' || byte == '\\')
            rw_text_format(text, "\\%c", byte);
        else if (byte != '\0' && byte < 0x20)
            add_control(text, byte);
        else if (byte >= 0x80 && length == 0)
            rw_text_add(text, JSON_REPLACEMENT);
        else if (byte >= 0x80)
            rw_text_add_n(text, value, length);
        value += byte == '\0' ? 0 : length == 0 ? 1 : length;
    }
    rw_text_add_char(text, '"');
}

static void put_quoted(char *room, const char *value, size_t length)
{
    room[0] = '"';
    memcpy(room + 1, value, length);
    room[length + 1] = '"';
}

/* Most texts are plain, and go over at once. */
static void add_quoted(struct rw_text *text, const char *value)
{
    const size_t length = strlen(value);
    char *room = is_plain_text(value, length) ? rw_text_room(text, length + 2) : NULL;
    if (room == NULL) {
        add_escaped(text, value);
        return;
    }
    put_quoted(room, value, length);
    rw_text_took(text, length + 2);
}

/* A name with its colon, and the comma in front of all but the first. */
static void add_name(struct rw_text *text, const char *name, bool first)
{
    const size_t length = strlen(name);
    const size_t comma = first ? 0 : 1;
    char *room = is_plain_text(name, length) ? rw_text_room(text, length + comma + 3) : NULL;
    if (room == NULL) {
        rw_text_add(text, first ? "" : ",");
        add_escaped(text, name);
        rw_text_add_char(text, ':');
        return;
    }
    room[0] = ',';
    put_quoted(room + comma, name, length);
    room[comma + length + 2] = ':';
    rw_text_took(text, length + comma + 3);
}

/* The comma and the name before a value. */
static void begin_value(struct json_writer *writer, const char *name)
{
    bool *filled = &writer->filled[writer->depth];
    if (name != NULL)
        add_name(writer->text, name, !*filled);
    else if (*filled)
        rw_text_add_char(writer->text, ',');
    *filled = true;
}

static void open_container(struct json_writer *writer, const char *name, char bracket)
{
    begin_value(writer, name);
    rw_text_add_char(writer->text, bracket);
    assert(writer->depth + 1 < JSON_WRITE_DEPTH_MAX);
    writer->filled[++writer->depth] = false;
}

static void close_container(struct json_writer *writer, char bracket)
{
    assert(writer->depth > 0);
    writer->depth--;
    rw_text_add_char(writer->text, bracket);
}

void json_write_object(struct json_writer *writer, const char *name)
{
    open_container(writer, name, '{');
}

void json_write_object_end(struct json_writer *writer)
{
    close_container(writer, '}');
}

void json_write_list(struct json_writer *writer, const char *name)
{
    open_container(writer, name, '[');
}

void json_write_list_end(struct json_writer *writer)
{
    close_container(writer, ']');
}

void json_write_text(struct json_writer *writer, const char *name, const char *text)
{
    begin_value(writer, name);
    if (text == NULL)
        rw_text_add(writer->text, "null");
    else
        add_quoted(writer->text, text);
}

void json_write_int(struct json_writer *writer, const char *name, int64_t number)
{
    begin_value(writer, name);
    rw_text_add_int(writer->text, number);
}

void json_write_milli(struct json_writer *writer, const char *name, int64_t milli)
{
    begin_value(writer, name);
    uint64_t size = milli < 0 ? (uint64_t)0 - (uint64_t)milli : (uint64_t)milli;
    rw_text_format(writer->text, "%s%llu", milli < 0 ? "-" : "", (unsigned long long)(size / 1000));
    unsigned rest = (unsigned)(size % 1000);
    if (rest == 0)
        return;
    int digits = rest % 100 == 0 ? 1 : rest % 10 == 0 ? 2 : 3;
    rw_text_format(writer->text, ".%0*u", digits,
                   digits == 1   ? rest / 100
                   : digits == 2 ? rest / 10
                                 : rest);
}

void json_write_bool(struct json_writer *writer, const char *name, bool truth)
{
    begin_value(writer, name);
    rw_text_add(writer->text, truth ? "true" : "false");
}

void json_write_null(struct json_writer *writer, const char *name)
{
    json_write_text(writer, name, NULL);
}

void json_write_raw(struct json_writer *writer, const char *name, const char *json)
{
    begin_value(writer, name);
    rw_text_add(writer->text, json);
}
