/* SPDX-License-Identifier: Apache-2.0 */
/* A form's fields stay below their ceiling, and their texts are text. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "api/form.h"
#include "core/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* The first line is the content type, the rest the body. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct rw_arena *arena = rw_arena_open(16 * RW_ARENA_MIB);
    struct rw_error err = { 0 };
    char *text = rw_arena_text_n(arena, (const char *)bytes, length, &err);
    size_t line = text ? strcspn(text, "\n") : 0;
    if (text && line < length) {
        struct exchange_pair type = { "Content-Type", text, line };
        struct exchange exchange = { .arena = arena,
                                     .headers = &type,
                                     .header_count = 1,
                                     .body = text + line + 1,
                                     .body_length = length - line - 1 };
        text[line] = '\0';
        bool done = form_read(&exchange, &err);
        assert(done == (err.code == RW_OK));
        assert(exchange.field_count <= FORM_FIELDS_MAX);
        for (size_t i = 0; done && i < exchange.field_count; i++)
            assert(strlen(exchange.fields[i].value) <= exchange.fields[i].value_length);
    }
    rw_arena_close(arena);
    return 0;
}
