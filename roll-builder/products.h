/* SPDX-License-Identifier: Apache-2.0 */
/* The pharmacy's products: what may be packed, and how it looks. */
#ifndef RW_ROLL_BUILDER_PRODUCTS_H
#define RW_ROLL_BUILDER_PRODUCTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/json/json_sheet.h"
#include "core/model/medicine.h"

#define PRODUCTS_MAX 50000  /* rows of one table */
#define PRODUCT_SPLIT_MAX 4 /* quarters: finer pieces crumble */
#define PRODUCT_DAYS_MAX 3650
#define PRODUCT_VOLUME_UL_MAX 20000 /* of one piece: nobody swallows more */
#define PRODUCT_TWINS_MAX 16        /* look-alikes that one row names */

/* What the line compares a piece with. `file` is NULL where there is none. */
struct product_picture {
    const char *file; /* its name, as the line knows it */
    const char *look; /* the look that it shows (D43) */
    int32_t until;    /* day: the last on which it counts (D45) */
};

/* One row of rolwacht/products/1 (docs/PRODUCTS.md). Texts are borrowed; amounts in thousandths. */
struct product {
    const char *code;           /* written into rolls; one row has it */
    const char *name;           /* as printed: "METFORMINE" */
    const char *strength;       /* "500 mg"; may be "" */
    const char *form;           /* "tablet" */
    const char *substance;      /* compared between lines (D8); the name where none is given */
    const char *not_on_days_of; /* substance with which it shares no day (D12), or NULL */
    const char *look;           /* "wit, rond, 11 mm"; may be "" */
    const char *warning;        /* "NIET KAUWEN", or NULL */
    const char *lot;            /* D37: one batch or several, "A1, A2"; or NULL */
    const char *kept_out;       /* class that is never packed (D32, D33), or NULL */
    bool solid;                 /* a whole piece that can lie in a bag (D6) */
    bool packable;              /* the pharmacist's positive list (D31, D32, D33) */
    bool separate;              /* only alone in its bag (D34) */
    bool weekly;                /* one fixed weekday, never daily (D11) */
    bool light_sensitive;       /* D35 */
    bool opiate;                /* D41 */
    bool high_risk;             /* asks for a second person (D55) */
    bool in_stock;              /* D44 */
    bool sent_later;            /* not in stock, and its separate delivery is arranged (D44) */
    int32_t split;              /* smallest part: 1 whole, 2 half, 4 quarter (D39, D40) */
    int32_t use_by_days;        /* days out of the pack; 0 = the policy's (D36) */
    bool has_expiry;
    int32_t expiry;          /* day: the last on which the pack may be used */
    const char *expiry_text; /* "2027-09-30", or NULL */
    int64_t day_milli_max;   /* 0 = none (D26) */
    int64_t bag_milli_max;   /* 0 = none (D26) */
    int32_t gap_min;         /* least minutes between two intakes; 0 = none (D25) */
    int32_t volume_ul;       /* room of one piece in cubic millimetres; 0 = not known (D38) */
    struct product_picture picture;
    const struct product *whole_of_half; /* a whole piece of it is a half of this; NULL = none */
    const char **look_alike;             /* codes of products that look the same (D42) */
    size_t look_alike_count;
    struct medicine_code *codes;
    size_t code_count;
};

/* A code and the row that has it; kept sorted. */
struct products_entry {
    const struct medicine_code *code;
    const struct product *product;
};

struct products {
    struct product *rows;
    size_t count;
    struct products_entry *index;
    size_t index_count;
};

/* Reads rolwacht/products/1. A member that is not known, a row without what it needs and a code
 * that two rows claim are RW_INVALID with their pointer. */
RW_MUST_USE bool products_read(const char *bytes, size_t length, struct rw_arena *arena,
                               struct products **ret_products, struct rw_error *err);

/* The same for a person who wants to hear of every fault: they are in the sheet. `products` is
 * zeroed memory; its rows live in the sheet's arena. */
void products_read_faults(const char *bytes, size_t length, struct json_sheet *sheet,
                          struct products *products);
/* Sorts the codes of all rows; `ret_twice` is one that two rows have, or NULL. */
RW_MUST_USE bool products_index(struct products *products, struct rw_arena *arena,
                                const struct medicine_code **ret_twice, struct rw_error *err);

/* Finds for each row another of its substance and form that has half its strength (D39). */
RW_MUST_USE bool products_halves(struct products *products, struct rw_arena *arena,
                                 struct rw_error *err);

/* Would a person or a camera take one for the other (D42)? By their `look_alike` lists, or one
 * `look`. */
bool products_look_alike(const struct product *one, const struct product *two);
/* Is the medicine known only by numbers that a pharmacy gave it itself (D7)? */
bool products_is_magistral(const struct medicine *medicine);

/* The row of that code of ours, or NULL; `products` may be NULL. */
const struct product *products_row(const struct products *products, const char *code);
/* The row for a medicine, or NULL. The most exact level decides: HPK, ZI, PRK, GPK, any other; in
 * one level the code that a person chose. `ret_conflict` = codes of that level name several rows
 * and nobody chose: no row is given. `products` may be NULL: an empty table. */
const struct product *products_find(const struct products *products,
                                    const struct medicine *medicine, bool *ret_conflict);

#endif
