/* SPDX-License-Identifier: Apache-2.0 */
/* Waits for clients that are slow in their handshake. */
#define _GNU_SOURCE
#include "api/handshakes.h"

#include <pthread.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/base/attributes.h"

#define AT_ONCE 64 /* events in one round */

struct handshakes {
    pthread_mutex_t lock;
    pthread_t thread;
    struct handshakes_port port;
    struct handshakes_one *first;
    int poll;
    int bell; /* rings when it ends */
    bool ended;
};

/* Woken under the lock: the connection may be gone the moment it is not held any more. */
static void wake(struct handshakes *handshakes, struct handshakes_one *one)
{
    if (one->previous)
        one->previous->next = one->next;
    else
        handshakes->first = one->next;
    if (one->next)
        one->next->previous = one->previous;
    handshakes->port.resume(one->connection);
}

static void *watch(void *self)
{
    struct handshakes *handshakes = self;
    struct epoll_event events[AT_ONCE];
    bool ended = false;
    while (!ended) { /* ends with the bell */
        int count = epoll_wait(handshakes->poll, events, AT_ONCE, -1);
        (void)pthread_mutex_lock(&handshakes->lock);
        ended = handshakes->ended;
        for (int i = 0; i < count && !ended; i++) {
            if (events[i].data.ptr)
                wake(handshakes, events[i].data.ptr);
        }
        (void)pthread_mutex_unlock(&handshakes->lock);
    }
    return NULL;
}

bool handshakes_open(struct rw_arena *arena, struct handshakes_port port,
                     struct handshakes **ret_handshakes, struct rw_error *err)
{
    struct handshakes *handshakes = rw_arena_alloc(arena, sizeof *handshakes, err);
    if (!handshakes)
        return false;
    handshakes->port = port;
    handshakes->poll = epoll_create1(EPOLL_CLOEXEC);
    handshakes->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    (void)pthread_mutex_init(&handshakes->lock, NULL); /* cannot fail with default attributes */
    struct epoll_event ring = { .events = EPOLLIN };
    if (handshakes->poll < 0 || handshakes->bell < 0 ||
        epoll_ctl(handshakes->poll, EPOLL_CTL_ADD, handshakes->bell, &ring) != 0 ||
        pthread_create(&handshakes->thread, NULL, watch, handshakes) != 0) {
        (void)close(handshakes->poll); /* -1 does no harm */
        (void)close(handshakes->bell);
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not watch over handshakes");
    }
    *ret_handshakes = handshakes;
    return true;
}

/* Each sleep is for one event: a socket that was woken is not watched until it sleeps again. */
static bool arm(const struct handshakes *handshakes, struct handshakes_one *one)
{
    struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, .data.ptr = one };
    int how = one->registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    one->registered = true;
    return epoll_ctl(handshakes->poll, how, one->socket, &event) == 0;
}

void handshakes_sleep(struct handshakes *handshakes, struct handshakes_one *one)
{
    (void)pthread_mutex_lock(&handshakes->lock);
    if (!handshakes->ended) {
        handshakes->port.suspend(one->connection);
        one->previous = NULL;
        one->next = handshakes->first;
        if (one->next)
            one->next->previous = one;
        handshakes->first = one;
        if (!arm(handshakes, one))
            wake(handshakes, one);
    }
    (void)pthread_mutex_unlock(&handshakes->lock);
}

void handshakes_end(struct handshakes *handshakes)
{
    const uint64_t ring = 1;
    (void)pthread_mutex_lock(&handshakes->lock);
    handshakes->ended = true;
    while (handshakes->first) /* each round wakes one */
        wake(handshakes, handshakes->first);
    (void)pthread_mutex_unlock(&handshakes->lock);
    ssize_t rung = write(handshakes->bell, &ring, sizeof ring);
    (void)rung; /* a counter that is not full takes it */
    (void)pthread_join(handshakes->thread, NULL);
}

void handshakes_close(struct handshakes *handshakes)
{
    (void)close(handshakes->poll);
    (void)close(handshakes->bell);
    (void)pthread_mutex_destroy(&handshakes->lock);
}
