/* SPDX-License-Identifier: Apache-2.0 */
/* One bag of printed film with what lies in it, before any camera. */
#ifndef RW_TESTS_SUPPORT_SHEET_H
#define RW_TESTS_SUPPORT_SHEET_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/random.h"
#include "core/model/picture.h"
#include "core/model/print.h"
#include "labels/layout.h"
#include "tests/support/damage.h"
#include "tests/support/tablets.h"

#define SHEET_PX_PER_MM 8 /* of the film; print has the printer's dots */
#define SHEET_LANES 4     /* red, green, blue, and whether film is there at all; 0 … 1 */

/* How letters became dots: fitted to them by us, or from our PDF, either finer than a camera sees
 * or each dot black or white as its middle is: edges then lie up to half a dot aside. */
enum sheet_printing { SHEET_FITTED, SHEET_OUTLINED, SHEET_ROUNDED, SHEET_PRINTING_COUNT };

/* What the film is like. */
struct sheet_film {
    struct tablets_colour colour;
    float texture; /* strength of its grain */
    float wrinkle;
    float glare;
};

struct sheet_request {
    const struct layout_desk *desk;
    const struct roll *roll;
    const struct bag *bag;
    uint64_t seed; /* tablets and wrinkles; the same bag looks the same in every frame */
    enum damage_kind damage;
    struct sheet_film film;
    bool without_tablets;
    enum sheet_printing printing;
};

struct sheet {
    struct print print;
    struct picture label; /* 0 = ink, one pixel a dot, or finer */
    float dots_per_mm;
    float *film; /* SHEET_LANES a place, row by row */
    int32_t width;
    int32_t height;
    float blank[SHEET_LANES]; /* film beyond the bag */
    struct tablet tablets[TABLETS_MAX];
    int32_t tablet_count;
};

struct sheet_film sheet_film_usual(void);
/* Any film: another colour, grain, wrinkles and glare. */
struct sheet_film sheet_film_any(struct rw_random *random);
RW_MUST_USE bool sheet_make(const struct sheet_request *request, struct rw_arena *arena,
                            struct sheet *ret_sheet, struct rw_error *err);

#endif
