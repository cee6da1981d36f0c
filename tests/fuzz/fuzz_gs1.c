/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever is read as an element string is written and read back equal. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/model/gs1.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void assert_equal(const struct gs1_string *left, const struct gs1_string *right)
{
    assert(left->count == right->count);
    for (size_t i = 0; i < left->count; i++) {
        assert(strcmp(left->elements[i].ai, right->elements[i].ai) == 0);
        assert(strcmp(left->elements[i].value, right->elements[i].value) == 0);
    }
}

/* A value may hold brackets; then the bracketed text alone does not tell the elements apart. */
static bool has_brackets(const struct gs1_string *string)
{
    for (size_t i = 0; i < string->count; i++) {
        if (strchr(string->elements[i].value, '(') != NULL)
            return true;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct rw_error err = { 0 };
    struct gs1_string read = { 0 };
    if (!gs1_parse_bytes((const char *)bytes, length, &read, &err)) {
        assert(err.code != RW_OK);
        return 0;
    }
    assert(read.count > 0 && read.count <= GS1_ELEMENTS_MAX);

    char text[GS1_TEXT_MAX];
    size_t text_length = 0;
    struct gs1_string again = { 0 };
    gs1_write_bytes(&read, text, &text_length);
    bool bytes_read = gs1_parse_bytes(text, text_length, &again, &err);
    assert(bytes_read);
    assert_equal(&read, &again);

    if (has_brackets(&read))
        return 0;
    gs1_write_bracketed(&read, text);
    bool text_read = gs1_parse_bracketed(text, &again, &err);
    assert(text_read);
    assert_equal(&read, &again);
    return 0;
}
