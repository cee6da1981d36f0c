/* SPDX-License-Identifier: Apache-2.0 */
/* Sends a finished label file to a printer; the door to CUPS' library. */
#define _POSIX_C_SOURCE 200809L
#include "core/net/printer.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cups/cups.h>

#include "core/base/text.h"

#define IPP_USER "rolwacht" /* who asks; a printer's list of jobs names no person */
#define ADDRESSES_MAX 16    /* of one host name that are tried */
#define CLOSE_WAIT_MS 2000

/* Where each kind of printer is found unless its address says otherwise. */
struct scheme {
    const char *start;
    const char *port;
    const char *path;
    enum printer_kind kind;
    bool encrypted;
};
static const struct scheme schemes[] = {
    { "tcp://", PRINTER_PORT, "", PRINTER_RAW, false },
    { "ipp://", PRINTER_IPP_PORT, PRINTER_IPP_PATH, PRINTER_IPP, false },
    { "ipps://", PRINTER_IPP_PORT, PRINTER_IPP_PATH, PRINTER_IPP, true },
};

static bool refuse(struct rw_error *err, const char *url)
{
    return rw_error_set(
        err, RW_USAGE, "",
        "\"%s\" is no printer like tcp://HOST:9100, ipp://HOST/ipp/print or ipps://HOST/ipp/print",
        url);
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

/* "HOST" or "[ADDRESS]"; gives what follows, or NULL. */
static const char *parse_host(const char *text, struct printer *printer)
{
    bool bracketed = text[0] == '[';
    text += bracketed ? 1 : 0;
    const char *end = bracketed ? strchr(text, ']') : text + strcspn(text, ":/");
    if (end == NULL || !copy_part(printer->host, sizeof printer->host, text, end) ||
        strpbrk(printer->host, "/@ ?#") != NULL)
        return NULL;
    return bracketed ? end + 1 : end;
}

/* ":PORT" or nothing; gives what follows, or NULL. */
static const char *parse_port(const char *text, struct printer *printer)
{
    if (text[0] != ':')
        return text;
    const char *end = text + strcspn(text, "/");
    int64_t port = 0;
    if (!copy_part(printer->port, sizeof printer->port, text + 1, end) ||
        !rw_text_to_int(printer->port, 1, 65535, &port))
        return NULL;
    return end;
}

static bool parse_path(const char *text, struct printer *printer)
{
    if (text[0] == '\0')
        return true;
    if (printer->kind != PRINTER_IPP || text[0] != '/')
        return false;
    for (const char *at = text; *at != '\0'; at++)
        if (*at <= ' ' || *at > '~' || strchr("?#@\\", *at) != NULL)
            return false;
    return copy_part(printer->path, sizeof printer->path, text, text + strlen(text));
}

bool printer_parse(const char *url, struct printer *ret_printer, struct rw_error *err)
{
    size_t i = 0;
    while (i < RW_COUNT(schemes) && !rw_text_starts_with(url, schemes[i].start))
        i++;
    if (i == RW_COUNT(schemes))
        return refuse(err, url);
    struct printer printer = { .kind = schemes[i].kind, .encrypted = schemes[i].encrypted };
    (void)rw_text_copy(printer.port, sizeof printer.port, schemes[i].port); /* ours fit */
    (void)rw_text_copy(printer.path, sizeof printer.path, schemes[i].path);
    const char *rest = parse_host(url + strlen(schemes[i].start), &printer);
    if (rest != NULL)
        rest = parse_port(rest, &printer);
    if (rest == NULL || !parse_path(rest, &printer))
        return refuse(err, url);
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

static int give_up(http_t *http, void *self)
{
    (void)http; /* whatever it was waiting for, it has waited long enough */
    (void)self;
    return 0;
}

/* Without this the library would ask at the terminal. */
static const char *know_no_password(const char *prompt, http_t *http, const char *method,
                                    const char *resource, void *self)
{
    (void)prompt;
    (void)http;
    (void)method;
    (void)resource;
    (void)self;
    return NULL;
}

static bool is_plain(const char *text)
{
    for (const char *at = text; *at != '\0'; at++)
        if (*at < ' ' || *at > '~')
            return false;
    return true;
}

static bool explain(const struct printer *printer, ipp_status_t status, struct rw_error *err)
{
    const char *said = cupsLastErrorString();
    if (said == NULL || said[0] == '\0' || !is_plain(said))
        said = ippErrorString(status);
    switch (status) {
    case IPP_STATUS_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED:
        return rw_error_set(err, RW_CONFLICT, "", "the printer %s takes no PDF: %s", printer->host,
                            said);
    case IPP_STATUS_ERROR_NOT_FOUND:
        return rw_error_set(err, RW_UNAVAILABLE, "", "%s port %s has no printer at %s: %s",
                            printer->host, printer->port, printer->path, said);
    case IPP_STATUS_ERROR_CUPS_AUTHENTICATION_CANCELED:
    case IPP_STATUS_ERROR_NOT_AUTHENTICATED:
    case IPP_STATUS_ERROR_NOT_AUTHORIZED:
    case IPP_STATUS_ERROR_FORBIDDEN:
        return rw_error_set(err, RW_CONFLICT, "", "the printer %s wants a login, and has none: %s",
                            printer->host, said);
    default:
        break;
    }
    if (status >= IPP_STATUS_ERROR_BAD_REQUEST && status < IPP_STATUS_ERROR_INTERNAL)
        return rw_error_set(err, RW_CONFLICT, "", "the printer %s refuses the job: %s",
                            printer->host, said);
    return rw_error_set(err, RW_UNAVAILABLE, "", "the printer %s did not take the job: %s",
                        printer->host, said);
}

static ipp_t *make_request(const struct printer *printer, const struct printer_job *job)
{
    char uri[PRINTER_HOST_MAX + PRINTER_PATH_MAX + 32];
    int port = (int)strtol(printer->port, NULL, 10); /* digits, as parsed */
    if (httpAssembleURI(HTTP_URI_CODING_ALL, uri, sizeof uri, printer->encrypted ? "ipps" : "ipp",
                        NULL, printer->host, port, printer->path) != HTTP_URI_STATUS_OK)
        return NULL;
    ipp_t *request = ippNewRequest(IPP_OP_PRINT_JOB);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL, uri);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL, IPP_USER);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", NULL, job->name);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", NULL,
                 "application/pdf");
    /* A module must stay the dots that it was laid out in. */
    ippAddString(request, IPP_TAG_JOB, IPP_TAG_KEYWORD, "print-scaling", NULL, "none");
    return request;
}

