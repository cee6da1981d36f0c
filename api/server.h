/* SPDX-License-Identifier: Apache-2.0 */
/* Starts the whole service in order, and stops it the other way. */
#ifndef RW_API_SERVER_H
#define RW_API_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "api/config.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "db/journal.h"

#define SERVER_MEMORY (16 * RW_ARENA_MIB) /* what lives as long as the service */
#define SERVER_SIGNAL_WAIT_MS 500

/* Texts are borrowed and live as long as the server. */
struct server_settings {
    const char *state_folder;
    const char *listen;         /* of people and programs */
    const char *listen_devices; /* of lines and dispensers */
    const char *database;       /* connection string; NULL = a cluster of our own */
    const char *database_owner; /* whose login migrates it; NULL = that of `database` */
    const char *pharmacy;       /* id that leads every key of the database */
    const char *hosts;          /* names and addresses in the certificate */
    struct config config;       /* see config_init */
    bool takes_keys;            /* those that are lost are begun anew */
    bool serves;                /* false = for its database alone, without fonts */
    struct rw_clock clock;
    uint8_t pharmacy_key[RW_HMAC_KEY_BYTES];
};

struct server;

/* Where a running server can be reached, and what a first caller needs. */
struct server_places {
    const char *listen; /* "127.0.0.1:43121" */
    const char *devices;
    const char *ca_path;
    char token_path[RW_FILE_PATH_MAX]; /* an administrator's bearer token */
    char code_path[RW_FILE_PATH_MAX];  /* the first administrator's one-time code */
};

/* Opens what the doors need, or the database alone. The signals TERM, INT and HUP must be blocked
 * in the calling thread before, so that no thread of ours takes them; that thread must live as long
 * as the server does. On failure everything that was started is stopped again. */
RW_MUST_USE bool server_open(const struct server_settings *settings, struct rw_arena *arena,
                             struct server **ret_server, struct rw_error *err);
/* Opens the doors: from now on requests are answered. */
RW_MUST_USE bool server_start(struct server *server, struct server_places *ret_places,
                              struct rw_error *err);
/* Connection string of the owner's, for programs that dump and restore; NULL when the database is
 * not the service's own. */
const char *server_own_database(const struct server *server);
/* Returns when the process is told to stop. */
void server_run(struct server *server);
/* Checks the chain of the journal, sealing what is new first. */
RW_MUST_USE bool server_check_journal(struct server *server, struct journal_report *ret_report,
                                      struct rw_error *err);
/* The keys that signed so far are lost for good; see custody_take. */
RW_MUST_USE bool server_take_keys(struct server *server, bool *ret_taken, struct rw_error *err);
void server_close(struct server *server);

#endif
