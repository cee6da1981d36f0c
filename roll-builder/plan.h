/* SPDX-License-Identifier: Apache-2.0 */
/* From the orders of one client to a roll that balances. */
#ifndef RW_ROLL_BUILDER_PLAN_H
#define RW_ROLL_BUILDER_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/model/media.h"
#include "core/model/order.h"
#include "core/model/print.h"
#include "core/model/roll.h"
#include "roll-builder/eligibility.h"
#include "roll-builder/people.h"
#include "roll-builder/policy.h"
#include "roll-builder/products.h"

/* More bags than one roll may have, as they would lie in it; `bags` NULL when they fit. */
struct plan_excess {
    int32_t bags_max;
    const struct bag *bags; /* header, doses and trailer, unsigned */
    size_t bag_count;
};

/* All that a roll depends on. Everything is borrowed and must live as long as the roll. */
struct plan_request {
    const char *client_id;             /* client_is_id() holds */
    const struct order *const *orders; /* all lines of this client, in an order that does not
                                        * depend on how the files were given */
    size_t order_count;
    bool many_sources;   /* several files, whose `source` names all differ */
    bool nameless_lines; /* a file of theirs holds an agreement whose client is not known (D1) */
    const struct policy *policy;     /* its zone is open */
    const struct products *products; /* NULL = no table: nothing may be packed (D31) */
    const struct media *media;
    const struct window *window;
    const char *number;          /* nine digits */
    const char *issued;          /* planned-time form; NULL = the first day at 00:00 */
    const char *replaces;        /* roll number, or NULL */
    const uint8_t *pharmacy_key; /* RW_HMAC_KEY_BYTES */
    const struct fits *fits;     /* NULL: only the counts limit a bag */
    const struct person *person; /* NULL: nothing is recorded (D3, D30) */
    bool has_packed_on;          /* else the first day of the window */
    int32_t packed_on;           /* day on which the pieces leave their packs (D36) */
    struct plan_excess *excess;  /* NULL, or told of too many bags */
};

/* Gives the roll with its findings and its loose and excluded lines. `ret_blocked`: a finding of
 * severity B stopped it, the roll has no bags and must not be written. A roll that has bags was
 * audited. What goes over a ceiling blocks too: one client must not stop the others. Errors are
 * memory and our own faults, never the input. */
RW_MUST_USE bool plan_roll(const struct plan_request *request, struct rw_arena *arena,
                           struct roll **ret_roll, bool *ret_blocked, struct rw_error *err);

/* The nine digits of a roll number from 32 bytes of a seed. */
void plan_number(const uint8_t seed[RW_SHA256_BYTES], char ret_number[ROLL_NUMBER_MAX]);

#endif
