/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes are a product table, or have a fault the checker tells. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/json/json_sheet.h"
#include "roll-builder/products.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_rows(const struct products *products)
{
    for (size_t i = 0; i < products->count; i++) {
        const struct product *row = &products->rows[i];
        assert(row->code_count > 0 && row->split != 3);
        assert(!row->packable || (row->solid && row->kept_out == NULL));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct rw_arena *arena = rw_arena_open(64 * RW_ARENA_MIB);
    struct rw_error err = { 0 };
    struct rw_error first = { 0 };
    struct json_sheet sheet;
    struct products *products = NULL;
    struct products checked = { 0 };
    const bool done = products_read((const char *)bytes, length, arena, &products, &err);
    json_sheet_init(&sheet, arena);
    products_read_faults((const char *)bytes, length, &sheet, &checked);
    assert(done == (err.code == RW_OK));
    const bool sound = json_sheet_end(&sheet, &first);
    assert(done == sound);
    assert(done || (err.code == first.code && strcmp(err.at, first.at) == 0));
    if (done)
        check_rows(products);
    rw_arena_close(arena);
    return 0;
}
