/* SPDX-License-Identifier: Apache-2.0 */
/* One position of an eMediplan on its way to an order line. */
#ifndef RW_ROLL_BUILDER_INTAKE_CHMED_LINE_H
#define RW_ROLL_BUILDER_INTAKE_CHMED_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/json/json_read.h"
#include "core/model/order.h"

#define CHMED_SLOTS_MAX DOSING_TIMES_MAX /* doses of one dosage list */
#define CHMED_WHOLE_MAX 1000000000       /* of a whole number in the file */

/* `base` is what every dosage of the position shares; readers copy it and fill in the rest. */
struct chmed_line {
    const struct rw_zone *zone;
    struct rw_arena *arena;
    struct order *order;
    size_t room; /* of order->dosings */
    struct dosing base;
};

/* How a member is written. A null counts as absent everywhere. */
enum chmed_type {
    CHMED_TEXT,
    CHMED_NUMBER,
    CHMED_WHOLE,
    CHMED_FLAG, /* true, false, 0 or 1 */
    CHMED_LIST,
    CHMED_OBJECT
};
struct chmed_member {
    const char *name; /* NULL ends a table */
    enum chmed_type type;
};

/* A dose and when it is taken: at a moment, at a minute of the day, or neither said. */
struct chmed_slot {
    struct dosing_dose dose;
    bool has_duration; /* the amount runs in over a time of its own */
    const char *when;
    int32_t minute; /* negative: not said */
};
struct chmed_slots {
    struct chmed_slot list[CHMED_SLOTS_MAX];
    size_t count;
};

/* Adds a blocking finding at this place. */
void chmed_line_refuse(struct chmed_line *line, const struct json *at, const char *id,
                       const char *reason, const char *text);
/* Finds every member that is not written as its table says (malformed-input). */
void chmed_line_check(struct chmed_line *line, const struct json *node,
                      const struct chmed_member *members);

/* The member, NULL when it is absent, null or of another kind. */
const struct json *chmed_line_get(const struct json *node, const char *name, enum json_kind kind);
/* The text of a member; NULL when it is absent, null, empty or no text. */
const char *chmed_line_text(const struct json *node, const char *name);
/* A whole number from `min` on. False when it is absent; one out of range is refused too. */
bool chmed_line_whole(struct chmed_line *line, const struct json *node, const char *name,
                      int64_t min, int64_t *ret_number);
bool chmed_line_flag(const struct json *node, const char *name);

/* Reads a number as a dose in the unit of the position. */
RW_MUST_USE bool chmed_line_dose(struct chmed_line *line, const struct json *number,
                                 struct dosing_dose *ret_dose, struct rw_error *err);
/* Adds a dosage to the order. */
RW_MUST_USE bool chmed_line_add(struct chmed_line *line, const struct dosing *dosing,
                                struct rw_error *err);
/* Puts a slot into the list; two at one time are refused. */
void chmed_line_slot(struct chmed_line *line, const struct json *at, const struct chmed_slot *slot,
                     struct chmed_slots *slots);
/* Adds the slots as dosages like `pattern`, whose frequency counts one slot: equal doses share a
 * dosage when `together`. Doses of 0 are left out beside others. */
RW_MUST_USE bool chmed_line_add_slots(struct chmed_line *line, const struct dosing *pattern,
                                      const struct chmed_slots *slots, bool together,
                                      struct rw_error *err);
/* Adds up to four doses for morning, noon, evening and night as daily dosages. */
RW_MUST_USE bool chmed_line_moments(struct chmed_line *line, const struct json *list,
                                    struct rw_error *err);
/* The code of the n-th of the four moments; NULL for others. */
const char *chmed_line_moment(int64_t index);

#endif
