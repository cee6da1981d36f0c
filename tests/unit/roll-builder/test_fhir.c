/* SPDX-License-Identifier: Apache-2.0 */
/* Tests what the lines of a FHIR document say about who and what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/text.h"
#include "core/base/zone.h"
#include "roll-builder/intake/intake.h"

#define BASE "http://nictiz.nl/fhir/StructureDefinition/"
#define CODED(code) "{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"" code "\"}]}"

static const char bundle[] =
    "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":["
    "{\"fullUrl\":\"urn:uuid:p\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"px\","
    "\"identifier\":[{\"system\":\"http://fhir.nl/fhir/NamingSystem/bsn\",\"value\":\"999900420\"},"
    "{\"system\":\"http://example.org/"
    "clients\",\"value\":\"c1\"}],\"name\":[{\"family\":\"Voorbeeld\","
    "\"given\":[\"A.\"]}],\"birthDate\":\"1941-03-14\"}},"
    "{\"fullUrl\":\"urn:uuid:m\",\"resource\":{\"resourceType\":\"Medication\",\"code\":{"
    "\"coding\":["
    "{\"system\":\"http://example.org/a\",\"code\":\"1\",\"display\":\"first\"},{\"system\":"
    "\"http://example.org/b\",\"code\":\"2\",\"display\":\"chosen\",\"userSelected\":true}]}}},"
    "{\"fullUrl\":\"urn:uuid:ma\",\"resource\":{\"resourceType\":\"MedicationRequest\","
    "\"extension\":[{\"url\":\"" BASE
    "ext-PharmaceuticalTreatment.Identifier\",\"valueIdentifier\":{"
    "\"system\":\"urn:oid:1.2\",\"value\":\"MBH\"}},{\"url\":\"" BASE
    "ext-RegistrationDateTime\",\"valueDateTime\":\"2026-11-01T09:00:00+01:00\"}],\"identifier\":[{"
    "\"system\":\"urn:oid:1.3\",\"value\":\"MA1\"},{\"value\":\"other\"}],\"status\":\"active\","
    "\"intent\":\"order\",\"category\":[" CODED(
        "33633005") "],\"medicationReference\":{\"reference\":"
                    "\"urn:uuid:m\"},\"subject\":{\"reference\":\"urn:uuid:p\"},"
                    "\"priorPrescription\":{\"identifier\":"
                    "{\"system\":\"urn:oid:1.3\",\"value\":\"MA0\"}},\"basedOn\":[{\"reference\":"
                    "\"urn:uuid:x\"}]}},"
                    "{\"fullUrl\":\"http://example.org/fhir/MedicationDispense/"
                    "ta\",\"resource\":{\"resourceType\":"
                    "\"MedicationDispense\",\"id\":\"ta\",\"contained\":[{\"resourceType\":"
                    "\"MedicationStatement\","
                    "\"id\":\"in\",\"status\":\"active\"},{\"resourceType\":\"Medication\",\"id\":"
                    "\"cm\",\"code\":{"
                    "\"text\":\"contained\"}}],\"status\":\"unknown\",\"category\":" CODED(
                        "422037009") ","
                                     "\"medicationReference\":{\"reference\":\"#cm\"},\"subject\":{"
                                     "\"reference\":\"Patient/px\"},"
                                     "\"authorizingPrescription\":[{\"identifier\":{\"system\":"
                                     "\"urn:oid:1.3\",\"value\":\"MA1\"}}]}},"
                                     "{\"resource\":{\"resourceType\":\"MedicationRequest\",\"id\":"
                                     "\"vv\",\"extension\":[{\"url\":\"" BASE
                                     "ext-DispenseRequest.AdditionalWishes\","
                                     "\"valueCodeableConcept\":{\"coding\":[{\"system\":"
                                     "\"urn:oid:2.16.840.1.113883.2.4.3.11.60.20.77.5.2.14.2051\","
                                     "\"code\":\"2\"}]}}],\"status\":"
                                     "\"active\",\"intent\":\"order\",\"category\":[" CODED(
                                         "52711000146108") "],"
                                                           "\"medicationCodeableConcept\":{"
                                                           "\"coding\":[{\"code\":\"7\"}]},"
                                                           "\"subject\":{\"reference\":"
                                                           "\"https://example.org/fhir/Patient/"
                                                           "px\"}}},"
                                                           "{\"resource\":{\"resourceType\":"
                                                           "\"MedicationRequest\",\"id\":\"lone\","
                                                           "\"status\":\"active\","
                                                           "\"intent\":\"order\","
                                                           "\"medicationReference\":{\"reference\":"
                                                           "\"Medication/none\",\"display\":"
                                                           "\"shown\"},\"subject\":{\"reference\":"
                                                           "\"Patient/absent-7\"}}}"
                                                           "]}";

static struct rw_arena *arena;
static struct rw_zone *zone;
static struct order_list list;

static int read_bundle(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    arena = rw_arena_open(8 * RW_ARENA_MIB);
    if (arena == NULL || !rw_zone_open("Europe/Amsterdam", &zone, &err))
        return -1;
    return intake_read("b.json", bundle, strlen(bundle), zone, arena, &list, &err) ? 0 : -1;
}

static int forget_bundle(void **state)
{
    (void)state;
    rw_zone_close(zone);
    rw_arena_close(arena);
    return 0;
}

static void a_first_look_says_whose_each_line_is(void **state)
{
    (void)state;
    struct order_list heads = { 0 };
    struct rw_error err = { 0 };
    assert_true(intake_look("b.json", bundle, strlen(bundle), zone, arena, &heads, &err));
    assert_int_equal(heads.count, list.count);
    for (size_t i = 0; i < list.count; i++) {
        assert_int_equal(heads.orders[i].kind, list.orders[i].kind);
        assert_string_equal(heads.orders[i].pointer, list.orders[i].pointer);
        assert_true(rw_text_equal(heads.orders[i].client.id, list.orders[i].client.id));
    }
}

static void every_medication_line_stands_once_and_in_order(void **state)
{
    (void)state;
    static const char *const pointers[] = { "/entry/2/resource", "/entry/3/resource",
                                            "/entry/3/resource/contained/0", "/entry/4/resource",
                                            "/entry/5/resource" };
    assert_int_equal(list.count, 5);
    for (size_t i = 0; i < list.count; i++) {
        assert_string_equal(list.orders[i].pointer, pointers[i]);
        assert_string_equal(list.orders[i].source, "b.json");
    }
}

static void an_agreement_knows_itself_and_what_it_rests_on(void **state)
{
    (void)state;
    const struct order *ma = &list.orders[0];
    assert_int_equal(ma->kind, ORDER_MA);
    assert_string_equal(ma->id, "ma"); /* the fullUrl without urn:uuid: */
    assert_string_equal(ma->identifier, "MA1");
    assert_string_equal(ma->full_id, "urn:oid:1.3|MA1");
    assert_string_equal(ma->treatment, "urn:oid:1.2|MBH");
    assert_string_equal(ma->registered, "2026-11-01T09:00:00+01:00");
    assert_string_equal(ma->prior, "urn:oid:1.3|MA0");
    assert_int_equal(ma->link_count, 1);
    assert_string_equal(ma->links[0], "urn:uuid:x");
    assert_null(ma->refused);
}

