/* SPDX-License-Identifier: Apache-2.0 */
/* Tests who is taken in at a door, who waits before it, and its end. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "api/acceptor.h"

#define TAKEN_MAX 16
#define SOON_MS 10000
#define WHILE_MS 250
#define SILENCE_MS 1000
#define IDLE_CPU_MS_MAX 50 /* whoever asks over and over takes all of WHILE_MS */

/* Who serves at the door, as far as it goes here. */
struct house {
    struct acceptor acceptor;
    int taken[TAKEN_MAX];
    atomic_int count;
    atomic_bool full;
};

static bool take(void *self, int socket, const struct sockaddr *peer, uint32_t peer_size)
{
    struct house *house = self;
    assert_int_equal(AF_INET, peer->sa_family);
    assert_int_equal(sizeof(struct sockaddr_in), peer_size);
    if (atomic_load(&house->full)) {
        (void)close(socket);
        return false;
    }
    house->taken[atomic_load(&house->count)] = socket;
    atomic_fetch_add(&house->count, 1);
    return true;
}

static void open_house(struct house *house, const char *address, int32_t most, int32_t entering)
{
    struct rw_error err = { 0 };
    const struct acceptor_settings settings = { .address = address,
                                                .count_max = most,
                                                .entering_max = entering,
                                                .silence_ms = SILENCE_MS,
                                                .self = house,
                                                .take = take };
    *house = (struct house){ 0 };
    assert_true(acceptor_start(&house->acceptor, &settings, &err));
}

static void close_house(struct house *house)
{
    acceptor_end(&house->acceptor);
    acceptor_release(&house->acceptor);
    for (int i = 0; i < atomic_load(&house->count); i++)
        (void)close(house->taken[i]);
}

static struct sockaddr_in place_of(const char *address)
{
    struct sockaddr_in there = { .sin_family = AF_INET };
    there.sin_port = htons((uint16_t)strtol(strrchr(address, ':') + 1, NULL, 10));
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return there;
}

static int call(const struct house *house)
{
    const struct sockaddr_in there = place_of(house->acceptor.address);
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(0, connect(made, (const struct sockaddr *)&there, sizeof there));
    return made;
}

static void rest(long milliseconds)
{
    const struct timespec step = { .tv_nsec = milliseconds * 1000000L };
    (void)nanosleep(&step, NULL);
}

static bool soon(struct house *house, int count)
{
    for (int i = 0; i < SOON_MS && atomic_load(&house->count) < count; i++)
        rest(1);
    return atomic_load(&house->count) == count;
}

/* Nobody else is taken in for a while, and waiting takes no processor. */
static bool stays(struct house *house, int count)
{
    clock_t begun = clock();
    rest(WHILE_MS);
    clock_t used_ms = (clock() - begun) / (CLOCKS_PER_SEC / 1000);
    return used_ms <= IDLE_CPU_MS_MAX && atomic_load(&house->count) == count;
}

static void who_calls_is_taken_in(void **state)
{
    struct house house;
    int at_once = 0;
    socklen_t size = sizeof at_once;
    (void)state;
    open_house(&house, "127.0.0.1:0", TAKEN_MAX, TAKEN_MAX);
    int caller = call(&house);
    assert_true(soon(&house, 1));
    assert_true(fcntl(house.taken[0], F_GETFL) & O_NONBLOCK);
    assert_true(fcntl(house.taken[0], F_GETFD) & FD_CLOEXEC);
    assert_int_equal(0, getsockopt(house.taken[0], IPPROTO_TCP, TCP_NODELAY, &at_once, &size));
    assert_int_not_equal(0, at_once);
    assert_true(stays(&house, 1));
    assert_int_equal(1, acceptor_count(&house.acceptor));
    acceptor_entered(&house.acceptor);
    acceptor_left(&house.acceptor);
    assert_int_equal(0, acceptor_count(&house.acceptor));
    close_house(&house);
    (void)close(caller);
}

/* Over the ceiling of connections, and over that of those who were not looked at yet. */
static void who_is_too_many_waits_until_one_leaves(void **state)
{
    struct house house;
    int callers[4];
    (void)state;
    open_house(&house, "127.0.0.1:0", 3, 2);
    for (size_t i = 0; i < 4; i++)
        callers[i] = call(&house);
    assert_true(soon(&house, 2));
    assert_true(stays(&house, 2));
    acceptor_entered(&house.acceptor);
    acceptor_entered(&house.acceptor);
    assert_true(soon(&house, 3));
    acceptor_entered(&house.acceptor);
    assert_true(stays(&house, 3));
    acceptor_left(&house.acceptor);
    assert_true(soon(&house, 4));
    close_house(&house);
    for (size_t i = 0; i < 4; i++)
        (void)close(callers[i]);
}

