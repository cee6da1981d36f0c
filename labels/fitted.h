/* SPDX-License-Identifier: Apache-2.0 */
/* Remembers bags, so that another day need only try its date. */
#ifndef RW_LABELS_FITTED_H
#define RW_LABELS_FITTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "labels/compose.h"

#define FITTED_ENTRIES 64   /* the bags of a client repeat themselves day after day */
#define FITTED_KEY_MAX 2048 /* bytes; what says more is composed anew each time */

/* Everything that a label without a code says but weekday and date, and on which film. */
struct fitted_key {
    uint8_t bytes[FITTED_KEY_MAX];
    size_t length; /* 0 = says too much */
    uint64_t hash;
};

/* The fields of a label that fits, weekday and date left out, and where these two stand; or a label
 * that fits on no day. */
struct fitted_entry {
    struct fitted_key key;
    bool misfit;                                 /* then the rest says nothing */
    struct print_field fields[PRINT_FIELDS_MAX]; /* without name and text */
    struct layout_mark marks[PRINT_FIELDS_MAX];
    size_t field_count;
    struct compose_day day;
};

/* All zero is empty. A newer entry takes the place of the oldest. */
struct fitted {
    struct fitted_entry entries[FITTED_ENTRIES];
    uint64_t hashes[FITTED_ENTRIES]; /* of their keys, together where they are looked through */
    size_t next;
};

/* `media` is that of the desk, NULL = the one that the roll names. */
void fitted_key_make(const struct roll *roll, const struct bag *bag, const struct media *media,
                     struct fitted_key *ret_key);
/* NULL when no bag with this key is remembered. */
const struct fitted_entry *fitted_find(const struct fitted *fitted, const struct fitted_key *key);
void fitted_keep(struct fitted *fitted, const struct fitted_key *key,
                 const struct compose *compose);
/* Only for what has no room whatever weekday and date it bears. */
void fitted_keep_misfit(struct fitted *fitted, const struct fitted_key *key);

#endif
