/* SPDX-License-Identifier: Apache-2.0 */
/* Makes invented orders, bags and rolls. */
#include "tests/unit/roll-builder/made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/crypto.h"
#include "core/model/tag.h"
#include "roll-builder/seal.h"

int made_begin(void **state)
{
    struct rw_error err = { 0 };
    static struct made made;
    made = (struct made){ .arena = rw_arena_open(64 * RW_ARENA_MIB) };
    if (made.arena == NULL || !rw_crypto_init(&err) ||
        !rw_zone_open("Europe/Amsterdam", &made.zone, &err))
        return -1;
    for (size_t i = 0; i < sizeof made.pharmacy_key; i++)
        made.pharmacy_key[i] = (uint8_t)i;
    tag_roll_key(made.pharmacy_key, "240000171", made.roll_key);
    *state = &made;
    return 0;
}

int made_end(void **state)
{
    struct made *made = *state;
    rw_zone_close(made->zone);
    rw_arena_close(made->arena);
    return 0;
}

struct rw_stamp made_at(const struct made *made, int32_t day, int32_t hour, int32_t minute)
{
    return rw_zone_stamp(made->zone, (struct rw_wall){ day, hour * 60 + minute });
}

struct order made_order(enum order_kind kind, const char *id)
{
    static char full_ids[64][32];
    static char pointers[64][32];
    static size_t next;
    char *full_id = full_ids[next % 64];
    char *pointer = pointers[next++ % 64];
    (void)snprintf(full_id, sizeof full_ids[0], "s|%s", id);
    (void)snprintf(pointer, sizeof pointers[0], "/%s", id);
    return (struct order){ .source = "a.json",
                           .resource = kind == ORDER_TA || kind == ORDER_MVE ? "MedicationDispense"
                                                                             : "MedicationRequest",
                           .pointer = pointer,
                           .id = id,
                           .identifier = id,
                           .full_id = full_id,
                           .kind = kind,
                           .status = "active",
                           .treatment = "t|1",
                           .registered = "2026-10-01T09:00:00Z",
                           .client = { "c1", "Anna de Wit", "1941-03-14" } };
}

struct bag_content made_content(const char *order, const char *product, int64_t milli)
{
    return (struct bag_content){ .order = order,
                                 .product = product,
                                 .name = product,
                                 .strength = "5 mg",
                                 .form = "tablet",
                                 .milli = milli,
                                 .look = "wit, rond" };
}

struct roll *made_roll(const struct made *made, size_t count)
{
    struct rw_error err = { 0 };
    struct roll *roll = rw_arena_alloc(made->arena, sizeof *roll, &err);
    assert_non_null(roll);
    *roll = (struct roll){ .number = "240000171",
                           .version = 1,
                           .issued = "2026-11-20T15:00+01:00",
                           .client = { "c1", "Anna de Wit", "1941-03-14" },
                           .pharmacy = { "linde", "Apotheek De Linde", "0800-1234567" },
                           .from = MADE_FROM,
                           .days = ((int32_t)count + 1) / 2,
                           .zone = "Europe/Amsterdam",
                           .media = "generic-70x60",
                           .language = "nl",
                           .dpi = 300 };
    rw_diag_init(&roll->findings, made->arena);
    roll->bags = rw_arena_array(made->arena, count + 2, sizeof *roll->bags, &err);
    struct bag_content *contents = rw_arena_array(made->arena, count, sizeof *contents, &err);
    assert_true(roll->bags != NULL && contents != NULL);
    roll->bag_count = count + 2;
    for (size_t i = 0; i < count; i++) {
        contents[i] = made_content("/a", "A", 1000);
        roll->bags[i + 1] =
            (struct bag){ .kind = BAG_DOSE,
                          .at = made_at(made, MADE_FROM + (int32_t)i / 2, i % 2 == 0 ? 8 : 20, 0),
                          .use_by = "2026-12-31",
                          .contents = &contents[i],
                          .content_count = 1 };
    }
    const struct rw_stamp first = made_at(made, MADE_FROM, 8, 0);
    roll->bags[0] = (struct bag){ .kind = BAG_HEADER, .at = first, .use_by = "2026-12-31" };
    roll->bags[count + 1] = (struct bag){ .kind = BAG_TRAILER,
                                          .at = count > 0 ? roll->bags[count].at : first,
                                          .use_by = "2026-12-31" };
    roll->audit.ordered_milli = roll->audit.packed_milli = (int64_t)count * 1000;
    seal_number(roll);
    const struct seal seal = { NULL, made->roll_key };
    assert_true(seal_roll(roll, &seal, made->arena, &err));
    return roll;
}
