/* SPDX-License-Identifier: Apache-2.0 */
/* Tests what a connection has of the socket it came in by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/listen.h"

static int connect_to(const char *address)
{
    struct sockaddr_in there = { .sin_family = AF_INET };
    there.sin_port = htons((uint16_t)strtol(strrchr(address, ':') + 1, NULL, 10));
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(0, connect(made, (struct sockaddr *)&there, sizeof there));
    return made;
}

static unsigned patience_ms(int socket)
{
    unsigned limit_ms = 0;
    socklen_t size = sizeof limit_ms;
    assert_int_equal(0, getsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit_ms, &size));
    return limit_ms;
}

/* Two beats of a stream lie 25 s apart: who is gone is let go before the third. */
static void who_vanishes_is_not_kept_for_long(void **state)
{
    char address[LISTEN_ADDRESS_MAX];
    struct rw_error err = { 0 };
    int listening = -1;
    (void)state;
    assert_true(listen_open("127.0.0.1:0", &listening, address, &err));
    int caller = connect_to(address);
    int taken = accept(listening, NULL, NULL);
    assert_true(taken >= 0);
    assert_in_range(patience_ms(taken), 25000, 50000);
    (void)close(taken);
    (void)close(caller);
    (void)close(listening);
}

/* A file of whoever starts the service that is something else, and an address that is none. */
static void what_is_no_listening_socket_is_refused(void **state)
{
    char address[LISTEN_ADDRESS_MAX];
    struct rw_error err = { 0 };
    int listening = -1;
    (void)state;
    assert_false(listen_open("fd:0", &listening, address, &err));
    assert_int_equal(RW_USAGE, err.code);
    err = (struct rw_error){ 0 };
    assert_false(listen_open("nowhere", &listening, address, &err));
    assert_int_equal(RW_USAGE, err.code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_vanishes_is_not_kept_for_long),
        cmocka_unit_test(what_is_no_listening_socket_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
