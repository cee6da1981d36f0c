/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that an answer which is sent again is the one that was meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/http_reply.h"

#define VERSIONS 200 /* more than are kept: some share a place */

/* In place of the library: what it was given, for as long as somebody holds it. */
struct MHD_Response {
    int holders;
    void (*give_back)(void *owner);
    void *owner;
    char tag[64];
    size_t fields;
};
static int alive;
static int made;
static struct MHD_Response *queued;

struct MHD_Response *MHD_create_response_from_buffer(size_t size, void *bytes, int mode);
struct MHD_Response *MHD_create_response_from_buffer_with_free_callback_cls(
    size_t size, void *bytes, void (*give_back)(void *), void *owner);
int MHD_add_response_header(struct MHD_Response *response, const char *name, const char *value);
int MHD_queue_response(void *connection, unsigned status, struct MHD_Response *response);
void MHD_destroy_response(struct MHD_Response *response);

struct MHD_Response *MHD_create_response_from_buffer(size_t size, void *bytes, int mode)
{
    struct MHD_Response *response = calloc(1, sizeof *response);
    (void)size, (void)bytes, (void)mode;
    assert_non_null(response);
    response->holders = 1;
    alive++;
    made++;
    return response;
}

struct MHD_Response *MHD_create_response_from_buffer_with_free_callback_cls(
    size_t size, void *bytes, void (*give_back)(void *), void *owner)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(size, bytes, 0);
    response->give_back = give_back;
    response->owner = owner;
    return response;
}

int MHD_add_response_header(struct MHD_Response *response, const char *name, const char *value)
{
    response->fields++;
    if (strcmp(name, "ETag") == 0)
        (void)snprintf(response->tag, sizeof response->tag, "%s", value);
    return 1;
}

int MHD_queue_response(void *connection, unsigned status, struct MHD_Response *response)
{
    (void)connection, (void)status;
    response->holders++;
    queued = response;
    return 1;
}

void MHD_destroy_response(struct MHD_Response *response)
{
    if (--response->holders > 0)
        return;
    if (response->give_back)
        response->give_back(response->owner);
    free(response);
    alive--;
}

static void reply(struct http_reply_kept *kept, int32_t status, const char *tag)
{
    struct exchange exchange = { .listener = EXCHANGE_DEVICES };
    exchange_reply_empty(&exchange, status);
    exchange_reply_extra(&exchange, "ETag", tag);
    assert_true(http_reply_send(kept, &exchange, &exchange));
    assert_string_equal(queued->tag, tag);
    assert_int_equal(queued->fields, 2); /* and Cache-Control */
}

static void each_version_is_answered_with_its_own_tag(void **state)
{
    struct http_reply_kept kept;
    char tag[HTTP_REPLY_TAG_MAX];
    (void)state;
    http_reply_kept_init(&kept);
    reply(&kept, 304, "\"v0\"");
    struct MHD_Response *on_its_way = queued;
    for (int version = 1; version <= 2 * VERSIONS; version++) {
        (void)snprintf(tag, sizeof tag, "\"v%d\"", version % VERSIONS + 1);
        reply(&kept, 304, tag);
        MHD_destroy_response(queued); /* it was sent */
    }
    assert_true(alive <= HTTP_REPLY_KEPT_MAX + 1);
    assert_string_equal(on_its_way->tag, "\"v0\"");
    MHD_destroy_response(on_its_way);
    made = 0;
    for (int i = 0; i < VERSIONS; i++) {
        reply(&kept, 304, tag);
        MHD_destroy_response(queued);
    }
    assert_int_equal(made, 0);
    http_reply_kept_release(&kept);
    assert_int_equal(alive, 0);
}

static void what_says_more_than_that_it_still_holds_is_not_kept(void **state)
{
    struct http_reply_kept kept;
    const struct exchange_reply others[] = {
        { .status = 200 },
        { .status = 304, .cache = "max-age=60" },
        { .status = 304, .extra_count = 1, .extras = { { "Connection", "close", 5 } } },
        { .status = 304,
          .extra_count = 1,
          .extras = { { "ETag", "\"0123456789012345678901\"", 24 } } },
    };
    (void)state;
    http_reply_kept_init(&kept);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct exchange exchange = { .listener = EXCHANGE_DEVICES, .reply = others[i] };
        assert_true(http_reply_send(&kept, &exchange, &exchange));
        assert_int_equal(alive, 1);
        MHD_destroy_response(queued);
        assert_int_equal(alive, 0);
    }
    http_reply_kept_release(&kept);
}

/* A document, how often it is lent, and what it says. */
struct document {
    int lent;
    char tag[16];
};

static void take_back(void *owner)
{
    struct document *document = owner;
    document->lent--;
}

static void lend(struct http_reply_kept *kept, struct document *document, bool closes)
{
    struct exchange exchange = { .listener = EXCHANGE_DEVICES };
    exchange_reply_bytes(&exchange, "application/jose+json", document->tag, strlen(document->tag));
    exchange_reply_extra(&exchange, "ETag", document->tag);
    if (closes)
        exchange_reply_extra(&exchange, "Connection", "close");
    exchange.reply.lent = (struct exchange_lent){ take_back, document };
    document->lent++;
    assert_true(http_reply_send(kept, &exchange, &exchange));
    assert_string_equal(queued->tag, document->tag);
    assert_ptr_equal(queued->owner, document);
    assert_int_equal(queued->fields, closes ? 4 : 3); /* and Content-Type and Cache-Control */
}

static void a_document_is_made_ready_once_and_given_back(void **state)
{
    static struct document documents[VERSIONS];
    struct http_reply_kept kept;
    (void)state;
    http_reply_kept_init(&kept);
    for (int i = 0; i < VERSIONS; i++) {
        (void)snprintf(documents[i].tag, sizeof documents[i].tag, "\"v%d\"", i);
        made = 0;
        for (int again = 0; again < 3; again++) {
            lend(&kept, &documents[i], false);
            assert_int_equal(made, 1);
            MHD_destroy_response(queued); /* it was sent */
        }
        assert_int_equal(documents[i].lent, 1); /* to what is kept */
        lend(&kept, &documents[i], true);
        assert_int_equal(made, 2); /* the last on its connection is nobody else's */
        MHD_destroy_response(queued);
        assert_int_equal(documents[i].lent, 1);
    }
    assert_true(alive <= HTTP_REPLY_KEPT_MAX);
    http_reply_kept_release(&kept);
    assert_int_equal(alive, 0);
    for (int i = 0; i < VERSIONS; i++)
        assert_int_equal(documents[i].lent, 0);
}

static void who_is_answered_keeps_a_document_that_left_its_place(void **state)
{
    static struct document documents[VERSIONS];
    struct http_reply_kept kept;
    (void)state;
    http_reply_kept_init(&kept);
    lend(&kept, &documents[0], false);
    struct MHD_Response *on_its_way = queued;
    for (int i = 1; i < VERSIONS; i++) {
        lend(&kept, &documents[i], false);
        MHD_destroy_response(queued);
    }
    http_reply_kept_release(&kept);
    assert_int_equal(documents[0].lent, 1);
    MHD_destroy_response(on_its_way);
    assert_int_equal(documents[0].lent, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_version_is_answered_with_its_own_tag),
        cmocka_unit_test(a_document_is_made_ready_once_and_given_back),
        cmocka_unit_test(who_is_answered_keeps_a_document_that_left_its_place),
        cmocka_unit_test(what_says_more_than_that_it_still_holds_is_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
