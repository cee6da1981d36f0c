/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of orders and settings hold up to their ceilings alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/text.h"
#include "core/json/media_json.h"
#include "roll-builder/policy.h"
#include "roll-builder/products.h"
#include "tests/unit/roll-builder/judged.h"
#include "tests/unit/roll-builder/plans.h"

#define BYTES_MAX 8192
#define PIECE(value)                                            \
    "{\"doseQuantity\":{\"value\":" value ",\"unit\":\"stuk\"," \
    "\"system\":\"urn:oid:2.16.840.1.113883.2.4.4.1.900.2\",\"code\":\"245\"}}"
#define ORDER(extra, repeat, value)                                                             \
    "{\"resourceType\":\"MedicationRequest\",\"status\":\"active\",\"intent\":\"order\","       \
    "\"subject\":{\"reference\":\"Patient/1\"},\"medicationCodeableConcept\":{\"text\":\"X\"}," \
    "\"dosageInstruction\":[{\"timing\":{\"repeat\":{" repeat "}}," extra                       \
    "\"doseAndRate\":[" PIECE(value) "]}]}"
#define SINCE "\"boundsPeriod\":{\"start\":\"2026-11-23\"},"
#define CSV(dose, timing)                                                              \
    "rolwacht/orders/1\norder,client,product,dose,unit,route,start,frequency,period\n" \
    "1,C-17,X," dose ",piece,oral,2026-11-23," timing "\n"
#define PO_16(members) START_16 "{" members "}" END
#define PO_23(po) START_23 FROM("2026-11-23", po) END

/* A number that the order has at %s: the largest that holds, what that is told as (NULL: a plan),
 * and the reason that refuses the next one. */
static const struct {
    const char *order;
    const char *at_most;
    const char *within;
    const char *above;
    const char *beyond;
} orders[] = {
    /* CADENCE_STEP_MAX */
    { ORDER("", SINCE "\"period\":%s,\"periodUnit\":\"d\"", "1"), "36500", NULL, "36501",
      "invalid-timing" },
    /* QUANTITY_MILLI_MAX, and QUANTITY_DIGITS_MAX */
    { ORDER("", "\"when\":[\"MORN\"]", "%s"), "1000000", NULL, "1000001", "malformed-input" },
    { ORDER("", "\"when\":[\"MORN\"]", "%s"), "1.000000000000000000000000000000000000000", NULL,
      "1.0000000000000000000000000000000000000000", "malformed-input" },
    { ORDER("", "\"when\":[\"MORN\"]", "%s"), "1E6", NULL, "1E7", "malformed-input" },
    /* FREQUENCY_MAX and NUMBER_MAX of a table: what is larger is no number of intakes */
    { CSV("1", "%s,1 wk"), "1000", "unanchored-frequency", "1001", "malformed-input" },
    { CSV("1", "1,%s d"), "36500", NULL, "1000000000", "malformed-input" },
    /* CHMED_WHOLE_MAX, in seconds of whole days */
    { PO_16("\"DtFrom\":\"2026-11-23\",\"CyDu\":%s,\"TT\":[{\"Off\":0,\"DoFrom\":1}]"), "999993600",
      NULL, "1000080000", "malformed-input" },
    /* PERIOD_UNITS_MAX, STEP_UNITS_MAX, MONTH_DAY_MAX */
    { PO_23(CYCLE("4", "%s", ONLY)), "36500", NULL, "36501", "D17 invalid-timing" },
    { PO_23(CYCLE("6", "1", "{\"t\":5,\"doms\":[%s],\"tdo\":" ONLY "}")), "28", NULL, "29",
      "malformed-input" },
};

static void judge(const char *order, const char *number, const char *wanted)
{
    struct judged judged;
    char bytes[BYTES_MAX];
    char meaning[JUDGED_TEXT_MAX];
    const char *at = strstr(order, "%s");
    assert_non_null(at);
    (void)snprintf(bytes, sizeof bytes, "%.*s%s%s", (int)(at - order), order, number, at + 2);
    judged_read(&judged, bytes, strlen(bytes));
    if (!judged.done)
        fail_msg("%s: %s", number, judged.err.text);
    assert_int_equal(judged.list.count, 1);
    judged_line(&judged, 0, 1, meaning);
    const bool as_wanted =
        wanted == NULL ? meaning[0] != '!' : meaning[0] == '!' && strstr(meaning, wanted) != NULL;
    if (!as_wanted)
        fail_msg("%s in %s: %s", number, order, meaning);
    judged_close(&judged);
}

