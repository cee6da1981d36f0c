/* SPDX-License-Identifier: Apache-2.0 */
/* Tests what is read out of a page's form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "api/form.h"
#include "tests/support/fixture.h"

#define URLENCODED "application/x-www-form-urlencoded"
#define MULTIPART "multipart/form-data; boundary=XX"

static struct exchange_pair type_field[1];

static struct exchange sent(const char *type, const char *body, size_t length)
{
    struct exchange exchange = {
        .arena = arena, .body = body, .body_length = length, .headers = type_field
    };
    if (type)
        exchange.headers[exchange.header_count++] =
            (struct exchange_pair){ "Content-Type", type, strlen(type) };
    return exchange;
}

static enum rw_code code_of(const char *type, const char *body, size_t length)
{
    struct exchange exchange = sent(type, body, length);
    struct rw_error err = { 0 };
    return form_read(&exchange, &err) ? RW_OK : err.code;
}

static void fields_are_decoded(void **state)
{
    static const char body[] = "name=Jo%C3%ABlle+de+V&empty=&bare&a=1=2&%61b=%2B&a=second&bad=%4";
    struct exchange exchange = sent(URLENCODED "; charset=UTF-8", body, sizeof body - 1);
    struct rw_error err = { 0 };
    (void)state;
    assert_true(form_read(&exchange, &err));
    assert_string_equal(exchange_field(&exchange, "name"), "Jo\xc3\xablle de V");
    assert_string_equal(exchange_field(&exchange, "empty"), "");
    assert_string_equal(exchange_field(&exchange, "bare"), "");
    assert_string_equal(exchange_field(&exchange, "a"), "1=2");
    assert_string_equal(exchange_field(&exchange, "ab"), "+");
    assert_string_equal(exchange_field(&exchange, "bad"), "%4");
    assert_string_equal(exchange_field(&exchange, "absent"), "");
    assert_int_equal(exchange.field_count, 7);
}

static void parts_are_taken_and_a_file_keeps_its_bytes(void **state)
{
    static const char body[] =
        "--XX\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nabc\r\n"
        "--XX\r\nContent-Disposition: form-data; name=\"orders\"; "
        "filename=\"a.json\"\r\nContent-Type: x/y\r\n\r\n{\0\xff}\r\n--XX--\r\n";
    struct exchange exchange = sent(MULTIPART, body, sizeof body - 1);
    struct rw_error err = { 0 };
    (void)state;
    assert_true(form_read(&exchange, &err));
    assert_int_equal(exchange.field_count, 2);
    assert_string_equal(exchange_field(&exchange, "csrf"), "abc");
    assert_int_equal(exchange.fields[1].value_length, 4);
    assert_memory_equal(exchange.fields[1].value, "{\0\xff}", 4);
}

static void a_form_without_an_end_is_refused(void **state)
{
    static const char *const bodies[] = {
        "",
        "--XX",
        "--XX\r\n",
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nabc\r\n",
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--XX--",
        "--YY\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nabc\r\n--YY--",
    };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(bodies); i++)
        assert_int_equal(code_of(MULTIPART, bodies[i], strlen(bodies[i])), RW_INVALID);
    assert_int_equal(code_of("multipart/form-data", "--XX--", 6), RW_INVALID);
}

static void what_is_no_text_is_refused(void **state)
{
    (void)state;
    assert_int_equal(code_of(URLENCODED, "a=%00", 5), RW_INVALID);
    assert_int_equal(code_of(URLENCODED, "a=%ff", 5), RW_INVALID);
    assert_int_equal(code_of(URLENCODED, "a=%1b", 5), RW_INVALID);
    assert_int_equal(code_of(URLENCODED, "a=%0d%0a", 8), RW_OK);
}

static void another_type_has_no_fields(void **state)
{
    struct exchange exchange = sent("application/json", "a=b", 3);
    struct exchange bare = sent(NULL, "a=b", 3);
    struct rw_error err = { 0 };
    (void)state;
    assert_true(form_read(&exchange, &err));
    assert_int_equal(exchange.field_count, 0);
    assert_true(form_read(&bare, &err));
    assert_int_equal(bare.field_count, 0);
}

static void one_field_too_many_is_refused(void **state)
{
    char body[4 * FORM_FIELDS_MAX + 8] = { 0 };
    (void)state;
    for (size_t i = 0; i < FORM_FIELDS_MAX; i++)
        memcpy(body + 4 * i, "a=b&", 4);
    assert_int_equal(code_of(URLENCODED, body, strlen(body)), RW_OK);
    memcpy(body + strlen(body), "a=b", 3);
    assert_int_equal(code_of(URLENCODED, body, strlen(body)), RW_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(fields_are_decoded, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(parts_are_taken_and_a_file_keeps_its_bytes, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(a_form_without_an_end_is_refused, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(what_is_no_text_is_refused, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(another_type_has_no_fields, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(one_field_too_many_is_refused, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