/* True when the printer answered at all; its answer may be a refusal. */
static bool exchange(http_t *http, const struct printer *printer, ipp_t *request,
                     const struct printer_job *job, ipp_status_t *ret_status)
{
    size_t length = ippLength(request) + job->length;
    http_status_t http_status = cupsSendRequest(http, request, printer->path, length);
    if (http_status == HTTP_STATUS_CONTINUE)
        http_status = cupsWriteRequestData(http, job->bytes, job->length);
    if (http_status != HTTP_STATUS_CONTINUE && http_status != HTTP_STATUS_OK) {
        *ret_status = cupsLastError();
        return http_status != HTTP_STATUS_ERROR;
    }
    ipp_t *answer = cupsGetResponse(http, printer->path);
    bool answered = answer != NULL && ippGetState(answer) == IPP_STATE_DATA;
    *ret_status = answered ? ippGetStatusCode(answer) : cupsLastError();
    answered = answered || httpGetStatus(http) >= HTTP_STATUS_BAD_REQUEST;
    ippDelete(answer);
    return answered;
}

/* The first certificate of each chain is the printer's own. */
static bool is_same(cups_array_t *one, cups_array_t *other)
{
    const http_credential_t *left = cupsArrayFirst(one);
    const http_credential_t *right = cupsArrayFirst(other);
    return left != NULL && right != NULL && left->datalen == right->datalen &&
           memcmp(left->data, right->data, left->datalen) == 0;
}

/* Most printers sign their certificates themselves, so the very one must lie in CUPS' own store.
 * Nothing of the roll was sent yet. */
static bool check_certificate(const struct printer *printer, http_t *http, struct rw_error *err)
{
    cups_array_t *shown = NULL;
    cups_array_t *known = NULL;
    if (httpCopyCredentials(http, &shown) != 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "the printer %s shows no certificate",
                            printer->host);
    bool kept = httpLoadCredentials(printer->store, &known, printer->host) == 0;
    bool same = kept && is_same(shown, known);
    httpFreeCredentials(shown);
    httpFreeCredentials(known);
    if (same)
        return true;
    return rw_error_set(err, RW_CONFLICT, "",
                        kept ? "the printer %s shows another certificate than the one that is kept"
                             : "no certificate is kept for the printer %s",
                        printer->host);
}

bool printer_print(const struct printer *printer, const struct printer_job *job, int32_t timeout_ms,
                   struct rw_error *err)
{
    assert(printer->kind == PRINTER_IPP);
    ipp_t *request = make_request(printer, job);
    if (request == NULL)
        return rw_error_set(err, RW_USAGE, "", "the printer's address is too long");
    cupsSetPasswordCB2(know_no_password, NULL);
    int port = (int)strtol(printer->port, NULL, 10);
    http_t *http = httpConnect2(printer->host, port, NULL, AF_UNSPEC,
                                printer->encrypted ? HTTP_ENCRYPTION_ALWAYS : HTTP_ENCRYPTION_NEVER,
                                1, timeout_ms, NULL);
    if (http == NULL) {
        ippDelete(request);
        return rw_error_set(err, RW_UNAVAILABLE, "", "no printer answers at %s port %s: %s",
                            printer->host, printer->port, cupsLastErrorString());
    }
    httpSetTimeout(http, timeout_ms / 1000.0, give_up, NULL);
    if (printer->encrypted && !check_certificate(printer, http, err)) {
        httpClose(http);
        ippDelete(request);
        return false;
    }
    ipp_status_t status = IPP_STATUS_OK;
    bool answered = exchange(http, printer, request, job, &status);
    httpClose(http);
    ippDelete(request);
    if (answered && status <= IPP_STATUS_OK_EVENTS_COMPLETE)
        return true;
    if (answered)
        return explain(printer, status, err);
    return rw_error_set(err, RW_UNAVAILABLE, "",
                        "the connection to the printer %s broke before it had the job",
                        printer->host);
}
