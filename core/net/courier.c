/* SPDX-License-Identifier: Apache-2.0 */
/* Hands over mails and telegrams; another half of the door to libcurl. */
#define _POSIX_C_SOURCE 200809L
#include "core/net/courier.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/net/fetch.h"

#define CONNECT_MS 5000L

/* A mail on its way out: libcurl asks for it piece by piece. */
struct outgoing {
    const char *at;
    size_t left;
};

bool courier_is_post(const char *url)
{
    return (rw_text_starts_with(url, "smtp://") || rw_text_starts_with(url, "smtps://")) &&
           strlen(url) < COURIER_URL_MAX;
}

bool courier_is_line(const char *url)
{
    return (rw_text_starts_with(url, "tcp://") || rw_text_starts_with(url, "tls://")) &&
           strlen(url) < COURIER_URL_MAX;
}

static size_t give_text(char *room, size_t size, size_t count, void *self)
{
    struct outgoing *outgoing = self;
    size_t length = size * count < outgoing->left ? size * count : outgoing->left;
    memcpy(room, outgoing->at, length);
    outgoing->at += length;
    outgoing->left -= length;
    return length;
}

static size_t drop(char *bytes, size_t size, size_t count, void *self)
{
    (void)bytes;
    (void)self;
    return size * count;
}

static CURL *begin(const char *url, const char *ca_file, int32_t timeout_ms, char *fault,
                   struct rw_error *err)
{
    CURL *curl = fetch_is_ready() ? curl_easy_init() : NULL;
    if (!curl) {
        (void)rw_error_set(err, RW_NO_MEMORY, "", "the mail client could not be started");
        return NULL;
    }
    fault[0] = '\0';
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    (void)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, fault);
    /* Mail servers without TLS 1.3 are many; RFC 8997 asks for 1.2. */
    (void)curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (ca_file) {
        (void)curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
        (void)curl_easy_setopt(curl, CURLOPT_CAPATH, NULL); /* else the system's count as well */
    }
    return curl;
}

static bool failed(const char *url, const char *fault, CURLcode code, struct rw_error *err)
{
    return rw_error_set(err, RW_UNAVAILABLE, "", "could not hand over to \"%.128s\": %s", url,
                        fault[0] ? fault : curl_easy_strerror(code));
}

static void set_post(CURL *curl, const struct courier_post *post)
{
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    (void)curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
    if (post->user) {
        (void)curl_easy_setopt(curl, CURLOPT_USERNAME, post->user);
        (void)curl_easy_setopt(curl, CURLOPT_PASSWORD, post->password);
    }
}

bool courier_mail(const struct courier_post *post, const struct courier_mail *mail,
                  int32_t timeout_ms, struct rw_error *err)
{
    char fault[CURL_ERROR_SIZE];
    struct outgoing outgoing = { mail->text, mail->length };
    CURL *curl = begin(post->url, post->ca_file, timeout_ms, fault, err);
    struct curl_slist *to = curl ? curl_slist_append(NULL, mail->to) : NULL;
    bool done = curl && to;
    if (done) {
        set_post(curl, post);
        (void)curl_easy_setopt(curl, CURLOPT_MAIL_FROM, mail->from);
        (void)curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
        (void)curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
        (void)curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_text);
        (void)curl_easy_setopt(curl, CURLOPT_READDATA, &outgoing);
        (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
        CURLcode code = curl_easy_perform(curl);
        done = code == CURLE_OK || failed(post->url, fault, code, err);
    } else if (curl) {
        (void)rw_error_set(err, RW_NO_MEMORY, "", "the address of a mail found no memory");
    }
    curl_slist_free_all(to);
    curl_easy_cleanup(curl);
    return done;
}

/* Waits until the connection can be read or written; false when the time is over. */
static bool wait_for(CURL *curl, short events, int64_t until_ms, const struct rw_clock *clock)
{
    curl_socket_t socket = CURL_SOCKET_BAD;
    int64_t left_ms = until_ms - rw_clock_monotonic_ms(clock);
    if (left_ms <= 0 || curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK ||
        socket == CURL_SOCKET_BAD)
        return false;
    struct pollfd wanted = { .fd = socket, .events = events };
    return poll(&wanted, 1, (int)left_ms) == 1;
}

static bool send_all(CURL *curl, const struct courier_telegram *telegram, int64_t until_ms,
                     const struct rw_clock *clock)
{
    size_t sent = 0;
    while (sent < telegram->length) { /* ends with the time */
        size_t now = 0;
        CURLcode code = curl_easy_send(curl, telegram->bytes + sent, telegram->length - sent, &now);
        sent += now;
        if (code == CURLE_AGAIN ? !wait_for(curl, POLLOUT, until_ms, clock) : code != CURLE_OK)
            return false;
    }
    return true;
}

/* Up to and with the end byte; what follows it is not ours. */
static bool receive(CURL *curl, char end, int64_t until_ms, const struct rw_clock *clock,
                    char answer[COURIER_ANSWER_MAX], size_t *ret_length)
{
    size_t length = 0;
    while (length < COURIER_ANSWER_MAX) { /* each round has a byte more, or waits */
        size_t now = 0;
        CURLcode code = curl_easy_recv(curl, answer + length, 1, &now);
        if (code == CURLE_AGAIN) {
            if (!wait_for(curl, POLLIN, until_ms, clock))
                return false;
            continue;
        }
        if (code != CURLE_OK || now == 0)
            return false;
        if (answer[length++] == end) {
            *ret_length = length;
            return true;
        }
    }
    return false;
}

bool courier_telegram(const struct courier_line *line, const struct courier_telegram *telegram,
                      int32_t timeout_ms, char ret_answer[COURIER_ANSWER_MAX], size_t *ret_length,
                      struct rw_error *err)
{
    char fault[CURL_ERROR_SIZE];
    char url[COURIER_URL_MAX + 16];
    const struct rw_clock clock = rw_clock_system();
    int64_t until_ms = rw_clock_monotonic_ms(&clock) + timeout_ms;
    bool tls = rw_text_starts_with(line->url, "tls://");
    /* libcurl opens bare connections under the names of HTTP; not a word of HTTP is sent. */
    (void)snprintf(url, sizeof url, "%s%.*s", tls ? "https://" : "http://", COURIER_URL_MAX,
                   line->url + strlen("tls://"));
    CURL *curl = begin(url, line->ca_file, timeout_ms, fault, err);
    if (!curl)
        return false;
    (void)curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    CURLcode code = curl_easy_perform(curl);
    bool done = code == CURLE_OK || failed(line->url, fault, code, err);
    if (done && (!send_all(curl, telegram, until_ms, &clock) ||
                 !receive(curl, telegram->end, until_ms, &clock, ret_answer, ret_length)))
        done = rw_error_set(err, RW_UNAVAILABLE, "", "\"%.128s\" did not answer", line->url);
    curl_easy_cleanup(curl);
    return done;
}
