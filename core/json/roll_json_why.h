/* SPDX-License-Identifier: Apache-2.0 */
/* Reads why pieces lie where they do, and who took which finding. */
#ifndef RW_CORE_JSON_ROLL_JSON_WHY_H
#define RW_CORE_JSON_ROLL_JSON_WHY_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/json/json_read.h"
#include "core/model/roll.h"

/* Each may be absent: rolls of before have none. */
RW_MUST_USE bool roll_json_why_reasons(const struct json *root, struct rw_arena *arena,
                                       struct roll *roll, struct rw_error *err);
RW_MUST_USE bool roll_json_why_overrides(const struct json *root, struct rw_arena *arena,
                                         struct roll *roll, struct rw_error *err);
/* Of the audit's object: together the products are the sums of the roll, which were read before. */
RW_MUST_USE bool roll_json_why_balances(const struct json *audit, struct rw_arena *arena,
                                        struct roll *roll, struct rw_error *err);
/* The `why` of one content: rows of the roll's reasons, which were read before. */
RW_MUST_USE bool roll_json_why_content(const struct json *node, const struct roll *roll,
                                       struct rw_arena *arena, struct bag_content *content,
                                       struct rw_error *err);

#endif