static void a_number_of_an_order_has_a_largest_value(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(orders); i++) {
        judge(orders[i].order, orders[i].at_most, orders[i].within);
        judge(orders[i].order, orders[i].above, orders[i].beyond);
    }
}

/* DOSING_INTAKES_MAX: 16 times on each of 256 days, and on one day more. */
static void an_order_has_so_many_intakes_in_a_window(void **state)
{
    (void)state;
    static const char order[] =
        ORDER("",
              "\"timeOfDay\":[\"00:00:00\",\"01:00:00\",\"02:00:00\",\"03:00:00\",\"04:00:00\","
              "\"05:00:00\",\"06:00:00\",\"07:00:00\",\"08:00:00\",\"09:00:00\",\"10:00:00\","
              "\"11:00:00\",\"12:00:00\",\"13:00:00\",\"14:00:00\",\"15:00:00\"]",
              "1");
    struct judged judged;
    char meaning[JUDGED_TEXT_MAX];
    judged_read(&judged, order, strlen(order));
    assert_int_equal(judged_count(&judged, 0, 256), DOSING_INTAKES_MAX);
    judged_line(&judged, 0, 257, meaning);
    assert_non_null(strstr(meaning, "too-many-intakes"));
    judged_close(&judged);
}

static bool read_products_of(const char *bytes, struct rw_arena *arena, struct rw_error *err)
{
    struct products *products;
    return products_read(bytes, strlen(bytes), arena, &products, err);
}

static bool read_policy_of(const char *bytes, struct rw_arena *arena, struct rw_error *err)
{
    struct policy policy;
    policy_init(&policy);
    return policy_read(bytes, strlen(bytes), arena, &policy, err);
}

static bool read_media_of(const char *bytes, struct rw_arena *arena, struct rw_error *err)
{
    struct media *media;
    return media_json_read(bytes, strlen(bytes), arena, &media, err);
}

#define PRODUCT_HEAD                                                                    \
    "{\"format\":\"rolwacht/products/1\",\"products\":[{\"code\":\"1\",\"name\":\"A\"," \
    "\"form\":\"tablet\",\"solid\":true,\"packable\":true,"                             \
    "\"codes\":[{\"system\":\"s\",\"code\":\"1\"}]"
#define MEDIA_HEAD                                                                          \
    "{\"format\":\"rolwacht/media/1\",\"name\":\"m\",\"margin_um\":2500,\"leader_bags\":1," \
    "\"trailer_bags\":1,\"unverified\":false"

static const struct {
    bool (*read)(const char *bytes, struct rw_arena *arena, struct rw_error *err);
    const char *before;
    const char *behind;
    const char *rest; /* members that must be there, less the one that is tried */
    struct {
        const char *member;
        int64_t max;
    } numbers[8];
} settings[] = {
    { read_products_of,
      PRODUCT_HEAD,
      "}]}",
      "",
      { { "split", PRODUCT_SPLIT_MAX },
        { "use_by_days", PRODUCT_DAYS_MAX },
        { "gap_min", 1440 },
        { "volume_ul", PRODUCT_VOLUME_UL_MAX },
        { "day_milli_max", 1000000000 },
        { "bag_milli_max", 1000000000 } } },
    { read_policy_of,
      "{\"format\":\"rolwacht/policy/1\"",
      "}",
      "",
      { { "merge_window_min", 120 },
        { "roll_days_max", 366 },
        { "use_by_days", 366 },
        { "pieces_max", 99 },
        { "products_max", 32 },
        { "alarm_after_min", 1440 },
        { "dpi", 600 } } },
    { read_media_of,
      MEDIA_HEAD,
      "}",
      "width_um 70000 height_um 60000 module_dots 0 pieces_max 12 lines_max 8 bags_max 70 ",
      { { "width_um", 300000 },
        { "height_um", 300000 },
        { "module_dots", 16 },
        { "pieces_max", 100 },
        { "volume_max_ul", 200000 },
        { "lines_max", 32 },
        { "bags_max", 998 } } },
};

