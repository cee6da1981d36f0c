/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that a door closes in good order, whoever calls meanwhile. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "api/http.h"
#include "core/base/crypto.h"
#include "core/net/pki.h"

#define STOPS 30
#define CALLERS 4
#define DAY_MS (86400 * INT64_C(1000))

static atomic_bool stopping;

static void rest_ms(long milliseconds)
{
    const struct timespec a_while = { .tv_nsec = milliseconds * 1000000L };
    (void)nanosleep(&a_while, NULL);
}

/* In place of the system's: who takes a listening socket out of a set first is held up at it, as by
 * a busy machine, and another thread that means to do the same is there before. */
int epoll_ctl(int set, int how, int socket, struct epoll_event *event)
{
    int listening = 0;
    socklen_t size = sizeof listening;
    if (how == EPOLL_CTL_DEL &&
        getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening &&
        atomic_exchange(&stopping, false))
        rest_ms(20);
    return (int)syscall(SYS_epoll_ctl, set, how, socket, event);
}

/* Those who call and hang up, over and over. */
struct crowd_of_callers {
    pthread_t threads[CALLERS];
    struct sockaddr_in there;
    atomic_bool over;
    atomic_int reached;
};

static void *call_on(void *self)
{
    struct crowd_of_callers *callers = self;
    while (!atomic_load(&callers->over)) { /* ends with the test */
        int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(made, (struct sockaddr *)&callers->there, sizeof callers->there) == 0)
            atomic_fetch_add(&callers->reached, 1);
        (void)close(made);
    }
    return NULL;
}

static void start_callers(struct crowd_of_callers *callers, const char *address)
{
    *callers = (struct crowd_of_callers){ .there = { .sin_family = AF_INET } };
    callers->there.sin_port = htons((uint16_t)strtol(strrchr(address, ':') + 1, NULL, 10));
    callers->there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (size_t i = 0; i < CALLERS; i++)
        assert_int_equal(0, pthread_create(&callers->threads[i], NULL, call_on, callers));
}

static void end_callers(struct crowd_of_callers *callers)
{
    atomic_store(&callers->over, true);
    for (size_t i = 0; i < CALLERS; i++)
        (void)pthread_join(callers->threads[i], NULL);
}

static void make_certificate(struct http_settings *settings, struct rw_arena *arena)
{
    struct rw_error err = { 0 };
    struct rw_clock clock = rw_clock_system();
    int64_t from_ms = rw_clock_utc_ms(&clock) - DAY_MS;
    const char *ca_key = NULL;
    const char *ca = NULL;
    assert_true(pki_key_make(arena, &ca_key, &err));
    assert_true(pki_ca_make(ca_key, "test", from_ms, 30, arena, &ca, &err));
    assert_true(pki_key_make(arena, &settings->key_pem, &err));
    const struct pki_issuer issuer = { ca, ca_key };
    assert_true(pki_server_make(&issuer, settings->key_pem, "127.0.0.1", from_ms, 30, arena,
                                &settings->cert_pem, &err));
    settings->client_ca_pem = ca;
    settings->clock = clock;
}

static void a_door_closes_while_they_call(void **state)
{
    static const uint8_t tickets_key[RW_HMAC_KEY_BYTES] = { 1 };
    struct rw_error err = { 0 };
    struct crowd_of_callers callers;
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct http_settings settings = {
        .listener = EXCHANGE_DEVICES, .tickets_key = tickets_key, .threads = 2, .connections = 1000
    };
    (void)state;
    assert_true(rw_crypto_init(&err));
    make_certificate(&settings, arena);
    settings.address = "127.0.0.1:0";
    for (int i = 0; i < STOPS; i++) {
        struct http *http = NULL;
        struct rw_arena *room = rw_arena_open(8 * RW_ARENA_MIB);
        assert_true(http_open(&settings, room, &http, &err));
        start_callers(&callers, http_address(http));
        while (atomic_load(&callers.reached) < CALLERS) /* it listens: they get through */
            rest_ms(1);
        atomic_store(&stopping, true);
        http_quiesce(http);
        end_callers(&callers);
        http_close(http);
        rw_arena_close(room);
    }
    rw_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_door_closes_while_they_call) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
