/* SPDX-License-Identifier: Apache-2.0 */
/* Finds what became of a roll's bags, and when the roll went which way. */
#ifndef RW_DB_FATES_H
#define RW_DB_FATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/scope.h"

/* A bag that a dispenser handed out or that was missed. */
struct fates_bag {
    const char *serial;
    bool taken_out;
    int64_t taken_ms; /* by the dispenser's clock; 0 = nobody said when */
};
struct fates {
    int64_t verified_ms; /* when every bag was last found good; 0 = never */
    int64_t loaded_ms;   /* when its dispenser first took it in; 0 = never */
    struct fates_bag *bags;
    size_t count;
};
RW_MUST_USE bool fates_find(const struct scope *scope, const char *roll, struct fates *ret_fates,
                            struct rw_error *err);

#endif
