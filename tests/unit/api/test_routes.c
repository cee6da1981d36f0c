/* SPDX-License-Identifier: Apache-2.0 */
/* Tests which address belongs to which route, and who may use it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "api/role.h"
#include "api/routes.h"
#include "core/base/text.h"

static struct exchange asked(enum exchange_listener listener, const char *method, const char *path)
{
    return (struct exchange){ .listener = listener, .method = method, .path = path };
}

static bool finds(struct exchange *exchange)
{
    struct rw_error err = { 0 };
    char allow[64];
    return routes_find(exchange, allow, &err);
}

static void names_in_a_path_become_arguments(void **state)
{
    struct exchange one =
        asked(EXCHANGE_DEVICES, "PUT", "/v1/rolls/482913570/bags/482913570001/verdict");
    (void)state;
    assert_true(finds(&one));
    assert_string_equal(one.args[0], "482913570");
    assert_string_equal(one.args[1], "482913570001");
}

static void what_is_no_id_is_no_argument(void **state)
{
    static const char *const paths[] = {
        "/v1/rolls/",
        "/v1/rolls/..",
        "/v1/rolls/.",
        "/v1/rolls/a b",
        "/v1/rolls/a/",
        "/v1/rolls//status",
        "/v1/rolls/a%2f",
        "/v1/rolls/\xc3\xa9",
        "/v1/rolls/a\tb",
        "//v1/rolls",
        "/v1/rolls/a/b/c/d",
        "",
        "/V1/rolls/123",
        "/v1/rolls/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(paths); i++) {
        struct exchange one = asked(EXCHANGE_PEOPLE, "GET", paths[i]);
        assert_false(finds(&one));
    }
}

static void a_path_without_that_method_names_its_methods(void **state)
{
    struct exchange one = asked(EXCHANGE_PEOPLE, "DELETE", "/v1/rolls");
    struct rw_error err = { 0 };
    char allow[64];
    (void)state;
    assert_false(routes_find(&one, allow, &err));
    assert_int_equal(err.code, RW_NOT_ALLOWED);
    assert_string_equal(allow, "POST, GET, HEAD");
}

static void people_find_no_address_of_devices(void **state)
{
    struct exchange people = asked(EXCHANGE_PEOPLE, "GET", "/v1/dispensers/d-7/schedule");
    struct exchange device = asked(EXCHANGE_DEVICES, "POST", "/v1/tokens");
    (void)state;
    assert_false(finds(&people));
    assert_false(finds(&device));
}

static enum rw_code check_as(struct exchange *exchange, uint32_t role, const char *name)
{
    struct rw_error err = { 0 };
    exchange->caller = (struct exchange_caller){ .role = role, .name = name };
    return routes_check(exchange, &err) ? RW_OK : err.code;
}

static void a_dispenser_reaches_only_itself(void **state)
{
    struct exchange one = asked(EXCHANGE_DEVICES, "GET", "/v1/dispensers/d-7/schedule");
    (void)state;
    assert_true(finds(&one));
    assert_int_equal(check_as(&one, ROLE_DISPENSER, "d-7"), RW_OK);
    assert_int_equal(check_as(&one, ROLE_DISPENSER, "d-8"), RW_NOT_FOUND);
    assert_int_equal(check_as(&one, ROLE_LINE, "d-7"), RW_DENIED);
    assert_int_equal(check_as(&one, ROLE_NOBODY, NULL), RW_UNAUTHENTICATED);
}

/* Every route that names a device in its path must be at the devices' door alone, so that the
 * check above stands before it. */
static void every_route_of_a_device_is_at_its_own_door(void **state)
{
    (void)state;
    for (size_t i = 0; i < routes_count; i++) {
        bool own = strstr(routes[i].pattern, "{dispenser}") || strstr(routes[i].pattern, "{line}");
        bool devices = (routes[i].roles & ROLE_DEVICES) != 0;
        if (own)
            assert_int_equal(routes[i].doors, ROUTES_DEVICES);
        if (devices)
            assert_true(routes[i].doors & ROUTES_DEVICES);
        if (routes[i].doors == ROUTES_DEVICES)
            assert_int_equal(routes[i].roles & ~ROLE_DEVICES, 0);
    }
}

/* What may be reached without saying who one is, in full: a new one is a decision. */
static void only_these_addresses_are_open_to_everybody(void **state)
{
    static const char *const open[] = { "/healthz",       "/readyz",        "/openapi.yaml",
                                        "/v1/enrolments", "/assets/{file}", "/login",
                                        "/login",         "/setup",         "/setup" };
    size_t count = 0;
    (void)state;
    for (size_t i = 0; i < routes_count; i++) {
        if (routes[i].roles != 0)
            continue;
        assert_true(count < RW_COUNT(open));
        assert_string_equal(routes[i].pattern, open[count++]);
    }
    assert_int_equal(count, RW_COUNT(open));
}

static void only_a_pharmacist_releases(void **state)
{
    static const char *const acts[] = { "/approve", "/release", "/withdraw", "/reject" };
    (void)state;
    for (size_t i = 0; i < routes_count; i++) {
        for (size_t act = 0; act < RW_COUNT(acts); act++) {
            if (rw_text_ends_with(routes[i].pattern, acts[act]))
                assert_int_equal(routes[i].roles, ROLE_APOTHEKER);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_in_a_path_become_arguments),
        cmocka_unit_test(what_is_no_id_is_no_argument),
        cmocka_unit_test(a_path_without_that_method_names_its_methods),
        cmocka_unit_test(people_find_no_address_of_devices),
        cmocka_unit_test(a_dispenser_reaches_only_itself),
        cmocka_unit_test(every_route_of_a_device_is_at_its_own_door),
        cmocka_unit_test(only_these_addresses_are_open_to_everybody),
        cmocka_unit_test(only_a_pharmacist_releases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