static void a_client_is_never_known_by_a_bsn(void **state)
{
    (void)state;
    const struct client *client = &list.orders[0].client;
    assert_string_equal(client->id, "c1");
    assert_string_equal(client->name, "A. Voorbeeld");
    assert_string_equal(client->born, "1941-03-14");
    assert_string_equal(list.orders[1].client.id, "c1"); /* Patient/px */
    assert_string_equal(list.orders[3].client.id, "c1"); /* by a whole address */
    assert_string_equal(list.orders[4].client.id, "absent-7");
    assert_null(list.orders[4].client.name);
}

static void who_names_nobody_is_told_where(void **state)
{
    static const struct {
        const char *text;
        const char *pointer;
    } nobody[] = {
        { "{\"resourceType\":\"MedicationRequest\",\"subject\":{\"identifier\":{\"value\":\"c1\"}}"
          "}",
          "/subject" },
        { "{\"resourceType\":\"MedicationRequest\",\"status\":\"active\"}", "" },
        { "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":"
          "\"MedicationDispense\",\"subject\":{\"display\":\"c1\"}}}]}",
          "/entry/0/resource/subject" },
        { "rolwacht/orders/1\norder,client,product,dose,unit\n1,C 17,X,1,piece\n",
          "/row/1/client" },
    };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(nobody); i++) {
        struct order_list heads = { 0 };
        struct rw_error err = { 0 };
        const char *text = nobody[i].text;
        assert_true(intake_look("b.json", text, strlen(text), zone, arena, &heads, &err));
        assert_int_equal(heads.count, 1);
        assert_null(heads.orders[0].client.id);
        assert_string_equal(heads.orders[0].client_pointer, nobody[i].pointer);
    }
    assert_null(list.orders[0].client_pointer);
}

static void a_product_has_the_name_that_a_person_chose(void **state)
{
    (void)state;
    assert_string_equal(list.orders[0].product.text, "chosen");
    assert_int_equal(list.orders[0].product.code_count, 2);
    assert_string_equal(list.orders[1].product.text, "contained");
    assert_string_equal(list.orders[3].product.text, "7");
    assert_string_equal(list.orders[4].product.text, "shown");
}

