/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps which batches lie in which rolls, and what was taken back. */
#ifndef RW_DB_RECALLS_H
#define RW_DB_RECALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model/roll.h"
#include "db/scope.h"

#define RECALLS_ROLLS_MAX 20000 /* rolls that hold one batch */
#define RECALLS_BAGS_MAX 100000 /* bags of one recall */
#define RECALLS_LISTED_MAX 200
#define RECALLS_LOT_MAX 64 /* bytes of the number of one batch */

struct recalls_row {
    const char *recall_id;
    int64_t at_ms;
    const char *actor;
    const char *product;
    const char *lot;
    const char *reason;
    int64_t clients;
    int64_t bags;
    int64_t told;      /* clients who were */
    int64_t lifted_ms; /* 0 = it holds */
    const char *lifted_by;
    const char *lifted_reason;
};
struct recalls_bag {
    const char *client_id;
    const char *client_name;
    const char *roll;
    int64_t n;
    const char *serial;
    const char *at;           /* planned time */
    const char *dispenser_id; /* NULL when the roll was not released */
    const char *fate;         /* of the table recall_bags */
};
struct recalls_bags {
    struct recalls_bag *bags; /* by client, roll and n */
    size_t count;
};
struct recalls_told {
    const char *client_id;
    int64_t at_ms;
    const char *actor;
    const char *note;
};

/* Is this batch among those of a bag, "A1, A2"? */
bool recalls_has_lot(const char *lots, const char *lot);
/* Makes the batches of a roll known. */
RW_MUST_USE bool recalls_note_lots(const struct scope *scope, const struct roll *roll,
                                   struct rw_error *err);
/* The numbers of all rolls that ever held the batch. */
RW_MUST_USE bool recalls_rolls(const struct scope *scope, const char *product, const char *lot,
                               const char ***ret_rolls, size_t *ret_count, struct rw_error *err);

RW_MUST_USE bool recalls_insert(const struct scope *scope, const struct recalls_row *row,
                                struct rw_error *err);
RW_MUST_USE bool recalls_insert_bag(const struct scope *scope, const char *recall_id,
                                    const struct recalls_bag *bag, struct rw_error *err);
/* One recall, or (NULL) the newest ones. */
RW_MUST_USE bool recalls_find(const struct scope *scope, const char *recall_id,
                              struct recalls_row **ret_rows, size_t *ret_count,
                              struct rw_error *err);
RW_MUST_USE bool recalls_find_bags(const struct scope *scope, const char *recall_id,
                                   struct recalls_bags *ret_bags, struct rw_error *err);
/* RW_NOT_FOUND when the recall has no bag of that client. */
RW_MUST_USE bool recalls_insert_told(const struct scope *scope, const char *recall_id,
                                     const struct recalls_told *told, struct rw_error *err);
RW_MUST_USE bool recalls_find_told(const struct scope *scope, const char *recall_id,
                                   struct recalls_told **ret_told, size_t *ret_count,
                                   struct rw_error *err);

/* The batch may be packed again. RW_NOT_FOUND, or RW_CONFLICT when it was lifted before. */
RW_MUST_USE bool recalls_lift(const struct scope *scope, const char *recall_id, const char *reason,
                              struct rw_error *err);

/* A batch of the roll that is taken back by a recall that holds; `ret_lot` is NULL where none is.
 */
RW_MUST_USE bool recalls_of_roll(const struct scope *scope, const char *roll,
                                 const char **ret_product, const char **ret_lot,
                                 struct rw_error *err);

#endif
