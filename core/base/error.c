/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the first cause of a failure and knows every error code. */
#include "core/base/error.h"

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct error_row {
    const char *id;
    const char *title;
    int http_status;
    int exit_status;
};

static const struct error_row error_rows[] = {
#define RW_CODE(symbol, id, http, exit, sentence) [symbol] = { id, sentence, http, exit },
#include "core/base/error_codes.def"
#undef RW_CODE
};
_Static_assert(RW_COUNT(error_rows) == RW_CODE_COUNT, "one row for each code");

/* A text that filled its room may end inside a character: takes the broken one away. */
static void end_at_character(char *text, size_t length)
{
    size_t start = length;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start > 0 && (unsigned char)text[start - 1] >= 0xC0)
        text[start - 1] = '\0';
}

static void copy_cut(char *room, size_t room_size, const char *text)
{
    size_t length = strlen(text);
    bool cut = length >= room_size;
    if (cut)
        length = room_size - 1;
    memcpy(room, text, length);
    room[length] = '\0';
    if (cut)
        end_at_character(room, length);
}

bool rw_error_set(struct rw_error *err, enum rw_code code, const char *at, const char *format, ...)
{
    assert(code > RW_OK && code < RW_CODE_COUNT);
    if (err == NULL || err->code != RW_OK)
        return false;
    err->code = code;
    copy_cut(err->at, sizeof err->at, at != NULL ? at : "");

    va_list list;
    va_start(list, format);
    int wanted = vsnprintf(err->text, sizeof err->text, format, list);
    va_end(list);
    if (wanted < 0)
        copy_cut(err->text, sizeof err->text, rw_error_title(code));
    if (wanted >= (int)sizeof err->text)
        end_at_character(err->text, sizeof err->text - 1);
    for (char *byte = err->text; *byte != '\0'; byte++) {
        if (*byte == '\n' || *byte == '\r')
            *byte = ' ';
    }
    return false;
}

bool rw_error_prefix(struct rw_error *err, const char *prefix)
{
    if (err == NULL || err->code == RW_OK)
        return false;
    char joined[2 * RW_ERROR_AT_MAX];
    copy_cut(joined, RW_ERROR_AT_MAX, prefix);
    size_t length = strlen(joined);
    copy_cut(joined + length, sizeof joined - length, err->at);
    copy_cut(err->at, sizeof err->at, joined);
    return false;
}

static const struct error_row *row_of(enum rw_code code)
{
    if ((int)code < 0 || code >= RW_CODE_COUNT)
        code = RW_BUG;
    return &error_rows[code];
}

const char *rw_error_id(enum rw_code code)
{
    return row_of(code)->id;
}

const char *rw_error_title(enum rw_code code)
{
    return row_of(code)->title;
}

int rw_error_http_status(enum rw_code code)
{
    return row_of(code)->http_status;
}

int rw_error_exit_status(enum rw_code code)
{
    return row_of(code)->exit_status;
}