static void what_is_no_order_says_so(void **state)
{
    (void)state;
    assert_int_equal(list.orders[1].kind, ORDER_TA);
    assert_null(list.orders[1].refused);
    assert_int_equal(list.orders[2].kind, ORDER_OTHER);
    assert_string_equal(list.orders[2].refused, "not-an-order");
    assert_int_equal(list.orders[3].kind, ORDER_VV);
    assert_true(list.orders[3].not_in_gds);
    assert_string_equal(list.orders[3].refused, "not-an-order");
}

static void a_file_without_orders_gives_one_line(void **state)
{
    (void)state;
    static const char patient[] = "<Patient xmlns='http://hl7.org/fhir'><id value='p'/></Patient>";
    struct order_list none = { 0 };
    struct rw_error err = { 0 };
    assert_true(intake_read("p.xml", patient, strlen(patient), zone, arena, &none, &err));
    assert_int_equal(none.count, 1);
    assert_string_equal(none.orders[0].refused, "not-an-order");
    assert_string_equal(none.orders[0].resource, "Patient");
    assert_string_equal(none.orders[0].id, "p");
}

/* Three orders of one product: the entry of the second and the product of the third are modified.
 */
static void a_modifier_around_an_order_or_of_its_medicine_refuses_it(void **state)
{
    (void)state;
    static const char modified[] =
        "<Bundle xmlns='http://hl7.org/fhir'><type value='collection'/>"
        "<entry><resource><MedicationRequest><status value='active'/><intent value='order'/>"
        "<medicationReference><reference value='Medication/a'/></medicationReference>"
        "</MedicationRequest></resource></entry>"
        "<entry><modifierExtension url='http://example.org/x'><valueBoolean value='true'/>"
        "</modifierExtension><resource><MedicationRequest><status value='active'/>"
        "<intent value='order'/></MedicationRequest></resource></entry>"
        "<entry><resource><MedicationRequest><status value='active'/><intent value='order'/>"
        "<medicationReference><reference value='Medication/b'/></medicationReference>"
        "</MedicationRequest></resource></entry>"
        "<entry><resource><Medication><id value='a'/></Medication></resource></entry>"
        "<entry><resource><Medication><id value='b'/><modifierExtension url='http://example.org/y'>"
        "<valueBoolean value='true'/></modifierExtension></Medication></resource></entry></Bundle>";
    struct order_list three = { 0 };
    struct rw_error err = { 0 };
    assert_true(intake_read("m.xml", modified, strlen(modified), zone, arena, &three, &err));
    assert_int_equal(three.count, 3);
    assert_null(three.orders[0].refused);
    for (size_t i = 1; i < three.count; i++) {
        assert_non_null(three.orders[i].refused);
        assert_string_equal(three.orders[i].refused, "unknown-modifier-extension");
    }
    assert_string_equal(three.orders[1].findings.findings[0].pointer,
                        "/entry/1/modifierExtension/0");
    assert_string_equal(three.orders[2].findings.findings[0].pointer,
                        "/entry/4/resource/modifierExtension/0");
}

static void rules_of_the_whole_bundle_refuse_what_is_in_it(void **state)
{
    (void)state;
    static const char ruled[] =
        "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":"
        "\"MedicationRequest\",\"status\":\"active\",\"intent\":\"order\"}}],"
        "\"implicitRules\":\"http://example.org/rules\"}";
    struct order_list one = { 0 };
    struct rw_error err = { 0 };
    assert_true(intake_read("r.json", ruled, strlen(ruled), zone, arena, &one, &err));
    assert_int_equal(one.count, 1);
    assert_non_null(one.orders[0].refused);
    assert_string_equal(one.orders[0].refused, "unknown-modifier-extension");
    assert_string_equal(one.orders[0].findings.findings[0].pointer, "/implicitRules");
}

