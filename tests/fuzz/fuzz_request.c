/* SPDX-License-Identifier: Apache-2.0 */
/* A request's head leads to one route or is refused, whatever it holds. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "api/http_check.h"
#include "api/role.h"
#include "api/routes.h"
#include "core/base/text.h"

#define HEAD_MAX 8192

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Cuts the next piece off that ends with `end`; the rest stays in `text`. */
static char *cut(char **text, char end)
{
    char *piece = *text;
    char *at = strchr(piece, end);
    *text = at ? at + 1 : piece + strlen(piece);
    if (at)
        *at = '\0';
    return piece;
}

static void take_fields(char *text, struct exchange *exchange)
{
    while (*text && exchange->header_count < EXCHANGE_PAIRS_MAX) {
        char *line = cut(&text, '\n');
        char *name = cut(&line, ':');
        exchange->headers[exchange->header_count++] =
            (struct exchange_pair){ name, line, strlen(line) };
    }
}

static size_t count_of(const struct exchange *exchange, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < exchange->header_count; i++)
        count += rw_text_equal_nocase(exchange->headers[i].name, name);
    return count;
}

/* What got past the check can be read in one way alone. */
static void assert_plain(const struct exchange *exchange)
{
    assert(count_of(exchange, "host") <= 1);
    assert(count_of(exchange, "content-length") + count_of(exchange, "transfer-encoding") <= 1);
    for (size_t i = 0; i < exchange->header_count; i++) {
        assert(exchange->headers[i].name[0] != '\0');
        assert(!strpbrk(exchange->headers[i].name, " \t\r\n:"));
        assert(!strpbrk(exchange->headers[i].value, "\r\n"));
    }
}

/* An id out of a path can stand in a statement, a log line and a file's name. */
static void assert_routed(const struct exchange *exchange)
{
    struct rw_error err = { 0 };
    for (size_t i = 0; i < EXCHANGE_ARGS_MAX; i++) {
        assert(strlen(exchange->args[i]) < EXCHANGE_ARG_MAX);
        assert(!strpbrk(exchange->args[i], "/\\%\"'{},; "));
        assert(!rw_text_equal(exchange->args[i], ".."));
    }
    if (exchange->route->roles != 0)
        assert(!routes_check(exchange, &err) && err.code == RW_UNAUTHENTICATED);
}

/* First byte: which door. Then "METHOD TARGET VERSION", and a field on each line. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static char head[HEAD_MAX];
    static struct exchange_pair pairs[EXCHANGE_PAIRS_MAX];
    struct rw_error err = { 0 };
    char allow[64];
    if (length == 0 || length > HEAD_MAX)
        return 0;
    struct exchange exchange = { .listener = bytes[0] % 2 ? EXCHANGE_DEVICES : EXCHANGE_PEOPLE,
                                 .headers = pairs };
    memcpy(head, bytes + 1, length - 1);
    head[length - 1] = '\0';
    char *rest = head;
    char *line = cut(&rest, '\n');
    exchange.method = cut(&line, ' ');
    char *target = cut(&line, ' ');
    bool good = http_check_target(target);
    exchange.path = cut(&target, '?');
    take_fields(rest, &exchange);
    if (!good || !http_check_head(&exchange, line, &err))
        return 0;
    assert_plain(&exchange);
    if (routes_find(&exchange, allow, &err))
        assert_routed(&exchange);
    return 0;
}
