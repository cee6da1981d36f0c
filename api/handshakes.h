/* SPDX-License-Identifier: Apache-2.0 */
/* Waits for clients that are slow in their handshake. */
#ifndef RW_API_HANDSHAKES_H
#define RW_API_HANDSHAKES_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

/* libmicrohttpd 0.9.75 asks a connection in its handshake over and over, without a pause, until
 * the client's next bytes are there: one silent client takes a whole thread, and a processor with
 * it. Such a connection sleeps here instead. Thread-safe. */
struct handshakes;

/* One connection; all zero at first. */
struct handshakes_one {
    int socket;
    void *connection;
    bool registered;
    struct handshakes_one *next; /* of those who sleep */
    struct handshakes_one *previous;
};

/* `suspend` and `resume` as of the HTTP library. */
struct handshakes_port {
    void (*suspend)(void *connection);
    void (*resume)(void *connection);
};

RW_MUST_USE bool handshakes_open(struct rw_arena *arena, struct handshakes_port port,
                                 struct handshakes **ret_handshakes, struct rw_error *err);
/* On the thread of the connection: it sleeps until its socket has something to read or ends. */
void handshakes_sleep(struct handshakes *handshakes, struct handshakes_one *one);
/* Wakes all, and lets nobody sleep any more. */
void handshakes_end(struct handshakes *handshakes);
/* After handshakes_end, once no connection is left. */
void handshakes_close(struct handshakes *handshakes);

#endif
