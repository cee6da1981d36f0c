/* SPDX-License-Identifier: Apache-2.0 */
/* Hands over mails (SMTP submission) and telegrams (TCP), one a call. */
#ifndef RW_CORE_NET_COURIER_H
#define RW_CORE_NET_COURIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "core/base/error.h"

#define COURIER_URL_MAX 512    /* bytes of an address with its NUL */
#define COURIER_ANSWER_MAX 512 /* bytes of an answer to a telegram */

/* Where mails are handed in: RFC 6409 behind RFC 3207 ("smtp://", where a server that does not
 * begin TLS gets nothing) or RFC 8314 ("smtps://"). */
struct courier_post {
    const char *url;
    const char *ca_file; /* whom to trust there; NULL = what the system trusts */
    const char *user;    /* NULL = without signing in */
    const char *password;
};
struct courier_mail {
    const char *from;
    const char *to;   /* one address: what is refused for one is no other's loss */
    const char *text; /* head and body, lines end in CR LF */
    size_t length;
};
/* True once the server has taken it. RW_UNAVAILABLE otherwise. */
RW_MUST_USE bool courier_mail(const struct courier_post *post, const struct courier_mail *mail,
                              int32_t timeout_ms, struct rw_error *err);

/* "tcp://HOST:PORT", or "tls://HOST:PORT" with a CA as above. */
struct courier_line {
    const char *url;
    const char *ca_file;
};
struct courier_telegram {
    const char *bytes;
    size_t length;
    char end; /* the byte an answer ends with */
};
/* Connects, sends, and gives what was answered up to and with `end`. RW_UNAVAILABLE when nothing
 * whole comes within `timeout_ms`. */
RW_MUST_USE bool courier_telegram(const struct courier_line *line,
                                  const struct courier_telegram *telegram, int32_t timeout_ms,
                                  char ret_answer[COURIER_ANSWER_MAX], size_t *ret_length,
                                  struct rw_error *err);
bool courier_is_post(const char *url);
bool courier_is_line(const char *url);

#endif
