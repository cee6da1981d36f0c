/* SPDX-License-Identifier: Apache-2.0 */
/* Opens a listening socket for an address as people write it. */
#define _GNU_SOURCE
#include "api/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/text.h"

#define BACKLOG 4096 /* all come back at once when a node is gone; the kernel may hold less */
#define UNHEARD_MS_MAX 45000 /* a caller that confirms nothing for so long is taken for gone */

struct place {
    char host[LISTEN_ADDRESS_MAX];
    char port[8];
};

static bool split(const char *address, struct place *ret_place, struct rw_error *err)
{
    const char *colon = strrchr(address, ':');
    int64_t port = 0;
    if (!colon || !rw_text_to_int(colon + 1, 0, 65535, &port) ||
        strlen(address) >= LISTEN_ADDRESS_MAX)
        return rw_error_set(err, RW_USAGE, "", "\"%s\" is not HOST:PORT", address);
    struct place place = { 0 };
    size_t length = (size_t)(colon - address);
    const char *from = address;
    if (length >= 2 && address[0] == '[' && address[length - 1] == ']') {
        from++;
        length -= 2;
    }
    (void)snprintf(place.host, sizeof place.host, "%.*s", (int)length, from);
    (void)snprintf(place.port, sizeof place.port, "%d", (int)port);
    *ret_place = place;
    return true;
}

static bool write_address(int socket, char ret_address[LISTEN_ADDRESS_MAX], struct rw_error *err)
{
    struct sockaddr_storage bound = { 0 };
    socklen_t size = sizeof bound;
    char host[NI_MAXHOST];
    char port[NI_MAXSERV];
    if (getsockname(socket, (struct sockaddr *)&bound, &size) != 0 ||
        getnameinfo((struct sockaddr *)&bound, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not learn the address of a socket");
    if (bound.ss_family == AF_INET6)
        (void)snprintf(ret_address, LISTEN_ADDRESS_MAX, "[%.100s]:%.8s", host, port);
    else
        (void)snprintf(ret_address, LISTEN_ADDRESS_MAX, "%.100s:%.8s", host, port);
    return true;
}

static int open_one(const struct addrinfo *found)
{
    int made = socket(found->ai_family, found->ai_socktype | SOCK_CLOEXEC, found->ai_protocol);
    const int on = 1;
    if (made < 0)
        return -1;
    if (setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(made, found->ai_addr, found->ai_addrlen) == 0 && listen(made, BACKLOG) == 0)
        return made;
    int reason = errno;
    (void)close(made);
    errno = reason;
    return -1;
}

/* Every connection that is accepted inherits it. Without it the kernel goes on for a quarter of an
 * hour with who vanished without a word, and who is held counts as heard. */
static void limit_patience(int socket)
{
    const unsigned limit_ms = UNHEARD_MS_MAX;
    (void)setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit_ms, sizeof limit_ms);
}

static bool take_open(const char *number, int *ret_socket, char ret_address[LISTEN_ADDRESS_MAX],
                      struct rw_error *err)
{
    int64_t socket = 0;
    int listening = 0;
    socklen_t size = sizeof listening;
    if (!rw_text_to_int(number, 3, 65535, &socket) ||
        getsockopt((int)socket, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || !listening)
        return rw_error_set(err, RW_USAGE, "", "nothing listens at the open file %s", number);
    if (!write_address((int)socket, ret_address, err))
        return false;
    limit_patience((int)socket);
    *ret_socket = (int)socket;
    return true;
}

bool listen_open(const char *address, int *ret_socket, char ret_address[LISTEN_ADDRESS_MAX],
                 struct rw_error *err)
{
    struct place place;
    if (rw_text_starts_with(address, "fd:"))
        return take_open(address + strlen("fd:"), ret_socket, ret_address, err);
    if (!split(address, &place, err))
        return false;
    const struct addrinfo hints = { .ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    int failure = getaddrinfo(place.host[0] ? place.host : NULL, place.port, &hints, &found);
    if (failure != 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not find the address \"%s\": %s",
                            address, gai_strerror(failure));
    int made = -1;
    for (const struct addrinfo *one = found; one && made < 0; one = one->ai_next)
        made = open_one(one);
    int reason = errno;
    freeaddrinfo(found);
    if (made < 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not listen on %s: %s", address,
                            strerror(reason));
    if (!write_address(made, ret_address, err)) {
        (void)close(made);
        return false;
    }
    limit_patience(made);
    *ret_socket = made;
    return true;
}

void listen_write_peer(const struct sockaddr *peer, char ret_text[LISTEN_PEER_MAX])
{
    socklen_t size = 0;
    if (peer->sa_family == AF_INET)
        size = sizeof(struct sockaddr_in);
    if (peer->sa_family == AF_INET6)
        size = sizeof(struct sockaddr_in6);
    if (size == 0 ||
        getnameinfo(peer, size, ret_text, LISTEN_PEER_MAX, NULL, 0, NI_NUMERICHOST) != 0)
        (void)rw_text_copy(ret_text, LISTEN_PEER_MAX, "?");
}
