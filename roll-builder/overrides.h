/* SPDX-License-Identifier: Apache-2.0 */
/* Who takes which finding of severity O, and why. */
#ifndef RW_ROLL_BUILDER_OVERRIDES_H
#define RW_ROLL_BUILDER_OVERRIDES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/json/json_sheet.h"
#include "core/model/roll.h"

#define OVERRIDES_MAX 10000

/* One row of rolwacht/overrides/1. */
struct override {
    const char *client;
    const char *id;
    const char *reason;  /* NULL = any reason of that id */
    const char *pointer; /* NULL = wherever the finding is */
    const char *by;      /* the person */
    const char *why;
};
struct overrides {
    struct override *list;
    size_t count;
};

RW_MUST_USE bool overrides_read(const char *bytes, size_t length, struct rw_arena *arena,
                                struct overrides *ret_overrides, struct rw_error *err);
/* The same for a person who wants to hear of every fault: they are in the sheet. */
void overrides_read_faults(const char *bytes, size_t length, struct json_sheet *sheet,
                           struct overrides *overrides);

/* Writes into the roll who took which of its findings. B is never overridden. `overrides` may be
 * NULL. */
RW_MUST_USE bool overrides_apply(const struct overrides *overrides, struct roll *roll,
                                 struct rw_arena *arena, struct rw_error *err);
/* Does an override of this roll's client take any finding of it? */
bool overrides_take(const struct override *override, const struct roll *roll);

#endif
