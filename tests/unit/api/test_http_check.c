/* SPDX-License-Identifier: Apache-2.0 */
/* Tests which requests are refused before anybody reads them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "api/http_check.h"

struct head_case {
    const char *method;
    const char *version;
    const char *pairs[8]; /* name, value, … */
    bool good;
};

static const struct head_case heads[] = {
    { "GET", "HTTP/1.1", { "Host", "a" }, true },
    { "GET", "HTTP/1.0", { 0 }, true },
    { "GET", "HTTP/1.1", { 0 }, false },
    { "GET", "HTTP/2.0", { "Host", "a" }, false },
    { "GET", "HTTP/1.1", { "Host", "a", "Host", "a" }, false },
    { "BREW", "HTTP/1.1", { "Host", "a" }, true }, /* no address takes it */
    { "G(T", "HTTP/1.1", { "Host", "a" }, false },
    { "", "HTTP/1.1", { "Host", "a" }, false },
    { "POST", "HTTP/1.1", { "Host", "a", "Content-Length", "3" }, true },
    { "POST", "HTTP/1.1", { "Host", "a", "Content-Length", "+3" }, false },
    { "POST", "HTTP/1.1", { "Host", "a", "Content-Length", "0x3" }, false },
    { "POST", "HTTP/1.1", { "Host", "a", "Content-Length", "9999999999999999999" }, false },
    { "POST", "HTTP/1.1", { "Host", "a", "Content-Length", "3", "content-length", "3" }, false },
    { "POST",
      "HTTP/1.1",
      { "Host", "a", "Content-Length", "3", "Transfer-Encoding", "chunked" },
      false },
    { "POST", "HTTP/1.1", { "Host", "a", "Transfer-Encoding", "Chunked" }, true },
    { "POST", "HTTP/1.0", { "Host", "a", "Transfer-Encoding", "chunked" }, false },
    { "POST", "HTTP/1.1", { "Host", "a", "Transfer-Encoding", "gzip, chunked" }, false },
    { "POST", "HTTP/1.1", { "Host", "a", "Transfer-Encoding", "xchunked" }, false },
    { "GET", "HTTP/1.1", { "Host", "a", "Bad Name", "b" }, false },
    { "GET", "HTTP/1.1", { "Host ", "a" }, false },
    { "GET", "HTTP/1.1", { "Host", "a", "X", "b\rc" }, false },
    { "GET", "HTTP/1.1", { "Host", "a", "X", "b\x7f" }, false },
    { "GET", "HTTP/1.1", { "Host", "a", "X", "b\tc" }, true },
    { "GET", "HTTP/1.1", { "Host", "a", "Upgrade", "h2c" }, false },
    { "POST", "HTTP/1.1", { "Host", "a", "Content-Encoding", "Identity" }, true },
    { "POST", "HTTP/1.1", { "Host", "a", "Content-Type", "a/b", "content-type", "c/d" }, false },
    { "GET", "HTTP/1.1", { "Host", "a", "Authorization", "b", "authorization", "b" }, false },
};

static void a_head_that_could_be_read_in_two_ways_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(heads); i++) {
        struct exchange_pair pairs[8];
        struct exchange exchange = { .method = heads[i].method, .headers = pairs };
        struct rw_error err = { 0 };
        for (size_t at = 0; at + 1 < 8 && heads[i].pairs[at]; at += 2)
            exchange.headers[exchange.header_count++] =
                (struct exchange_pair){ heads[i].pairs[at], heads[i].pairs[at + 1],
                                        strlen(heads[i].pairs[at + 1]) };
        bool good = http_check_head(&exchange, heads[i].version, &err);
        if (good != heads[i].good)
            print_error("case %zu: %s\n", i, err.text);
        assert_int_equal(good, heads[i].good);
        assert_int_equal(err.code, good ? RW_OK : RW_INVALID);
    }
}

static void a_body_that_is_encoded_is_not_taken(void **state)
{
    struct exchange_pair pairs[] = { { "Host", "a", 1 }, { "content-encoding", "gzip", 4 } };
    struct exchange exchange = { .method = "POST", .headers = pairs, .header_count = 2 };
    struct rw_error err = { 0 };
    (void)state;
    assert_false(http_check_head(&exchange, "HTTP/1.1", &err));
    assert_int_equal(err.code, RW_UNSUPPORTED);
}

static void a_value_with_a_nul_inside_is_refused(void **state)
{
    struct exchange_pair pairs[] = { { "Host", "a", 1 }, { "X", "a\0b", 3 } };
    struct exchange exchange = { .method = "GET", .headers = pairs, .header_count = 2 };
    struct rw_error err = { 0 };
    (void)state;
    assert_false(http_check_head(&exchange, "HTTP/1.1", &err));
}

static void a_target_that_could_be_cut_short_is_refused(void **state)
{
    static const char *const good[] = { "/", "/v1/rolls?x=%20%2F", "/%C3%A9" };
    static const char *const wrong[] = { "",       "*",         "http://x/", "/a%00b",  "/a%zz",
                                         "/a%2",   "/a b",      "/a#b",      "/\xc3",   "/a\\b",
                                         "/a\x01", "rolls/123", "/a%2fb",    "/a%2Fb?c" };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(good); i++)
        assert_true(http_check_target(good[i]));
    for (size_t i = 0; i < RW_COUNT(wrong); i++)
        assert_false(http_check_target(wrong[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_that_could_be_read_in_two_ways_is_refused),
        cmocka_unit_test(a_body_that_is_encoded_is_not_taken),
        cmocka_unit_test(a_value_with_a_nul_inside_is_refused),
        cmocka_unit_test(a_target_that_could_be_cut_short_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
