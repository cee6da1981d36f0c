/* SPDX-License-Identifier: Apache-2.0 */
/* Gathers what is taken at one time: the bags before they are divided. */
#ifndef RW_ROLL_BUILDER_MOMENT_H
#define RW_ROLL_BUILDER_MOMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/model/bag.h"
#include "core/model/roll.h"
#include "roll-builder/line.h"

#define MOMENT_PORTIONS_MAX 200000 /* intakes of all lines of one client in one window */

/* What belongs into one bag, were it large enough. Ordered strictly by time; at one time the
 * shared bag comes first, then exact times (D18), then products that lie alone (D34). */
struct moment {
    struct rw_stamp at;
    const char *word; /* "morning", or NULL */
    bool exact;
    bool separate;
    const char *use_by; /* "2026-12-31" (D36) */
    struct bag_content *contents;
    size_t content_count;
};

struct moments {
    struct moment *list;
    size_t count;
    struct roll_reason *reasons; /* what `why` of the contents names */
    size_t reason_count;
};

/* `packed_on` + the product's own days give the use-by date, `use_by_days` where it has none. */
struct moment_dates {
    int32_t packed_on;
    int32_t use_by_days;
};

/* Amounts of one order at one time are added. */
RW_MUST_USE bool moment_gather(const struct line *lines, size_t line_count,
                               const struct moment_dates *dates, struct rw_arena *arena,
                               struct moments *ret_moments, struct rw_error *err);

#endif
