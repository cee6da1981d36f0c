/* SPDX-License-Identifier: Apache-2.0 */
/* Speaks HTTPS with libcurl; the door to it. */
#include "core/net/fetch.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

#include <curl/curl.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/net/sse.h"

#define FETCH_CONNECT_MS 10000L

struct fetch {
    CURL *curl;
    char *ca_file; /* NULL = the certificates that the system trusts */
    char *client_cert_file;
    char *client_key_file;
    bool old_tls;
    char fault[CURL_ERROR_SIZE];
};

static once_flag fetch_once = ONCE_FLAG_INIT;
static CURLcode fetch_global;

static void init_library(void)
{
    fetch_global = curl_global_init(CURL_GLOBAL_DEFAULT);
}

bool fetch_is_ready(void)
{
    call_once(&fetch_once, init_library);
    return fetch_global == CURLE_OK;
}

static bool copy_path(const char *path, char **ret_copy)
{
    if (path == NULL)
        return true;
    size_t size = strlen(path) + 1;
    *ret_copy = malloc(size);
    if (*ret_copy == NULL)
        return false;
    memcpy(*ret_copy, path, size);
    return true;
}

bool fetch_open(const struct fetch_identity *identity, struct fetch **ret_fetch,
                struct rw_error *err)
{
    struct fetch *fetch = calloc(1, sizeof *fetch);
    bool done = fetch_is_ready() && fetch != NULL && (fetch->curl = curl_easy_init()) != NULL &&
                copy_path(identity->ca_file, &fetch->ca_file) &&
                copy_path(identity->client_cert_file, &fetch->client_cert_file) &&
                copy_path(identity->client_key_file, &fetch->client_key_file);
    if (!done) {
        fetch_close(fetch);
        return rw_error_set(err, RW_NO_MEMORY, "", "the HTTP client could not be started");
    }
    fetch->old_tls = identity->old_tls;
    *ret_fetch = fetch;
    return true;
}

void fetch_close(struct fetch *fetch)
{
    if (fetch == NULL)
        return;
    curl_easy_cleanup(fetch->curl);
    free(fetch->ca_file);
    free(fetch->client_cert_file);
    free(fetch->client_key_file);
    free(fetch);
}

/* What holds for every request. TLS 1.3 alone (but for a trial), no redirects, no proxy of the
 * environment: who is trusted is written in the identity and nowhere else. */
static void set_common(struct fetch *fetch, const char *url)
{
    CURL *curl = fetch->curl;
    curl_easy_reset(curl); /* keeps connections and TLS sessions */
    fetch->fault[0] = '\0';
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    (void)curl_easy_setopt(curl, CURLOPT_SSLVERSION,
                           fetch->old_tls
                               ? (long)CURL_SSLVERSION_TLSv1_2 | (long)CURL_SSLVERSION_MAX_TLSv1_2
                               : (long)CURL_SSLVERSION_TLSv1_3);
    (void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, FETCH_CONNECT_MS);
    (void)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, fetch->fault);
    (void)curl_easy_setopt(curl, CURLOPT_USERAGENT, "rolwacht");
    if (fetch->ca_file != NULL) {
        (void)curl_easy_setopt(curl, CURLOPT_CAINFO, fetch->ca_file);
        (void)curl_easy_setopt(curl, CURLOPT_CAPATH, NULL); /* else the system's count as well */
    }
    if (fetch->client_cert_file != NULL)
        (void)curl_easy_setopt(curl, CURLOPT_SSLCERT, fetch->client_cert_file);
    if (fetch->client_key_file != NULL)
        (void)curl_easy_setopt(curl, CURLOPT_SSLKEY, fetch->client_key_file);
}

static bool check_url(const char *url, struct rw_error *err)
{
    return rw_text_starts_with(url, "https://") ||
           rw_error_set(err, RW_INVALID, "", "\"%.128s\" is no https address", url);
}

static bool network_failed(const struct fetch *fetch, const char *url, CURLcode code,
                           struct rw_error *err)
{
    const char *cause = fetch->fault[0] != '\0' ? fetch->fault : curl_easy_strerror(code);
    return rw_error_set(err, RW_UNAVAILABLE, "", "could not reach \"%.128s\": %s", url, cause);
}

static bool add_header(struct curl_slist **list, const char *header, struct rw_error *err)
{
    struct curl_slist *longer = curl_slist_append(*list, header);
    if (longer == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "the headers of a request found no memory");
    *list = longer;
    return true;
}

