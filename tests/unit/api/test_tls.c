/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that answers of any length arrive whole, in few pieces. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "api/http.h"
#include "core/base/crypto.h"
#include "core/base/text.h"
#include "core/net/fetch.h"
#include "core/net/pki.h"
#include "tests/support/scratch.h"

#define DAY_MS (86400 * INT64_C(1000))
#define BODY_MAX 1000000
#define ADDRESS_MAX 80

static atomic_int sent_count;
static atomic_bool narrow; /* the system has room for little of what is sent */

/* In place of the system's. */
ssize_t sendmsg(int socket, const struct msghdr *message, int flags)
{
    const int little = 1;
    atomic_fetch_add(&sent_count, 1);
    if (atomic_load(&narrow))
        (void)setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &little, sizeof little);
    return syscall(SYS_sendmsg, socket, message, flags);
}

static bool admit(void *self, struct exchange *exchange, size_t *ret_body_max)
{
    (void)self, (void)exchange;
    *ret_body_max = 0;
    return true;
}

/* As many bytes as the path says. */
static void answer(void *self, struct exchange *exchange)
{
    exchange_reply_bytes(exchange, "text/plain", self, (size_t)atol(exchange->path + 1));
}

struct door {
    struct rw_arena *arena;
    struct http *http;
    struct fetch *fetch;
    char *body;
    char folder[SCRATCH_PATH_MAX];
    char ca_file[SCRATCH_PATH_MAX + 8];
};

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fputs(text, file) >= 0 && fclose(file) == 0, 1);
}

static void make_certificate(struct door *door, struct http_settings *settings)
{
    struct rw_error err = { 0 };
    int64_t from_ms = rw_clock_utc_ms(&settings->clock) - DAY_MS;
    const char *ca_key = NULL;
    const char *ca = NULL;
    assert_true(pki_key_make(door->arena, &ca_key, &err));
    assert_true(pki_ca_make(ca_key, "test", from_ms, 30, door->arena, &ca, &err));
    assert_true(pki_key_make(door->arena, &settings->key_pem, &err));
    const struct pki_issuer issuer = { ca, ca_key };
    assert_true(pki_server_make(&issuer, settings->key_pem, "127.0.0.1", from_ms, 30, door->arena,
                                &settings->cert_pem, &err));
    assert_true(scratch_make(door->folder));
    (void)snprintf(door->ca_file, sizeof door->ca_file, "%s/ca.pem", door->folder);
    write_file(door->ca_file, ca);
}

static int open_door(void **state)
{
    static const uint8_t tickets_key[RW_HMAC_KEY_BYTES] = { 1 };
    static struct door door;
    struct rw_error err = { 0 };
    door.arena = rw_arena_open(64 * RW_ARENA_MIB);
    door.body = malloc(BODY_MAX);
    assert_non_null(door.body);
    for (size_t i = 0; i < BODY_MAX; i++)
        door.body[i] = (char)('a' + i * 7 % 26);
    struct http_settings settings = { .listener = EXCHANGE_PEOPLE,
                                      .tickets_key = tickets_key,
                                      .threads = 1,
                                      .connections = 100,
                                      .address = "127.0.0.1:0",
                                      .clock = rw_clock_system(),
                                      .port = { door.body, admit, answer } };
    assert_true(rw_crypto_init(&err) && fetch_is_ready());
    make_certificate(&door, &settings);
    static struct http_settings kept;
    kept = settings;
    assert_true(http_open(&kept, door.arena, &door.http, &err));
    const struct fetch_identity who = { .ca_file = door.ca_file };
    assert_true(fetch_open(&who, &door.fetch, &err));
    *state = &door;
    return 0;
}

static int close_door(void **state)
{
    struct door *door = *state;
    fetch_close(door->fetch);
    http_quiesce(door->http);
    http_close(door->http);
    (void)unlink(door->ca_file);
    (void)rmdir(door->folder);
    free(door->body);
    rw_arena_close(door->arena);
    return 0;
}

/* Asks over the connection that is open; how often the server sent meanwhile. */
static int ask_for(struct door *door, const char *method, size_t length)
{
    char url[ADDRESS_MAX];
    struct rw_error err = { 0 };
    struct fetch_answer got;
    struct rw_arena *arena = rw_arena_open(16 * RW_ARENA_MIB);
    (void)snprintf(url, sizeof url, "https://%s/%zu", http_address(door->http), length);
    const struct fetch_request request = { .method = method, .url = url, .timeout_ms = 20000 };
    const size_t coming = rw_text_equal(method, "HEAD") ? 0 : length;
    int before = atomic_load(&sent_count);
    if (!fetch_send(door->fetch, &request, arena, &got, &err))
        fail_msg("%zu bytes: %s", length, err.text);
    int count = atomic_load(&sent_count) - before;
    assert_int_equal(got.status, 200);
    assert_int_equal(got.body_length, coming);
    assert_memory_equal(got.body, door->body, coming);
    rw_arena_close(arena);
    return count;
}

static int ask(struct door *door, size_t length)
{
    return ask_for(door, "GET", length);
}

static const size_t lengths[] = { 0,     1,     100,   1000,  16383, 16384,  16385,    17200,
                                  32767, 32768, 32769, 49152, 65537, 200001, BODY_MAX, 5 };

static void an_answer_of_any_length_arrives_whole(void **state)
{
    for (size_t i = 0; i < RW_COUNT(lengths); i++)
        (void)ask(*state, lengths[i]);
}

static void an_answer_of_any_length_arrives_whole_in_parts(void **state)
{
    atomic_store(&narrow, true);
    for (size_t i = 0; i < RW_COUNT(lengths); i++)
        (void)ask(*state, lengths[i]);
    atomic_store(&narrow, false);
}

static void a_head_that_no_body_follows_is_not_held(void **state)
{
    for (size_t i = 0; i < RW_COUNT(lengths); i++) {
        (void)ask_for(*state, "HEAD", lengths[i]);
        (void)ask(*state, 100);
    }
}

/* Requests of the client are sent by its own library and not by these calls. */
static void two_records_leave_with_their_head(void **state)
{
    (void)ask(*state, 1); /* the handshake */
    int mine = ask(*state, 1);
    assert_int_equal(ask(*state, 16384), mine);
    assert_int_equal(ask(*state, 17200), mine);
    assert_int_equal(ask(*state, 32768), mine);
    assert_true(ask(*state, 65536) > mine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_of_any_length_arrives_whole),
        cmocka_unit_test(an_answer_of_any_length_arrives_whole_in_parts),
        cmocka_unit_test(a_head_that_no_body_follows_is_not_held),
        cmocka_unit_test(two_records_leave_with_their_head),
    };
    return cmocka_run_group_tests(tests, open_door, close_door);
}