/* The document with that member, and with the others that it needs. */
static void write_setting(char bytes[BYTES_MAX], size_t row, const char *member, int64_t number)
{
    int length = snprintf(bytes, BYTES_MAX, "%s,\"%s\":%lld", settings[row].before, member,
                          (long long)number);
    const char *at = settings[row].rest;
    char name[32];
    int value;
    while (sscanf(at, "%31s %d ", name, &value) == 2) {
        if (strcmp(name, member) != 0)
            length +=
                snprintf(bytes + length, (size_t)(BYTES_MAX - length), ",\"%s\":%d", name, value);
        at = strchr(strchr(at, ' ') + 1, ' ') + 1;
    }
    (void)snprintf(bytes + length, (size_t)(BYTES_MAX - length), "%s", settings[row].behind);
}

static void a_number_of_the_settings_has_a_largest_value(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(settings); i++) {
        for (size_t j = 0; j < 8 && settings[i].numbers[j].member != NULL; j++) {
            const char *member = settings[i].numbers[j].member;
            struct rw_arena *arena = rw_arena_open(4 * RW_ARENA_MIB);
            struct rw_error err = { 0 };
            char bytes[BYTES_MAX];
            write_setting(bytes, i, member, settings[i].numbers[j].max);
            if (!settings[i].read(bytes, arena, &err))
                fail_msg("%s: %s %s", member, err.at, err.text);
            write_setting(bytes, i, member, settings[i].numbers[j].max + 1);
            assert_false(settings[i].read(bytes, arena, &err));
            assert_int_equal(err.code, RW_INVALID);
            assert_string_equal(err.at + strlen(err.at) - strlen(member), member);
            rw_arena_close(arena);
        }
    }
}

/* A list of the settings, written row by row, and where one row too many is told. */
static const struct {
    bool (*read)(const char *bytes, struct rw_arena *arena, struct rw_error *err);
    const char *before;
    const char *row;
    const char *behind;
    size_t max;
    const char *at;
} rows[] = {
    { read_products_of, PRODUCT_HEAD ",\"look_alike\":[", "\"1\"", "]}]}", PRODUCT_TWINS_MAX,
      "/products/0/look_alike" },
    { read_products_of, PRODUCT_HEAD ",\"lots\":[", "{\"lot\":\"A%zu\"}", "]}]}", 8,
      "/products/0/lots" },
    { read_policy_of, "{\"format\":\"rolwacht/policy/1\",\"when\":{", "\"X%zu\":\"morning\"", "}}",
      POLICY_WHEN_MAX, "/when" },
};

static bool read_rows(size_t index, size_t count, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(4 * RW_ARENA_MIB);
    struct rw_text text;
    const char *bytes;
    const char *number = strstr(rows[index].row, "%zu");
    rw_text_init(&text, arena, BYTES_MAX);
    rw_text_add(&text, rows[index].before);
    for (size_t i = 0; i < count; i++) {
        rw_text_add(&text, i > 0 ? "," : "");
        if (number == NULL)
            rw_text_add(&text, rows[index].row);
        else
            rw_text_format(&text, "%.*s%zu%s", (int)(number - rows[index].row), rows[index].row, i,
                           number + 3);
    }
    rw_text_add(&text, rows[index].behind);
    assert_true(rw_text_finish(&text, &bytes, err));
    const bool done = rows[index].read(bytes, arena, err);
    rw_arena_close(arena);
    return done;
}

static void a_list_of_the_settings_has_so_many_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        struct rw_error err = { 0 };
        if (!read_rows(i, rows[i].max, &err))
            fail_msg("%s: %s %s", rows[i].at, err.at, err.text);
        assert_false(read_rows(i, rows[i].max + 1, &err));
        assert_string_equal(err.at, rows[i].at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_of_an_order_has_a_largest_value),
        cmocka_unit_test(an_order_has_so_many_intakes_in_a_window),
        cmocka_unit_test(a_number_of_the_settings_has_a_largest_value),
        cmocka_unit_test(a_list_of_the_settings_has_so_many_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
