/* SPDX-License-Identifier: Apache-2.0 */
/* Divides one moment over as few bags as the policy allows. */
#ifndef RW_ROLL_BUILDER_SPLIT_H
#define RW_ROLL_BUILDER_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/bag.h"
#include "core/model/print.h"
#include "core/model/roll.h"
#include "roll-builder/moment.h"

#define SPLIT_BAGS_MAX 64 /* bags of one moment; more is no dose but a mistake */

/* What one bag may hold (D38). */
struct split_limits {
    int32_t pieces_max;      /* > 0 */
    int32_t products_max;    /* > 0 */
    int32_t volume_max_ul;   /* 0: room does not limit */
    const struct fits *fits; /* NULL: only the counts limit */
    const struct roll *roll; /* handed to `fits` */
};

struct split {
    struct bag *bags; /* without n, of, part, parts, code and serial */
    size_t count;
    const struct bag_content *misfit; /* of the moment; fits no bag of its own; count = 0 */
};

/* Every bag keeps the order of the contents; amounts are conserved. One line is divided only when
 * it has more pieces than one bag may hold, by number or by room. */
RW_MUST_USE bool split_moment(const struct moment *moment, const struct split_limits *limits,
                              struct rw_arena *arena, struct split *ret_split,
                              struct rw_error *err);

#endif