/* Who serves had no memory for them and did not say so. */
static void who_is_never_looked_at_is_forgotten(void **state)
{
    struct house house;
    int callers[3];
    (void)state;
    open_house(&house, "127.0.0.1:0", 3, 2);
    for (size_t i = 0; i < 3; i++)
        callers[i] = call(&house);
    assert_true(soon(&house, 2));
    assert_true(stays(&house, 2));
    assert_true(soon(&house, 3));
    assert_int_equal(1, acceptor_count(&house.acceptor));
    close_house(&house);
    for (size_t i = 0; i < 3; i++)
        (void)close(callers[i]);
}

static void who_cannot_be_served_takes_no_place(void **state)
{
    struct house house;
    char byte;
    (void)state;
    open_house(&house, "127.0.0.1:0", 1, 1);
    atomic_store(&house.full, true);
    int refused = call(&house);
    assert_int_equal(0, read(refused, &byte, 1)); /* hung up on */
    atomic_store(&house.full, false);
    int caller = call(&house);
    assert_true(soon(&house, 1));
    close_house(&house);
    (void)close(refused);
    (void)close(caller);
}

/* A process that may open no more files tries again, at its ease. */
static void without_files_it_tries_again(void **state)
{
    struct rlimit before;
    struct house house;
    (void)state;
    open_house(&house, "127.0.0.1:0", TAKEN_MAX, TAKEN_MAX);
    assert_int_equal(0, getrlimit(RLIMIT_NOFILE, &before));
    int caller = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct rlimit none = { .rlim_cur = (rlim_t)caller + 1, .rlim_max = before.rlim_max };
    assert_int_equal(0, setrlimit(RLIMIT_NOFILE, &none));
    const struct sockaddr_in there = place_of(house.acceptor.address);
    assert_int_equal(0, connect(caller, (const struct sockaddr *)&there, sizeof there));
    assert_true(stays(&house, 0));
    assert_int_equal(0, setrlimit(RLIMIT_NOFILE, &before));
    assert_true(soon(&house, 1));
    close_house(&house);
    (void)close(caller);
}

/* The socket is the supervisor's: who calls between two services waits for the next. */
static void who_waits_is_taken_in_by_the_next(void **state)
{
    struct house house;
    char address[LISTEN_ADDRESS_MAX];
    char again[16];
    struct rw_error err = { 0 };
    int given = -1;
    (void)state;
    assert_true(listen_open("127.0.0.1:0", &given, address, &err));
    (void)snprintf(again, sizeof again, "fd:%d", dup(given));
    open_house(&house, again, TAKEN_MAX, TAKEN_MAX);
    assert_string_equal(address, house.acceptor.address);
    close_house(&house);
    int caller = call(&house); /* at the same address still */
    (void)snprintf(again, sizeof again, "fd:%d", given);
    open_house(&house, again, TAKEN_MAX, TAKEN_MAX);
    assert_true(soon(&house, 1));
    close_house(&house);
    const struct sockaddr_in there = place_of(address);
    int late = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(-1, connect(late, (const struct sockaddr *)&there, sizeof there));
    assert_int_equal(ECONNREFUSED, errno);
    (void)close(late);
    (void)close(caller);
}

/* However many leave while it ends: none of them rings at a door that is gone. */
static void it_ends_while_it_waits_for_room(void **state)
{
    struct house house;
    (void)state;
    open_house(&house, "127.0.0.1:0", 1, 1);
    int caller = call(&house);
    assert_true(soon(&house, 1));
    assert_true(stays(&house, 1));
    acceptor_end(&house.acceptor);
    acceptor_entered(&house.acceptor);
    acceptor_left(&house.acceptor);
    assert_int_equal(0, acceptor_count(&house.acceptor));
    acceptor_release(&house.acceptor);
    (void)close(house.taken[0]);
    (void)close(caller);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_calls_is_taken_in),
        cmocka_unit_test(who_is_too_many_waits_until_one_leaves),
        cmocka_unit_test(who_is_never_looked_at_is_forgotten),
        cmocka_unit_test(who_cannot_be_served_takes_no_place),
        cmocka_unit_test(without_files_it_tries_again),
        cmocka_unit_test(who_waits_is_taken_in_by_the_next),
        cmocka_unit_test(it_ends_while_it_waits_for_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
