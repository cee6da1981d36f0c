/* SPDX-License-Identifier: Apache-2.0 */
/* A label in ZPL with gaps for what differs from day to day. */
#ifndef RW_LABELS_ZPL_SHAPE_H
#define RW_LABELS_ZPL_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/text.h"
#include "labels/layout.h"

#define ZPL_SHAPE_GAPS_MAX 12

/* What a gap is filled with. */
enum zpl_gap { ZPL_WEEKDAY, ZPL_DATE, ZPL_COUNT, ZPL_KEY, ZPL_CODE };

struct zpl_shape_gap {
    enum zpl_gap kind;
    size_t at;      /* bytes of the shape's text before it */
    int32_t number; /* of a group of key digits, from 0 */
};

/* The bags of a client repeat themselves: what the bag of another day says differently is filled
 * in. The bag's number and the key digits have columns of their own, whatever the figures; weekday
 * and date have a room that is asked for each day. */
struct zpl_shape {
    const struct bag *bag; /* the first of this shape */
    const char *text;
    size_t length;
    struct zpl_shape_gap gaps[ZPL_SHAPE_GAPS_MAX];
    size_t gap_count;
    int32_t weekday_room_um;
    int32_t date_room_um;
};

/* `count` is the text of the field "bag" as it will be filled in. */
RW_MUST_USE bool zpl_shape_make(const struct layout_desk *desk, const struct roll *roll,
                                const struct bag *bag, const char *count, struct rw_arena *arena,
                                struct zpl_shape *ret_shape, struct rw_error *err);
/* Whether the bag's label is this one with other gaps. */
bool zpl_shape_is_of(const struct zpl_shape *shape, const struct bag *bag);

#endif
