/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what a page's form sends. */
#define _GNU_SOURCE
#include "api/form.h"

#include <string.h>

#include "core/base/text.h"

#define URLENCODED "application/x-www-form-urlencoded"
#define MULTIPART "multipart/form-data"
#define BOUNDARY_MAX 70 /* RFC 2046 section 5.1.1 */

static int hex_value(char one)
{
    if (one >= '0' && one <= '9')
        return one - '0';
    if (one >= 'a' && one <= 'f')
        return one - 'a' + 10;
    return one >= 'A' && one <= 'F' ? one - 'A' + 10 : -1;
}

/* One name or value, decoded into memory of its own. */
static const char *decode(struct exchange *exchange, const char *bytes, size_t length,
                          size_t *ret_length, struct rw_error *err)
{
    char *text = rw_arena_alloc(exchange->arena, length + 1, err);
    size_t written = 0;
    for (size_t i = 0; text && i < length; i++) {
        int high = bytes[i] == '%' && i + 2 < length ? hex_value(bytes[i + 1]) : -1;
        int low = high >= 0 ? hex_value(bytes[i + 2]) : -1;
        if (low >= 0) {
            text[written++] = (char)(high * 16 + low);
            i += 2;
        } else {
            text[written++] = bytes[i] == '+' ? ' ' : bytes[i];
        }
    }
    *ret_length = written;
    return text;
}

static bool is_text(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char one = (unsigned char)bytes[i];
        if ((one < 0x20 && one != '\t' && one != '\r' && one != '\n') || one == 0x7F)
            return false;
    }
    return rw_text_is_utf8(bytes, length);
}

static bool add_field(struct exchange *exchange, const struct exchange_pair *field, bool file,
                      struct rw_error *err)
{
    if (exchange->field_count == FORM_FIELDS_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "the form has more than %d fields",
                            FORM_FIELDS_MAX);
    if (!file && !is_text(field->value, field->value_length))
        return rw_error_set(err, RW_INVALID, "", "a field of the form is no text");
    exchange->fields[exchange->field_count++] = *field;
    return true;
}

static bool read_pairs(struct exchange *exchange, struct rw_error *err)
{
    const char *at = exchange->body;
    const char *end = at + exchange->body_length;
    while (at < end) { /* each round takes at least one byte */
        const char *stop = memchr(at, '&', (size_t)(end - at));
        stop = stop ? stop : end;
        const char *equals = memchr(at, '=', (size_t)(stop - at));
        const char *name_end = equals ? equals : stop;
        const char *value = equals ? equals + 1 : stop;
        struct exchange_pair field = { 0 };
        size_t name_length = 0;
        field.name = decode(exchange, at, (size_t)(name_end - at), &name_length, err);
        field.value = decode(exchange, value, (size_t)(stop - value), &field.value_length, err);
        if (!field.name || !field.value)
            return false;
        if (name_length > 0 && !add_field(exchange, &field, false, err))
            return false;
        at = stop < end ? stop + 1 : end;
    }
    return true;
}

/* "--" and the boundary that the content type names. */
static bool read_boundary(const char *type, char ret_mark[BOUNDARY_MAX + 3], struct rw_error *err)
{
    const char *at = strstr(type, "boundary=");
    at = at ? at + strlen("boundary=") : "";
    bool quoted = *at == '"';
    at += quoted ? 1 : 0;
    size_t length = strcspn(at, quoted ? "\"" : "; ");
    if (length == 0 || length > BOUNDARY_MAX)
        return rw_error_set(err, RW_INVALID, "", "the form's boundary is missing");
    memcpy(ret_mark, "--", 2);
    memcpy(ret_mark + 2, at, length);
    ret_mark[length + 2] = '\0';
    return true;
}

/* name="…" of a part's head; browsers write a quote inside a name as %22. */
static const char *part_name(struct exchange *exchange, const char *head, size_t length,
                             struct rw_error *err)
{
    static const char start[] = " name=\"";
    const char *at = memmem(head, length, start, sizeof start - 1);
    at = at ? at + sizeof start - 1 : NULL;
    const char *end = at ? memchr(at, '"', length - (size_t)(at - head)) : NULL;
    if (!end) {
        (void)rw_error_set(err, RW_INVALID, "", "a part of the form has no name");
        return NULL;
    }
    return rw_arena_text_n(exchange->arena, at, (size_t)(end - at), err);
}

static bool read_part(struct exchange *exchange, const char *part, size_t length,
                      struct rw_error *err)
{
    const char *gap = memmem(part, length, "\r\n\r\n", 4);
    if (!gap)
        return rw_error_set(err, RW_INVALID, "", "a part of the form has no end of its head");
    size_t head = (size_t)(gap - part);
    struct exchange_pair field = { .name = part_name(exchange, part, head, err),
                                   .value_length = length - head - 4 };
    if (!field.name)
        return false;
    field.value = rw_arena_text_n(exchange->arena, gap + 4, field.value_length, err);
    bool file = memmem(part, head, " filename=", 10) != NULL;
    return field.value && add_field(exchange, &field, file, err);
}

static bool read_parts(struct exchange *exchange, const char *type, struct rw_error *err)
{
    char mark[BOUNDARY_MAX + 3];
    if (!read_boundary(type, mark, err))
        return false;
    size_t mark_length = strlen(mark);
    const char *end = exchange->body + exchange->body_length;
    const char *at = memmem(exchange->body, exchange->body_length, mark, mark_length);
    while (at) { /* each round goes on behind a mark */
        at += mark_length;
        if (end - at >= 2 && memcmp(at, "--", 2) == 0)
            return true;
        const char *next = memmem(at, (size_t)(end - at), mark, mark_length);
        if (!next || next - at < 4)
            break;
        /* A line end behind the mark, and one that belongs to the next. */
        if (!read_part(exchange, at + 2, (size_t)(next - at) - 4, err))
            return false;
        at = next;
    }
    return rw_error_set(err, RW_INVALID, "", "the form has no end");
}

bool form_read(struct exchange *exchange, struct rw_error *err)
{
    const char *type = exchange_header(exchange, "content-type");
    exchange->field_count = 0;
    exchange->fields =
        rw_arena_array(exchange->arena, FORM_FIELDS_MAX, sizeof *exchange->fields, err);
    if (!exchange->fields)
        return false;
    if (type && rw_text_starts_with(type, URLENCODED))
        return read_pairs(exchange, err);
    if (type && rw_text_starts_with(type, MULTIPART))
        return read_parts(exchange, type, err);
    return true;
}
