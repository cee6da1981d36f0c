/* SPDX-License-Identifier: Apache-2.0 */
/* Settings files are taken whole or refused, by each reader. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/base/arena.h"
#include "core/json/media_json.h"
#include "roll-builder/overrides.h"
#include "roll-builder/people.h"
#include "roll-builder/policy.h"
#include "roll-builder/products.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_policy_read(const char *text, size_t length, struct rw_arena *arena)
{
    struct rw_error err = { 0 };
    struct policy policy;
    policy_init(&policy);
    const bool done = policy_read(text, length, arena, &policy, &err);
    assert(done == (err.code == RW_OK));
    for (int32_t day = 0; done && day < DAYTIMES_DAYS; day++) {
        for (int i = 1; i < DAYTIMES_MOMENTS; i++)
            assert(policy.daytimes.minute[day][i] > policy.daytimes.minute[day][i - 1]);
    }
}

static void check_products_read(const char *text, size_t length, struct rw_arena *arena)
{
    struct rw_error err = { 0 };
    struct products *products = NULL;
    const bool done = products_read(text, length, arena, &products, &err);
    assert(done == (err.code == RW_OK));
    for (size_t i = 0; done && i < products->count; i++) {
        const struct product *row = &products->rows[i];
        assert(row->code_count > 0 && row->split != 3);
        assert(!row->packable || (row->solid && row->kept_out == NULL));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const char *text = (const char *)bytes;
    struct rw_arena *arena = rw_arena_open(16 * RW_ARENA_MIB);
    struct daytimes site;
    struct people *people = NULL;
    struct overrides overrides;
    struct media *media = NULL;
    struct rw_error errors[3] = { 0 };
    if (arena == NULL)
        abort();
    daytimes_init(&site);
    check_policy_read(text, length, arena);
    check_products_read(text, length, arena);
    const bool done[] = { people_read(text, length, &site, arena, &people, &errors[0]),
                          overrides_read(text, length, arena, &overrides, &errors[1]),
                          media_json_read(text, length, arena, &media, &errors[2]) };
    for (size_t i = 0; i < 3; i++)
        assert(done[i] == (errors[i].code == RW_OK));
    rw_arena_close(arena);
    return 0;
}