static void an_order_of_another_version_of_fhir_is_told_so(void **state)
{
    (void)state;
    static const struct {
        const char *member;
        const char *version;
    } rows[] = {
        { "\"context\":{\"reference\":\"Encounter/1\"}", "FHIR STU3:" },
        { "\"requester\":{\"agent\":{\"reference\":\"Practitioner/1\"}}", "FHIR STU3:" },
        { "\"dosageInstruction\":[{\"doseQuantity\":{\"value\":1}}]", "FHIR STU3:" },
        { "\"medication\":{\"concept\":{\"text\":\"TABLET\"}}", "FHIR R5:" },
        { "\"dosageInstruction\":[{\"asNeeded\":true}]", "FHIR R5:" },
        { "\"remark\":\"x\"", "FHIR R4 has no such element" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct order_list one = { 0 };
        struct rw_error err = { 0 };
        const char *text = rw_arena_format(arena, &err,
                                           "{\"resourceType\":\"MedicationRequest\",\"status\":"
                                           "\"active\",\"intent\":\"order\",%s}",
                                           rows[i].member);
        assert_true(intake_read("v.json", text, strlen(text), zone, arena, &one, &err));
        assert_string_equal(one.orders[0].refused, "malformed-input");
        assert_non_null(strstr(one.orders[0].findings.findings[0].text, rows[i].version));
    }
}

#define LINE_OF(id)                                                                               \
    "{\"resourceType\":\"MedicationRequest\",\"id\":\"" id "\",\"status\":\"active\",\"intent\":" \
    "\"order\",\"note\":[{\"text\":\"{a}\\n{b} } {\"}],\"medicationReference\":{\"reference\":"   \
    "\"Medication/m\"}}"

static void resources_that_stand_behind_each_other_are_read_as_a_list(void **state)
{
    (void)state;
    static const char lines[] = LINE_OF("one") "\r\n"
                                               "{\"resourceType\":\"Medication\",\"id\":\"m\",\n"
                                               " \"code\":{\"text\":\"TABLET\"}\n"
                                               "}\n\n" LINE_OF("two") "\n";
    struct order_list two = { 0 };
    struct rw_error err = { 0 };
    assert_true(intake_read("bulk", lines, strlen(lines), zone, arena, &two, &err));
    assert_int_equal(two.count, 2);
    assert_string_equal(two.orders[0].id, "one");
    assert_string_equal(two.orders[0].pointer, "/0");
    assert_string_equal(two.orders[1].id, "two");
    assert_string_equal(two.orders[1].pointer, "/2");
    assert_string_equal(two.orders[1].product.text, "TABLET");
}

static void what_is_wrong_in_a_line_of_many_stands_in_that_line(void **state)
{
    (void)state;
    static const char *const texts[] = { LINE_OF("one") "\n{\"a\":}\n" LINE_OF("two"),
                                         LINE_OF("one") "\n{\"a\":1",
                                         LINE_OF("one") "\n[]",
                                         LINE_OF("one") LINE_OF("two"),
                                         "{\"a\":[{}\n{}]}",
                                         "{\"a\":{}\n{}}",
                                         LINE_OF("one") "\n{\"a\":[{}\n{}]}",
                                         "{}}\n{}" };
    /* Within an object or a list a comma is missing, and nobody puts it there. */
    static const char *const places[] = { "line 2", "line 2", "line 2", "line 1",
                                          "line 2", "line 2", "line 3", "line 1" };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct order_list none = { 0 };
        struct rw_error err = { 0 };
        assert_false(intake_read("bulk", texts[i], strlen(texts[i]), zone, arena, &none, &err));
        assert_int_equal(err.code, RW_INVALID);
        assert_non_null(strstr(err.text, places[i]));
    }
}

static void what_is_no_document_is_an_error(void **state)
{
    (void)state;
    static const char *const texts[] = { "", " \n", "\x89PNG\r\n\x1a\n", "{\"a\":", "<a><b></a>" };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct order_list none = { 0 };
        struct rw_error err = { 0 };
        assert_false(intake_read("x", texts[i], strlen(texts[i]), zone, arena, &none, &err));
        assert_int_equal(err.code, RW_INVALID);
    }
}

static void json_that_is_not_utf8_is_told_so(void **state)
{
    (void)state;
    static const char wide[] = { '\xFF', '\xFE', '{', '\0', '}', '\0' };
    static const char other[] = { '\xFE', '\xFF', '\0', '[', '\0', ']' };
    const char *const files[] = { wide, other };
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct order_list none = { 0 };
        struct rw_error err = { 0 };
        assert_false(intake_read("x", files[i], sizeof wide, zone, arena, &none, &err));
        assert_non_null(strstr(err.text, "UTF-8"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_medication_line_stands_once_and_in_order),
        cmocka_unit_test(a_first_look_says_whose_each_line_is),
        cmocka_unit_test(an_agreement_knows_itself_and_what_it_rests_on),
        cmocka_unit_test(a_client_is_never_known_by_a_bsn),
        cmocka_unit_test(who_names_nobody_is_told_where),
        cmocka_unit_test(a_product_has_the_name_that_a_person_chose),
        cmocka_unit_test(what_is_no_order_says_so),
        cmocka_unit_test(a_file_without_orders_gives_one_line),
        cmocka_unit_test(a_modifier_around_an_order_or_of_its_medicine_refuses_it),
        cmocka_unit_test(rules_of_the_whole_bundle_refuse_what_is_in_it),
        cmocka_unit_test(an_order_of_another_version_of_fhir_is_told_so),
        cmocka_unit_test(resources_that_stand_behind_each_other_are_read_as_a_list),
        cmocka_unit_test(what_is_wrong_in_a_line_of_many_stands_in_that_line),
        cmocka_unit_test(what_is_no_document_is_an_error),
        cmocka_unit_test(json_that_is_not_utf8_is_told_so),
    };
    return cmocka_run_group_tests(tests, read_bundle, forget_bundle);
}
