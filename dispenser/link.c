/* SPDX-License-Identifier: Apache-2.0 */
/* Speaks the protocol for dispensers: schedule, stream, events. */
#include "dispenser/link.h"

#include <stdio.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/json/event_json.h"
#include "core/json/json_read.h"
#include "core/json/keyring.h"

#define LINK_ARENA_BYTES ((size_t)128 * 1024)
#define LINK_REQUEST_BYTES (4 * RW_ARENA_MIB)

struct link {
    struct rw_arena *arena;                /* holds this struct and the addresses */
    const struct enrol_identity *identity; /* borrowed */
    struct fetch *requests;
    struct fetch *stream;
    const char *schedule_url;
    const char *stream_url;
    const char *events_url;
    const char *keys_url;
    char etag[LINK_ETAG_MAX]; /* with its quotes; "" = none */
};

static bool prepare(struct link *link, const struct enrol_identity *identity, struct rw_error *err)
{
    const char *base = identity->devices;
    const char *id = identity->id;
    struct rw_arena *arena = link->arena;
    link->schedule_url = rw_arena_format(arena, err, "%s/v1/dispensers/%s/schedule", base, id);
    link->stream_url = rw_arena_format(arena, err, "%s/v1/dispensers/%s/stream", base, id);
    link->events_url = rw_arena_format(arena, err, "%s/v1/dispensers/%s/events", base, id);
    link->keys_url = rw_arena_format(arena, err, "%s/v1/dispensers/%s/signing-keys", base, id);
    return link->keys_url != NULL && link->schedule_url != NULL && link->stream_url != NULL &&
           link->events_url != NULL && fetch_open(&identity->files, &link->requests, err) &&
           fetch_open(&identity->files, &link->stream, err);
}

bool link_open(const struct enrol_identity *identity, struct link **ret_link, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(LINK_ARENA_BYTES);
    struct link *link = arena != NULL ? rw_arena_alloc(arena, sizeof *link, err) : NULL;
    if (link == NULL) {
        rw_arena_close(arena);
        return rw_error_set(err, RW_NO_MEMORY, "", "the link found no memory");
    }
    link->arena = arena;
    link->identity = identity;
    if (!prepare(link, identity, err)) {
        link_close(link);
        return false;
    }
    *ret_link = link;
    return true;
}

void link_close(struct link *link)
{
    if (link == NULL)
        return;
    fetch_close(link->requests);
    fetch_close(link->stream);
    rw_arena_close(link->arena);
}

static bool refused(const char *what, const struct fetch_answer *answer, struct rw_error *err)
{
    enum rw_code code = answer->status == 401   ? RW_UNAUTHENTICATED
                        : answer->status == 403 ? RW_DENIED
                        : answer->status == 404 ? RW_NOT_FOUND
                                                : RW_UNAVAILABLE;
    return rw_error_set(err, code, "", "the service did not %s (status %d)", what,
                        (int)answer->status);
}

/* A handshake that fails does not say that it is our own certificate that has ended. */
static bool failed(const struct link *link, const struct rw_error *fault, struct rw_error *err)
{
    const struct rw_clock clock = rw_clock_system();
    struct rw_error over = { 0 };
    struct rw_arena *arena = rw_arena_open(LINK_ARENA_BYTES);
    const bool ended = arena != NULL && fault->code == RW_UNAVAILABLE &&
                       !enrol_check(link->identity, rw_clock_utc_ms(&clock), arena, &over) &&
                       over.code == RW_UNAUTHENTICATED;
    rw_arena_close(arena);
    return rw_error_set(err, fault->code, fault->at, "%s", ended ? over.text : fault->text);
}

static bool send(const struct link *link, const struct fetch_request *request,
                 struct rw_arena *arena, struct fetch_answer *ret_answer, struct rw_error *err)
{
    struct rw_error fault = { 0 };
    return fetch_send(link->requests, request, arena, ret_answer, &fault) ||
           failed(link, &fault, err);
}

bool link_schedule(struct link *link, struct rw_arena *arena, const char **ret_bytes,
                   size_t *ret_length, struct rw_error *err)
{
    char condition[LINK_ETAG_MAX + 32];
    (void)snprintf(condition, sizeof condition, "If-None-Match: %s", link->etag);
    const struct fetch_request request = {
        .method = "GET",
        .url = link->schedule_url,
        .headers = { link->etag[0] != '\0' ? condition : NULL },
        .timeout_ms = LINK_TIMEOUT_MS,
    };
    struct fetch_answer answer;
    if (!send(link, &request, arena, &answer, err))
        return false;
    *ret_bytes = NULL;
    *ret_length = 0;
    if (answer.status == 304)
        return true;
    if (answer.status != 200)
        return refused("give a schedule", &answer, err);
    if (answer.etag == NULL || !rw_text_copy(link->etag, sizeof link->etag, answer.etag))
        link->etag[0] = '\0';
    *ret_bytes = answer.body;
    *ret_length = answer.body_length;
    return true;
}

bool link_keys(struct link *link, struct rw_arena *arena, const char **ret_bytes,
               size_t *ret_length, struct rw_error *err)
{
    const struct fetch_request request = { .method = "GET",
                                           .url = link->keys_url,
                                           .timeout_ms = LINK_TIMEOUT_MS };
    struct fetch_answer answer;
    if (!send(link, &request, arena, &answer, err))
        return false;
    if (answer.status != 200)
        return refused("give its keys", &answer, err);
    *ret_bytes = answer.body;
    *ret_length = answer.body_length;
    return true;
}

void link_forget_schedule(struct link *link)
{
    link->etag[0] = '\0';
}

static bool post(struct link *link, const struct event *events, size_t count,
                 struct rw_arena *arena, struct link_stored *ret, struct rw_error *err)
{
    const char *body;
    size_t length;
    struct fetch_answer answer;
    const struct json *root;
    if (!event_json_write(events, count, arena, &body, &length, err))
        return false;
    const struct fetch_request request = {
        .method = "POST",
        .url = link->events_url,
        .content_type = "application/json",
        .body = body,
        .body_length = length,
        .timeout_ms = LINK_TIMEOUT_MS,
    };
    if (!send(link, &request, arena, &answer, err))
        return false;
    if (answer.status != 200 && answer.status != 409)
        return refused("take the events", &answer, err);
    return json_parse(arena, answer.body, answer.body_length, &root, err) &&
           json_int(root, "stored", 0, EVENT_SEQ_MAX, &ret->stored, err) &&
           json_int_or(root, "signing_keys", 0, KEYRING_KEYS_MAX, 0, &ret->signing_keys, err);
}

bool link_events(struct link *link, const struct event *events, size_t count,
                 struct link_stored *ret_stored, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(LINK_REQUEST_BYTES);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "the link found no memory");
    bool done = post(link, events, count, arena, ret_stored, err);
    rw_arena_close(arena);
    return done;
}

bool link_listen(struct link *link, const struct fetch_stream *stream, struct rw_error *err)
{
    struct rw_error fault = { 0 };
    return fetch_listen(link->stream, link->stream_url, LINK_SILENCE_MS, stream, &fault) ||
           failed(link, &fault, err);
}
