/* SPDX-License-Identifier: Apache-2.0 */
/* Takes in who calls at a listening socket, on a thread of its own. */
#define _GNU_SOURCE
#include "api/acceptor.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define REST_MS \
    50 /* without files or memory nobody can be taken in, but who calls goes on calling */
#define NO_END (-1)
#define SILENCES_MAX 2 /* until those who were not looked at are forgotten */

static bool has_room(const struct acceptor *acceptor)
{
    return atomic_load(&acceptor->count) < acceptor->settings.count_max &&
           atomic_load(&acceptor->entering) < acceptor->settings.entering_max;
}

static void ring(const struct acceptor *acceptor)
{
    const uint64_t one = 1;
    ssize_t rung = write(acceptor->bell, &one, sizeof one);
    (void)rung; /* a counter that is not full takes it */
}

/* Until the bell rings, or somebody calls at `socket`; -1 = whoever calls may wait. False: neither
 * in this time. */
static bool wait_at(const struct acceptor *acceptor, int socket, int timeout_ms)
{
    uint64_t rung = 0;
    struct pollfd files[] = { { .fd = acceptor->bell, .events = POLLIN },
                              { .fd = socket, .events = POLLIN } };
    int called = poll(files, 2, timeout_ms);
    if (called > 0 && files[0].revents) {
        ssize_t heard = read(acceptor->bell, &rung, sizeof rung);
        (void)heard; /* it tells no more than that it rang */
    }
    return called != 0;
}

/* Whom libmicrohttpd has no memory for it hangs up on, and never says so. A process that was
 * stopped and goes on must not take the others for such: it waits twice. */
static void note_silence(struct acceptor *acceptor)
{
    acceptor->silences++;
    if (acceptor->silences < SILENCES_MAX)
        return;
    atomic_fetch_sub(&acceptor->count, atomic_exchange(&acceptor->entering, 0));
    acceptor->silences = 0;
}

/* Who makes room after the first look sees that it is waited for. */
static void wait_for_room(struct acceptor *acceptor)
{
    bool full = atomic_load(&acceptor->count) >= acceptor->settings.count_max;
    atomic_store(&acceptor->waits, true);
    if (has_room(acceptor) || atomic_load(&acceptor->ended) ||
        wait_at(acceptor, -1, full ? NO_END : acceptor->settings.silence_ms))
        acceptor->silences = 0;
    else
        note_silence(acceptor);
    atomic_store(&acceptor->waits, false);
}

/* A handshake is sent in small pieces, and a caller who has nothing to say to the first of two does
 * not acknowledge it for 40 ms, for which the second would wait. */
static void send_at_once(int socket)
{
    const int on = 1;
    (void)setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* else it is slower */
}

static void take_one(struct acceptor *acceptor)
{
    const struct acceptor_settings *settings = &acceptor->settings;
    struct sockaddr_storage peer = { 0 };
    socklen_t size = sizeof peer;
    int taken =
        accept4(acceptor->socket, (struct sockaddr *)&peer, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (taken < 0) {
        if (errno == EAGAIN)
            (void)wait_at(acceptor, acceptor->socket, NO_END);
        else if (errno != EINTR && errno != ECONNABORTED)
            (void)wait_at(acceptor, -1, REST_MS);
        return;
    }
    send_at_once(taken);
    atomic_fetch_add(&acceptor->count, 1);
    atomic_fetch_add(&acceptor->entering, 1);
    if (!settings->take(settings->self, taken, (struct sockaddr *)&peer, size)) {
        atomic_fetch_sub(&acceptor->entering, 1);
        atomic_fetch_sub(&acceptor->count, 1);
    }
}

static void *take_in(void *self)
{
    struct acceptor *acceptor = self;
    while (!atomic_load(&acceptor->ended)) { /* ends with the bell */
        if (has_room(acceptor))
            take_one(acceptor);
        else
            wait_for_room(acceptor);
    }
    return NULL;
}

/* Another process that listens here too may be quicker, and we must not wait in its place. */
static bool be_ready(struct acceptor *acceptor)
{
    int flags = fcntl(acceptor->socket, F_GETFL);
    return acceptor->bell >= 0 && flags >= 0 &&
           fcntl(acceptor->socket, F_SETFL, flags | O_NONBLOCK) == 0;
}

bool acceptor_start(struct acceptor *acceptor, const struct acceptor_settings *settings,
                    struct rw_error *err)
{
    *acceptor = (struct acceptor){ .settings = *settings };
    if (!listen_open(settings->address, &acceptor->socket, acceptor->address, err))
        return false;
    acceptor->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (be_ready(acceptor) && pthread_create(&acceptor->thread, NULL, take_in, acceptor) == 0)
        return true;
    (void)close(acceptor->socket);
    (void)close(acceptor->bell); /* -1 does no harm */
    return rw_error_set(err, RW_UNAVAILABLE, "", "could not watch over %s", acceptor->address);
}

static void make_room(struct acceptor *acceptor, atomic_int *of)
{
    atomic_fetch_sub(of, 1);
    if (atomic_load(&acceptor->waits) && atomic_exchange(&acceptor->waits, false))
        ring(acceptor);
}

void acceptor_entered(struct acceptor *acceptor)
{
    make_room(acceptor, &acceptor->entering);
}

void acceptor_left(struct acceptor *acceptor)
{
    make_room(acceptor, &acceptor->count);
}

int32_t acceptor_count(const struct acceptor *acceptor)
{
    return atomic_load(&acceptor->count);
}

void acceptor_end(struct acceptor *acceptor)
{
    atomic_store(&acceptor->ended, true);
    ring(acceptor);
    (void)pthread_join(acceptor->thread, NULL);
    (void)close(acceptor->socket);
}

void acceptor_release(struct acceptor *acceptor)
{
    (void)close(acceptor->bell);
}
