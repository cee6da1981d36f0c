/* SPDX-License-Identifier: Apache-2.0 */
/* Takes in who calls at a listening socket, on a thread of its own. */
#ifndef RW_API_ACCEPTOR_H
#define RW_API_ACCEPTOR_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "api/listen.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

struct sockaddr;

struct acceptor_settings {
    const char *address;  /* as in listen_open */
    int32_t count_max;    /* connections at once; who comes then waits with the kernel */
    int32_t entering_max; /* of these taken in and not yet looked at by who serves them */
    int32_t silence_ms;   /* of these none was looked at: after twice that they are forgotten */
    void *self;
    /* Hands a connection to who serves it, and its socket in any case; false: it is closed. */
    bool (*take)(void *self, int socket, const struct sockaddr *peer, uint32_t peer_size);
};

/* libmicrohttpd 0.9.75 may take its listening socket out of one epoll set on two threads as it is
 * told to listen no more, and then ends the process. So it has none: this one listens. Who serves
 * says when a connection was looked at and when it is over. Thread-safe, but not its start and end.
 */
struct acceptor {
    struct acceptor_settings settings;
    char address[LISTEN_ADDRESS_MAX]; /* where it listens: "127.0.0.1:43121" */
    pthread_t thread;
    int socket; /* others may listen at it too */
    int bell;   /* rings when there is room again, and at the end */
    atomic_int count;
    atomic_int entering;
    atomic_bool waits; /* for room */
    int silences;      /* of its own thread: while it waited for room nobody was looked at */
    atomic_bool ended;
};

RW_MUST_USE bool acceptor_start(struct acceptor *acceptor, const struct acceptor_settings *settings,
                                struct rw_error *err);
void acceptor_entered(struct acceptor *acceptor);
void acceptor_left(struct acceptor *acceptor);
int32_t acceptor_count(const struct acceptor *acceptor);
/* Nobody is taken in any more, and the socket is closed: who waits in it is served by the other
 * processes that have it, if there are any. Connections may still leave. */
void acceptor_end(struct acceptor *acceptor);
/* After acceptor_end, when none can leave any more. */
void acceptor_release(struct acceptor *acceptor);

#endif
