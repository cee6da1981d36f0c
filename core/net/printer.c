/* SPDX-License-Identifier: Apache-2.0 */
/* Sends a finished label file to a printer that listens on TCP. */
#define _POSIX_C_SOURCE 200809L
#include "core/net/printer.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/text.h"

#define SCHEME "tcp://"
#define ADDRESSES_MAX 16 /* of one host name that are tried */
#define CLOSE_WAIT_MS 2000

static bool refuse(struct rw_error *err, const char *url)
{
    return rw_error_set(err, RW_USAGE, "", "\"%s\" is no printer like tcp://HOST:9100", url);
}

static bool copy_part(char *room, size_t size, const char *from, const char *end)
{
    size_t length = (size_t)(end - from);
    if (length == 0 || length >= size)
        return false;
    memcpy(room, from, length);
    room[length] = '\0';
    return true;
}

bool printer_parse(const char *url, struct printer *ret_printer, struct rw_error *err)
{
    struct printer printer = { .port = PRINTER_PORT };
    if (!rw_text_starts_with(url, SCHEME))
        return refuse(err, url);
    const char *host = url + strlen(SCHEME);
    bool bracketed = host[0] == '[';
    host += bracketed ? 1 : 0;
    const char *end = bracketed ? strchr(host, ']') : host + strcspn(host, ":");
    if (end == NULL || !copy_part(printer.host, sizeof printer.host, host, end) ||
        strpbrk(printer.host, "/@ ?#") != NULL)
        return refuse(err, url);
    const char *rest = bracketed ? end + 1 : end;
    int64_t port = 0;
    if (rest[0] == ':') {
        if (!rw_text_to_int(rest + 1, 1, 65535, &port) ||
            !copy_part(printer.port, sizeof printer.port, rest + 1, rest + strlen(rest)))
            return refuse(err, url);
    } else if (rest[0] != '\0') {
        return refuse(err, url);
    }
    *ret_printer = printer;
    return true;
}

static bool wait_for(int socket, short events, int32_t timeout_ms)
{
    struct pollfd wanted = { .fd = socket, .events = events };
    int ready = 0;
    do
        ready = poll(&wanted, 1, timeout_ms);
    while (ready < 0 && errno == EINTR);
    return ready == 1;
}

/* An open, non-blocking connection to one address, or -1 with errno. */
static int connect_to(const struct addrinfo *address, int32_t timeout_ms)
{
    int descriptor = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
    if (descriptor < 0)
        return -1;
    int fault = 0;
    socklen_t size = sizeof fault;
    bool begun =
        fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 &&
        fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 &&
        (connect(descriptor, address->ai_addr, address->ai_addrlen) == 0 || errno == EINPROGRESS);
    if (!begun)
        fault = errno;
    else if (!wait_for(descriptor, POLLOUT, timeout_ms))
        fault = ETIMEDOUT;
    else if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &fault, &size) != 0)
        fault = errno;
    if (fault == 0)
        return descriptor;
    (void)close(descriptor); /* it was never of use */
    errno = fault;
    return -1;
}

static bool send_all(int descriptor, const char *bytes, size_t length, int32_t timeout_ms)
{
    size_t sent = 0;
    while (sent < length) {
        if (!wait_for(descriptor, POLLOUT, timeout_ms)) {
            errno = ETIMEDOUT;
            return false;
        }
        ssize_t now = send(descriptor, bytes + sent, length - sent, MSG_NOSIGNAL);
        if (now < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        sent += now > 0 ? (size_t)now : 0;
    }
    return true;
}

/* A printer that closes first has read all; one that does not is not waited for long. */
static void finish(int descriptor)
{
    (void)shutdown(descriptor, SHUT_WR); /* the other end may be gone already */
    (void)wait_for(descriptor, POLLIN, CLOSE_WAIT_MS);
    (void)close(descriptor); /* all bytes are sent */
}

bool printer_send(const struct printer *printer, const void *bytes, size_t length,
                  int32_t timeout_ms, struct rw_error *err)
{
    const struct addrinfo wanted = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    int status = getaddrinfo(printer->host, printer->port, &wanted, &found);
    if (status != 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not find the printer %s: %s",
                            printer->host, gai_strerror(status));
    int descriptor = -1;
    int tried = 0;
    for (const struct addrinfo *address = found;
         descriptor < 0 && address != NULL && tried < ADDRESSES_MAX; address = address->ai_next) {
        descriptor = connect_to(address, timeout_ms);
        tried++;
    }
    freeaddrinfo(found);
    bool done = descriptor >= 0 && send_all(descriptor, bytes, length, timeout_ms);
    int fault = errno;
    if (descriptor >= 0)
        finish(descriptor);
    return done || rw_error_set(err, RW_UNAVAILABLE, "", "could not print on %s port %s: %s",
                                printer->host, printer->port, strerror(fault));
}
