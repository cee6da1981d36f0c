/* SPDX-License-Identifier: Apache-2.0 */
/* What a day away or a pause means for a roll, as JSON or in words. */
#ifndef RW_CLI_DIFF_ABSENCE_H
#define RW_CLI_DIFF_ABSENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/roll.h"

struct diff_absence {
    const char *away;  /* "FROM/TO", or NULL */
    const char *pause; /* the same; one of both is given */
    int64_t early_max_min;
    bool text; /* lines for a person in place of JSON */
};

/* Prints rolwacht/away/1 or rolwacht/pause/1, or the same in words. A day without a time is the
 * whole day. `next` may be NULL. */
RW_MUST_USE bool diff_absence_print(const struct diff_absence *wish, const struct roll *roll,
                                    const struct roll *next, struct rw_arena *arena,
                                    struct rw_error *err);

#endif
