/* SPDX-License-Identifier: Apache-2.0 */
/* Where one order goes: into the roll, loose, or out, and why. */
#ifndef RW_ROLL_BUILDER_LINE_H
#define RW_ROLL_BUILDER_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/diag.h"
#include "core/base/error.h"
#include "core/model/order.h"
#include "core/model/roll.h"
#include "roll-builder/choose.h"
#include "roll-builder/eligibility.h"
#include "roll-builder/products.h"
#include "roll-builder/validity.h"

#define LINE_WEEKLY_DAYS 14 /* in which a weekly medicine shows on which days it is taken */

/* One order on its way into a roll. Borrowed from the plan's arena. */
struct line {
    const struct chosen *chosen;
    struct eligibility judged;
    struct validity validity;      /* unless packed with nothing as needed */
    const struct product *product; /* NULL when the table has none */
    const char *label;             /* how the roll names the order: its pointer */
    const char *name;              /* for people: the table's name, else the order's */
    const char *by;                /* label of the order that replaced or ended it, or NULL */
    bool over;                     /* it ended before the window or begins after it */
    bool silent;                   /* no order at all (VV, MVE): stands in no list */
    enum order_destination destination;
    const char *reason; /* why it is not packed; NULL when it is */
    uint8_t weekdays;   /* of a weekly medicine: the days of a fortnight; bit 0 = Monday */
    size_t kept;        /* the first intakes, those before the order was ended */
    int64_t kept_milli;
    int64_t ended_milli; /* intakes of the window that the end cut off */
};

/* What judging a line needs beside the order. */
struct line_rules {
    const struct policy *policy;
    const struct products *products; /* NULL = no table: nothing may be packed */
    const struct window *window;
    bool many_sources; /* labels say which file */
};

/* Judges and places one order. Its findings are added to `diag`, whose arena is used. */
RW_MUST_USE bool line_make(const struct chosen *chosen, const struct line_rules *rules,
                           struct rw_diag *diag, struct line *ret_line, struct rw_error *err);

/* Do both orders give one substance, by the product table or by their codes (D8)? */
bool line_same_substance(const struct line *one, const struct line *two);

#endif
