/* SPDX-License-Identifier: Apache-2.0 */
/* Makes one list of the JSON values that stand behind each other. */
#include "roll-builder/intake/ndjson.h"

#include <string.h>

#include "core/base/text.h"

/* Behind the } at `at`: does a { follow on a later line, and nothing else before it? */
static bool ends_one(const char *bytes, size_t length, size_t at)
{
    bool next_line = false;
    for (size_t i = at + 1; i < length; i++) {
        next_line = next_line || bytes[i] == '\n';
        if (bytes[i] == '{')
            return next_line;
        if (strchr(" \t\r\n", bytes[i]) == NULL || bytes[i] == '\0')
            return false;
    }
    return false;
}

/* Behind the quote that ends the text at `at`. */
static size_t skip_text(const char *bytes, size_t length, size_t at)
{
    for (at++; at < length && bytes[at] != '"'; at++)
        at += bytes[at] == '\\';
    return at + 1;
}

/* The } that ends the first of several values, of which the first begins at `at`; `length` when
 * there is none. Between objects that lie within another a comma is missing: that is an error. */
static size_t find_seam(const char *bytes, size_t length, size_t at)
{
    size_t depth = 0;
    while (at < length) {
        const char one = bytes[at];
        if (one == '"') {
            at = skip_text(bytes, length, at);
            continue;
        }
        if ((one == '}' || one == ']') && depth == 0)
            return length;
        if (one == '{' || one == '[')
            depth++;
        else if (one == '}' || one == ']')
            depth--;
        if (one == '}' && depth == 0 && ends_one(bytes, length, at))
            return at;
        at++;
    }
    return length;
}

bool ndjson_is(const char *bytes, size_t length)
{
    return length > 0 && bytes[0] == '{' && find_seam(bytes, length, 0) < length;
}

bool ndjson_join(const char *bytes, size_t length, struct rw_arena *arena, const char **ret_text,
                 size_t *ret_length, struct rw_error *err)
{
    struct rw_text text;
    rw_text_init(&text, arena, 2 * length + 2);
    rw_text_add_n(&text, "[", 1);
    for (size_t at = 0; at < length;) {
        const size_t seam = find_seam(bytes, length, at);
        const size_t end = seam < length ? seam + 1 : length;
        rw_text_add_n(&text, bytes + at, end - at);
        if (seam < length)
            rw_text_add_n(&text, ",", 1);
        at = end;
    }
    rw_text_add_n(&text, "]", 1);
    *ret_length = text.length;
    return rw_text_finish(&text, ret_text, err);
}
