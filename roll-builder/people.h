/* SPDX-License-Identifier: Apache-2.0 */
/* What the pharmacy recorded about its clients beside their orders. */
#ifndef RW_ROLL_BUILDER_PEOPLE_H
#define RW_ROLL_BUILDER_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/diag.h"
#include "core/base/error.h"
#include "core/json/json_sheet.h"
#include "roll-builder/daytimes.h"
#include "roll-builder/line.h"

#define PEOPLE_MAX 500000
#define PEOPLE_REVIEW_DAYS_MAX 365 /* a review of suitability holds a year: ours */
#define PEOPLE_CHANGES_MAX 2       /* orders that begin or end within a roll: ours */

/* One row of rolwacht/clients/1. */
struct person {
    const char *id;
    bool has_reviewed;
    int32_t reviewed; /* day on which a roll was found suitable (D3) */
    bool has_relocated;
    int32_t relocated;               /* day of a move, an admission or a discharge (D30) */
    const struct daytimes *daytimes; /* the client's own moments, or NULL: those of the site */
};

struct people {
    struct person *list; /* by id */
    size_t count;
};

/* `site` has the moments that a client's own ones change. */
RW_MUST_USE bool people_read(const char *bytes, size_t length, const struct daytimes *site,
                             struct rw_arena *arena, struct people **ret_people,
                             struct rw_error *err);
/* The same for a person who wants to hear of every fault: they are in the sheet. */
void people_read_faults(const char *bytes, size_t length, const struct daytimes *site,
                        struct json_sheet *sheet, struct people *people);
/* The row of a client, or one that says nothing. */
struct person people_find(const struct people *people, const char *id);

/* Findings D3 (suitable, reviewed, stable) and D30 (moved). `person` NULL: no records are kept, so
 * none is missed; only the stability is judged. */
void people_check(const struct person *person, const struct window *window,
                  const struct line *lines, size_t count, struct rw_diag *diag);

#endif
