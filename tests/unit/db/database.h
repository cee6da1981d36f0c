/* SPDX-License-Identifier: Apache-2.0 */
/* A real PostgreSQL made for one test program, with our schema in it. */
#ifndef RW_TESTS_UNIT_DB_DATABASE_H
#define RW_TESTS_UNIT_DB_DATABASE_H

#include <stdbool.h>

#include "db/scope.h"
#include "tests/support/scratch.h"

struct database {
    char folder[SCRATCH_PATH_MAX];
    struct rw_arena *whole; /* what lives as long as the database */
    struct rw_arena *arena; /* what a test asks for; emptied by database_work */
    struct private_cluster *cluster;
    struct conn *owner;
    struct conn *app;   /* of pharmacy "952000" */
    struct conn *other; /* of pharmacy "952001" */
    struct conn *none;  /* of no pharmacy */
    struct scope scope; /* of pharmacy "952000", in a transaction only inside database_work */
};

/* For cmocka's group setup and teardown: *state is a struct database. */
int database_setup(void **state);
int database_teardown(void **state);
/* Runs the work in one transaction as the running service would. */
bool database_work(struct database *database,
                   bool (*run)(void *self, struct conn *conn, struct rw_error *err),
                   struct rw_error *err);

#endif
