/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that a policy is read whole, or refused at the right place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "roll-builder/policy.h"

static bool read(const char *text, struct rw_arena *arena, struct policy *ret, struct rw_error *err)
{
    policy_init(ret);
    return policy_read(text, strlen(text), arena, ret, err);
}

static void what_is_absent_keeps_its_default(void **state)
{
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct policy policy;
    struct rw_error err = { .code = RW_OK };
    (void)state;
    assert_true(read("{\"format\":\"rolwacht/policy/1\"}", arena, &policy, &err));
    assert_int_equal(policy.daytimes.minute[0][DAYTIMES_MORNING], 480);
    assert_int_equal(policy.daytimes.minute[6][DAYTIMES_NIGHT], 1320);
    assert_string_equal(policy.zone_name, "Europe/Amsterdam");
    assert_int_equal(policy.alarm_after_min, 45);
    assert_null(policy.gtin);
    assert_false(policy.pack_by_default);
    rw_arena_close(arena);
}

static void a_whole_policy_is_understood(void **state)
{
    static const char text[] =
        "{\"format\":\"rolwacht/policy/1\",\"pharmacy\":{\"id\":\"ap-1\",\"name\":\"Apotheek\","
        "\"phone\":\"020\"},\"gtin\":\"09520123456788\",\"language\":\"en\",\"dpi\":203,"
        "\"moments\":{\"morning\":\"07:30\",\"night\":\"23:00\"},\"when\":{\"HS\":\"night\"},"
        "\"hours\":{\"8\":[\"06:00\",\"14:00\",\"22:00\"]},\"pack_by_default\":true,"
        "\"weekdays\":{\"wednesday\":{\"morning\":\"08:30\"}},\"roll_ends_on\":\"sunday\","
        "\"alarm_after_min\":75}";
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct policy policy;
    struct rw_error err = { .code = RW_OK };
    (void)state;
    assert_true(read(text, arena, &policy, &err));
    assert_string_equal(policy.pharmacy_id, "ap-1");
    assert_int_equal(policy.daytimes.minute[0][DAYTIMES_MORNING], 450);
    assert_int_equal(policy.daytimes.minute[3][DAYTIMES_NOON], 720);
    assert_int_equal(policy.daytimes.minute[2][DAYTIMES_MORNING], 510);
    assert_int_equal(policy.daytimes.minute[3][DAYTIMES_MORNING], 450);
    assert_int_equal(policy.roll_ends_on, 7);
    assert_string_equal(policy.when[0].code, "HS");
    assert_int_equal(policy.when[0].moment, DAYTIMES_NIGHT);
    assert_int_equal(policy.hours[0].hours, 8);
    assert_int_equal(policy.hours[0].minutes[2], 1320);
    assert_int_equal(policy.dpi, 203);
    assert_true(policy.pack_by_default);
    assert_int_equal(policy.alarm_after_min, 75);
    rw_arena_close(arena);
}

static void each_mistake_is_pointed_at(void **state)
{
    static const struct {
        const char *members;
        const char *at;
    } rows[] = { { "\"moment\":{}", "/moment" },
                 { "\"moments\":{\"morning\":\"8:00\"}", "/moments/morning" },
                 { "\"moments\":{\"morning\":\"24:00\"}", "/moments/morning" },
                 { "\"moments\":{\"noon\":\"07:00\"}", "/moments" },
                 { "\"moments\":{\"midday\":\"12:00\"}", "/moments/midday" },
                 { "\"weekdays\":{\"woensdag\":{}}", "/weekdays/woensdag" },
                 { "\"weekdays\":{\"friday\":{\"noon\":\"19:00\"}}", "/weekdays/friday" },
                 { "\"clients\":[{\"moments\":{}}]", "/clients/0" },
                 { "\"clients\":[{\"client\":\"a\"},{\"client\":\"a\"}]", "/clients" },
                 { "\"clients\":[{\"client\":\"a\",\"moments\":{\"noon\":\"1\"}}]",
                   "/clients/0/moments/noon" },
                 { "\"roll_ends_on\":\"zondag\"", "/roll_ends_on" },
                 { "\"when\":{\"HS\":\"bedtime\"}", "/when/HS" },
                 { "\"when\":[\"HS\"]", "/when" },
                 { "\"hours\":[8]", "/hours" },
                 { "\"hours\":{\"12\":[\"08:00\",\"8 uur\"]}", "/hours/12/1" },
                 { "\"hours\":{\"0\":[\"08:00\"]}", "/hours/0" },
                 /* POLICY_HOURS_MAX and one */
                 { "\"hours\":{\"1\":1,\"2\":1,\"3\":1,\"4\":1,\"5\":1,\"6\":1,\"7\":1,"
                   "\"8\":1,\"9\":1}",
                   "/hours" },
                 { "\"clients\":{}", "/clients" },
                 { "\"clients\":[7]", "/clients/0" },
                 { "\"hours\":{\"8\":[\"06:00\"]}", "/hours/8" },
                 { "\"hours\":{\"12\":[\"20:00\",\"08:00\"]}", "/hours/12/1" },
                 { "\"gtin\":\"09520123456789\"", "/gtin" },
                 { "\"language\":\"de\"", "/language" },
                 { "\"dpi\":301", "/dpi" },
                 { "\"alarm_after_min\":0", "/alarm_after_min" },
                 { "\"pharmacy\":{\"id\":\"a/b\",\"name\":\"x\"}", "/pharmacy/id" } };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
        struct policy policy;
        struct rw_error err = { .code = RW_OK };
        const char *text =
            rw_arena_format(arena, &err, "{\"format\":\"rolwacht/policy/1\",%s}", rows[i].members);
        assert_non_null(text);
        assert_false(read(text, arena, &policy, &err));
        assert_int_equal(err.code, RW_INVALID);
        assert_string_equal(err.at, rows[i].at);
        rw_arena_close(arena);
    }
}

static void every_mistake_of_a_file_is_told(void **state)
{
    static const char text[] =
        "{\"format\":\"rolwacht/policy/1\",\"moment\":{},\"dpi\":301,\"language\":\"de\","
        "\"pharmacy\":{\"name\":7},\"moments\":{\"morning\":\"8\",\"noon\":\"9\"},"
        "\"weekdays\":{\"monday\":{\"night\":\"17:00\"}},\"hours\":{\"8\":[]}}";
    static const char *const places[] = {
        "/moment", "/pharmacy",        "/pharmacy/name", "/moments/morning", "/moments/noon",
        "/dpi",    "/weekdays/monday", "/hours/8",       "/language",
    };
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct policy policy;
    struct json_sheet sheet;
    (void)state;
    policy_init(&policy);
    json_sheet_init(&sheet, arena);
    policy_check(text, strlen(text), &sheet, &policy);
    assert_int_equal(sheet.count, RW_COUNT(places));
    for (size_t i = 0; i < RW_COUNT(places); i++) {
        size_t at = 0;
        while (at < sheet.count && strcmp(sheet.faults[at].at, places[i]) != 0)
            at++;
        if (at == sheet.count)
            fail_msg("nothing is told of %s", places[i]);
    }
    rw_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_absent_keeps_its_default),
        cmocka_unit_test(a_whole_policy_is_understood),
        cmocka_unit_test(each_mistake_is_pointed_at),
        cmocka_unit_test(every_mistake_of_a_file_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
