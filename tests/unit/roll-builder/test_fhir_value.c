/* SPDX-License-Identifier: Apache-2.0 */
/* Tests which texts are values of the FHIR primitives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "core/base/date.h"
#include "core/base/zone.h"
#include "roll-builder/intake/fhir_value.h"

struct row {
    enum fhir_type type;
    const char *text;
    bool expected;
};

static const struct row rows[] = {
    { FHIR_BOOLEAN, "true", true },
    { FHIR_BOOLEAN, "True", false },
    { FHIR_INTEGER, "-7", true },
    { FHIR_INTEGER, "007", false },
    { FHIR_INTEGER, "2147483648", false },
    { FHIR_UNSIGNED_INT, "0", true },
    { FHIR_UNSIGNED_INT, "-1", false },
    { FHIR_POSITIVE_INT, "1", true },
    { FHIR_POSITIVE_INT, "0", false },
    { FHIR_POSITIVE_INT, "1.5", false },
    { FHIR_POSITIVE_INT, "", false },
    { FHIR_DECIMAL, "0.50", true },
    { FHIR_DECIMAL, "5E-1", true },
    { FHIR_DECIMAL, "1,5", false },
    { FHIR_DECIMAL, ".5", false },
    { FHIR_DECIMAL, "1.", false },
    { FHIR_DECIMAL, "1111111111111111111111111111111111111111111111111111111111111111111111111111",
      false },
    { FHIR_CODE, "MORN.early", true },
    { FHIR_CODE, "two words", true },
    { FHIR_CODE, "two  words", false },
    { FHIR_CODE, " led", false },
    { FHIR_CODE, "trailed ", false },
    { FHIR_CODE, "", false },
    { FHIR_ID, "a-1.B", true },
    { FHIR_ID, "a_1", false },
    { FHIR_ID, "0123456789012345678901234567890123456789012345678901234567890123456", false },
    { FHIR_URI, "urn:uuid:1", true },
    { FHIR_URI, "two words", false },
    { FHIR_OID, "urn:oid:1.2.3", true },
    { FHIR_OID, "1.2.3", false },
    { FHIR_UUID, "urn:uuid:c757873d-ec9a-4326-a141-556f43239520", true },
    { FHIR_UUID, "c757873d", false },
    { FHIR_DATE, "2026", true },
    { FHIR_DATE, "2026-11", true },
    { FHIR_DATE, "2026-02-29", false },
    { FHIR_DATE, "2028-02-29", true },
    { FHIR_DATE, "2026-13-01", false },
    { FHIR_DATE, "2026-11-23T08:00:00Z", false },
    { FHIR_DATE_TIME, "2026-11-23", true },
    { FHIR_DATE_TIME, "2026-11-23T08:00:00Z", true },
    { FHIR_DATE_TIME, "2026-11-23T08:00:00.123+01:00", true },
    { FHIR_DATE_TIME, "2026-11-23T08:00:00.+01:00", false },
    { FHIR_DATE_TIME, "2026-11-23T08:00:00", false },
    { FHIR_DATE_TIME, "2026-11-23T08:00+01:00", false },
    { FHIR_DATE_TIME, "2026-11-23T24:00:00Z", false },
    { FHIR_DATE_TIME, "2026-11-23T08:00:00+15:00", false },
    { FHIR_DATE_TIME, "2026-11-23T08:00:00+01", false },
    { FHIR_DATE_TIME, "23-11-2026", false },
    { FHIR_DATE_TIME, "0000-01-01", false },
    { FHIR_INSTANT, "2026-11-23T08:00:00Z", true },
    { FHIR_INSTANT, "2026-11-23", false },
    { FHIR_TIME, "08:00:00", true },
    { FHIR_TIME, "08:00", false },
    { FHIR_TIME, "24:00:00", false },
    { FHIR_TIME, "08:00:00Z", false },
    { FHIR_BASE64, "QUJD", true },
    { FHIR_BASE64, "Q_JD", false },
    { FHIR_STRING, "anything at all", true },
    { FHIR_STRING, "", false },
};

static void each_type_knows_its_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        const struct tree node = { .form = TREE_ANY, .value = rows[i].text };
        if (fhir_value_is(&node, rows[i].type) != rows[i].expected)
            fail_msg("%s as a %s", rows[i].text, fhir_types_word(rows[i].type));
    }
}

static void json_writes_numbers_and_truths_as_such(void **state)
{
    (void)state;
    const struct tree text = { .form = TREE_TEXT, .value = "1" };
    const struct tree number = { .form = TREE_NUMBER, .value = "1" };
    const struct tree truth = { .form = TREE_TEXT, .value = "true" };
    assert_false(fhir_value_is(&text, FHIR_POSITIVE_INT));
    assert_true(fhir_value_is(&number, FHIR_POSITIVE_INT));
    assert_false(fhir_value_is(&number, FHIR_STRING));
    assert_false(fhir_value_is(&truth, FHIR_BOOLEAN));
}

static void a_start_is_a_full_date_and_an_end_may_be_less(void **state)
{
    (void)state;
    struct rw_zone *zone;
    struct rw_error err = { 0 };
    struct dosing_point point;
    char text[RW_DATE_TEXT_MAX];
    assert_true(rw_zone_open("Europe/Amsterdam", &zone, &err));
    assert_false(fhir_value_point("2026-11", zone, &point));
    assert_false(fhir_value_point(NULL, zone, &point));
    assert_false(fhir_value_point("0900-01-01", zone, &point));
    assert_true(fhir_value_end("2026-02", zone, &point));
    rw_date_write(point.stamp.wall.day, text);
    assert_string_equal(text, "2026-02-28");
    assert_true(fhir_value_end("2026", zone, &point));
    rw_date_write(point.stamp.wall.day, text);
    assert_string_equal(text, "2026-12-31");
    assert_true(fhir_value_end("9999-12-31", zone, &point));
    assert_int_equal(point.stamp.wall.day, RW_DATE_MAX);
    rw_zone_close(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_knows_its_values),
        cmocka_unit_test(json_writes_numbers_and_truths_as_such),
        cmocka_unit_test(a_start_is_a_full_date_and_an_end_may_be_less),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