static bool make_headers(const struct fetch_request *request, struct rw_arena *arena,
                         struct curl_slist **list, struct rw_error *err)
{
    /* Waiting for "100 Continue" would cost a second where a server does not answer it. */
    if (!add_header(list, "Expect:", err))
        return false;
    if (request->content_type != NULL) {
        const char *header = rw_arena_format(arena, err, "Content-Type: %s", request->content_type);
        if (header == NULL || !add_header(list, header, err))
            return false;
    }
    for (int i = 0; i < FETCH_HEADERS_MAX && request->headers[i] != NULL; i++) {
        if (!add_header(list, request->headers[i], err))
            return false;
    }
    return true;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *self)
{
    struct rw_text *body = self;
    rw_text_add_n(body, bytes, size * count);
    return body->failure == RW_OK ? size * count : 0;
}

/* A long body that nobody waits for costs the connection and not the answer. */
static size_t leave_body(char *bytes, size_t size, size_t count, void *self)
{
    size_t *left = self;
    size_t length = size * count;
    (void)bytes;
    if (length > *left)
        return 0;
    *left -= length;
    return length;
}

static void set_request(struct fetch *fetch, const struct fetch_request *request,
                        struct curl_slist *headers, struct rw_text *body)
{
    CURL *curl = fetch->curl;
    if (request->body != NULL || strcmp(request->method, "POST") == 0) {
        (void)curl_easy_setopt(curl, CURLOPT_POST, 1L);
        (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS,
                               request->body != NULL ? request->body : (const void *)"");
        (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
    }
    if (strcmp(request->method, "HEAD") == 0)
        (void)curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    else if (strcmp(request->method, "GET") != 0)
        (void)curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
}

static bool read_answer(struct fetch *fetch, const struct rw_text *body, struct rw_arena *arena,
                        struct fetch_answer *ret_answer, struct rw_error *err)
{
    struct fetch_answer answer = { .body_length = body->length };
    long status = 0;
    char *type = NULL;
    struct curl_header *etag = NULL;
    (void)curl_easy_getinfo(fetch->curl, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(fetch->curl, CURLINFO_CONTENT_TYPE, &type);
    answer.status = (int32_t)status;
    curl_off_t wait_s = 0;
    if (curl_easy_getinfo(fetch->curl, CURLINFO_RETRY_AFTER, &wait_s) == CURLE_OK)
        answer.retry_after_s = (int64_t)wait_s;
    if (type != NULL && (answer.content_type = rw_arena_text(arena, type, err)) == NULL)
        return false;
    if (curl_easy_header(fetch->curl, "ETag", 0, CURLH_HEADER, -1, &etag) == CURLHE_OK &&
        (answer.etag = rw_arena_text(arena, etag->value, err)) == NULL)
        return false;
    if (!rw_text_finish(body, &answer.body, err))
        return false;
    *ret_answer = answer;
    return true;
}

bool fetch_send(struct fetch *fetch, const struct fetch_request *request, struct rw_arena *arena,
                struct fetch_answer *ret_answer, struct rw_error *err)
{
    if (!check_url(request->url, err))
        return false;
    struct curl_slist *headers = NULL;
    struct rw_text body;
    rw_text_init(&body, arena, FETCH_BODY_MAX);
    set_common(fetch, request->url);
    bool done = make_headers(request, arena, &headers, err);
    if (done) {
        size_t left = FETCH_UNREAD_MAX;
        set_request(fetch, request, headers, &body);
        if (request->status_only) {
            (void)curl_easy_setopt(fetch->curl, CURLOPT_WRITEFUNCTION, leave_body);
            (void)curl_easy_setopt(fetch->curl, CURLOPT_WRITEDATA, &left);
        }
        CURLcode code = curl_easy_perform(fetch->curl);
        const char *unused;
        if (request->status_only && code == CURLE_WRITE_ERROR)
            code = CURLE_OK;
        if (body.failure != RW_OK)
            done = rw_text_finish(&body, &unused, err);
        else if (code != CURLE_OK)
            done = network_failed(fetch, request->url, code, err);
        else
            done = read_answer(fetch, &body, arena, ret_answer, err);
    }
    curl_slist_free_all(headers);
    return done;
}

/* One stream that is being read. */
struct listening {
    struct fetch *fetch;
    const struct fetch_stream *stream;
    struct sse sse;
    struct rw_clock clock;
    int64_t heard_ms; /* when something was last heard */
    int64_t silence_ms;
    bool stopped; /* on_event or on_idle said so */
    bool silent;
    long status;
};

static size_t take_stream(char *bytes, size_t size, size_t count, void *self)
{
    struct listening *listening = self;
    listening->heard_ms = rw_clock_monotonic_ms(&listening->clock);
    (void)curl_easy_getinfo(listening->fetch->curl, CURLINFO_RESPONSE_CODE, &listening->status);
    if (listening->status != 200)
        return size * count; /* a refusal's body: the status says enough */
    if (!sse_read(&listening->sse, bytes, size * count, listening->stream->on_event,
                  listening->stream->self)) {
        listening->stopped = !listening->sse.broken;
        return 0;
    }
    return size * count;
}

static int watch_silence(void *self, curl_off_t down_all, curl_off_t down, curl_off_t up_all,
                         curl_off_t up)
{
    (void)down_all;
    (void)down;
    (void)up_all;
    (void)up;
    struct listening *listening = self;
    const struct fetch_stream *stream = listening->stream;
    if (stream->on_idle != NULL && !stream->on_idle(stream->self))
        listening->stopped = true;
    int64_t now_ms = rw_clock_monotonic_ms(&listening->clock);
    listening->silent = now_ms - listening->heard_ms >= listening->silence_ms;
    return listening->stopped || listening->silent;
}

static enum rw_code code_of_status(long status)
{
    return status == 401   ? RW_UNAUTHENTICATED
           : status == 403 ? RW_DENIED
           : status == 404 ? RW_NOT_FOUND
                           : RW_UNAVAILABLE;
}

static bool end_of_stream(const struct listening *listening, const char *url, CURLcode code,
                          struct rw_error *err)
{
    if (listening->stopped)
        return true;
    if (listening->silent)
        return rw_error_set(err, RW_UNAVAILABLE, "",
                            "nothing was heard from \"%.128s\" for %lld ms", url,
                            (long long)listening->silence_ms);
    if (listening->sse.broken)
        return rw_error_set(err, RW_TOO_LARGE, "", "\"%.128s\" sent an event that is too long",
                            url);
    if (code != CURLE_OK)
        return network_failed(listening->fetch, url, code, err);
    if (listening->status != 200)
        return rw_error_set(err, code_of_status(listening->status), "",
                            "\"%.128s\" answered with status %ld in place of a stream", url,
                            listening->status);
    return true;
}

/* What a listener says of itself; NULL on failure. */
static struct curl_slist *stream_headers(const char *last_id)
{
    char line[64];
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: text/event-stream");
    if (headers == NULL || last_id == NULL)
        return headers;
    (void)snprintf(line, sizeof line, "Last-Event-ID: %.40s", last_id);
    struct curl_slist *longer = curl_slist_append(headers, line);
    if (longer == NULL)
        curl_slist_free_all(headers);
    return longer;
}

bool fetch_listen(struct fetch *fetch, const char *url, int32_t silence_ms,
                  const struct fetch_stream *stream, struct rw_error *err)
{
    if (!check_url(url, err))
        return false;
    struct listening *listening = calloc(1, sizeof *listening);
    struct curl_slist *headers = stream_headers(stream->last_id);
    if (listening == NULL || headers == NULL) {
        free(listening);
        curl_slist_free_all(headers);
        return rw_error_set(err, RW_NO_MEMORY, "", "a stream found no memory");
    }
    listening->fetch = fetch;
    listening->stream = stream;
    listening->clock = rw_clock_system();
    listening->heard_ms = rw_clock_monotonic_ms(&listening->clock);
    listening->silence_ms = silence_ms;
    set_common(fetch, url);
    (void)curl_easy_setopt(fetch->curl, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(fetch->curl, CURLOPT_WRITEFUNCTION, take_stream);
    (void)curl_easy_setopt(fetch->curl, CURLOPT_WRITEDATA, listening);
    (void)curl_easy_setopt(fetch->curl, CURLOPT_NOPROGRESS, 0L);
    (void)curl_easy_setopt(fetch->curl, CURLOPT_XFERINFOFUNCTION, watch_silence);
    (void)curl_easy_setopt(fetch->curl, CURLOPT_XFERINFODATA, listening);
    CURLcode code = curl_easy_perform(fetch->curl);
    if (code == CURLE_OK)
        (void)curl_easy_getinfo(fetch->curl, CURLINFO_RESPONSE_CODE, &listening->status);
    bool done = end_of_stream(listening, url, code, err);
    free(listening);
    curl_slist_free_all(headers);
    return done;
}
