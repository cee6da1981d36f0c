/* SPDX-License-Identifier: Apache-2.0 */
/* Refuses requests that two readers could understand differently. */
#include "api/http_check.h"

#include <string.h>

#include "core/base/text.h"

#define TARGET_MAX 2000

static bool is_hex(char one)
{
    return (one >= '0' && one <= '9') || (one >= 'a' && one <= 'f') || (one >= 'A' && one <= 'F');
}

static bool is_slash(const char *at)
{
    return at[0] == '%' && at[1] == '2' && (at[2] == 'f' || at[2] == 'F');
}

bool http_check_target(const char *target)
{
    if (target[0] != '/' || strlen(target) > TARGET_MAX)
        return false;
    const char *query = strchr(target, '?');
    for (const char *at = target; *at; at++) {
        if ((unsigned char)*at <= 0x20 || (unsigned char)*at >= 0x7F || *at == '#' || *at == '\\')
            return false;
        if (*at == '%' && (!is_hex(at[1]) || !is_hex(at[2]) || strncmp(at, "%00", 3) == 0))
            return false;
        if (is_slash(at) && (!query || at < query)) /* a proxy takes it for one step of the path */
            return false;
    }
    return true;
}

/* token of RFC 9110 section 5.6.2; a hyphen is in most of them */
static bool is_token(const char *text)
{
    static const char others[] = "!#$%&'*+.^_`|~";
    if (!text || !text[0])
        return false;
    for (const char *at = text; *at; at++) {
        bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');
        if (!letter && *at != '-' && !(*at >= '0' && *at <= '9') && !strchr(others, *at))
            return false;
    }
    return true;
}

/* Field values: visible characters, spaces and tabs (RFC 9110 section 5.5). */
static bool is_value(const struct exchange_pair *pair)
{
    for (size_t i = 0; i < pair->value_length; i++) {
        unsigned char one = (unsigned char)pair->value[i];
        if ((one < 0x20 && one != '\t') || one == 0x7F)
            return false;
    }
    return true;
}

struct head {
    int hosts;
    int lengths;
    int encodings;
    int types;
    int credentials;
};

static bool check_field(const struct exchange_pair *pair, struct head *head, struct rw_error *err)
{
    if (!is_token(pair->name) || !is_value(pair))
        return rw_error_set(err, RW_INVALID, "", "a header field has characters it may not have");
    if (exchange_pair_is(pair, "host"))
        head->hosts++;
    if (exchange_pair_is(pair, "content-length")) {
        head->lengths++;
        if (!rw_text_is_digits(pair->value) || pair->value_length > 18)
            return rw_error_set(err, RW_INVALID, "", "the content length is no number");
    }
    if (exchange_pair_is(pair, "transfer-encoding")) {
        head->encodings++;
        if (!rw_text_equal_nocase(pair->value, "chunked"))
            return rw_error_set(err, RW_INVALID, "", "the transfer encoding is not chunked");
    }
    if (exchange_pair_is(pair, "content-type"))
        head->types++;
    if (exchange_pair_is(pair, "authorization"))
        head->credentials++;
    if (exchange_pair_is(pair, "content-encoding") &&
        !rw_text_equal_nocase(pair->value, "identity"))
        return rw_error_set(err, RW_UNSUPPORTED, "", "a body that is encoded is not taken");
    if (exchange_pair_is(pair, "upgrade") || exchange_pair_is(pair, "trailer"))
        return rw_error_set(err, RW_INVALID, "", "upgrades and trailers are not taken");
    return true;
}

bool http_check_head(const struct exchange *exchange, const char *version, struct rw_error *err)
{
    if (!is_token(exchange->method)) /* which of them an address takes, its route knows */
        return rw_error_set(err, RW_INVALID, "", "the method has characters it may not have");
    bool newest = rw_text_equal(version, "HTTP/1.1");
    if (!newest && !rw_text_equal(version, "HTTP/1.0"))
        return rw_error_set(err, RW_INVALID, "", "the version of HTTP is not 1.0 or 1.1");
    struct head head = { 0 };
    for (size_t i = 0; i < exchange->header_count; i++) {
        if (!check_field(&exchange->headers[i], &head, err))
            return false;
    }
    if (head.hosts > 1 || (newest && head.hosts == 0))
        return rw_error_set(err, RW_INVALID, "", "there must be one host field");
    if (head.lengths + head.encodings > 1 || (head.encodings > 0 && !newest))
        return rw_error_set(err, RW_INVALID, "", "the end of the body is stated twice");
    if (head.types > 1 || head.credentials > 1)
        return rw_error_set(err, RW_INVALID, "", "\"%s\" stands in the head twice",
                            head.types > 1 ? "Content-Type" : "Authorization");
    return true;
}
