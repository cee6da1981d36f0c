/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that JSON and XML give one tree, and what XML is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "roll-builder/intake/tree.h"
#include "roll-builder/intake/xml_read.h"
#include "tests/support/fixture.h"

static struct tree *from_json(const char *text)
{
    const struct json *json;
    struct tree *root = NULL;
    struct rw_error err = { 0 };
    assert_true(json_parse(arena, text, strlen(text), &json, &err));
    assert_true(tree_from_json(json, arena, &root, &err));
    return root;
}

static struct tree *from_xml(const char *text)
{
    struct tree *root = NULL;
    struct rw_error err = { 0 };
    if (!xml_read(text, strlen(text), arena, &root, &err))
        fail_msg("%s", err.text);
    return root;
}

static void expect_refused(const char *text)
{
    struct tree *root = NULL;
    struct rw_error err = { 0 };
    assert_false(xml_read(text, strlen(text), arena, &root, &err));
    assert_int_equal(err.code, RW_INVALID);
    assert_true(strlen(err.text) > 0);
}

/* All pointers and values below the root, one a line. */
static void write_out(const struct tree *root, char *room, size_t size)
{
    room[0] = '\0';
    for (const struct tree *node = tree_walk(root, root); node; node = tree_walk(root, node)) {
        char pointer[TREE_POINTER_MAX];
        size_t used = strlen(room);
        tree_pointer(node, pointer);
        (void)snprintf(room + used, size - used, "%s%s%s\n", pointer, node->value ? "=" : "",
                       node->value ? node->value : "");
    }
}

static void json_and_xml_give_the_same_places(void **state)
{
    (void)state;
    static const char json[] =
        "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":"
        "\"MedicationRequest\",\"extension\":[{\"url\":\"u\",\"valueCode\":\"c\"}],"
        "\"status\":\"active\",\"category\":[{\"text\":\"t\"}],\"dosageInstruction\":[{"
        "\"sequence\":"
        "1},{\"sequence\":2}]}}]}";
    static const char xml[] =
        "<Bundle xmlns='http://hl7.org/fhir'><entry><resource><MedicationRequest>"
        "<extension url='u'><valueCode value='c'/></extension><status value='active'/>"
        "<category><text value='t'/></category><dosageInstruction><sequence value='1'/>"
        "</dosageInstruction><dosageInstruction><sequence value='2'/></dosageInstruction>"
        "</MedicationRequest></resource></entry></Bundle>";
    char left[2048];
    char right[2048];
    write_out(from_json(json), left, sizeof(left));
    write_out(from_xml(xml), right, sizeof(right));
    assert_string_equal(left, right);
    assert_non_null(strstr(left, "/entry/0/resource/dosageInstruction/1/sequence=2\n"));
    assert_non_null(strstr(left, "/entry/0/resource/category/0/text=t\n"));
}

static void a_companion_joins_its_element(void **state)
{
    (void)state;
    struct tree *root = from_json("{\"_when\":[null,{\"id\":\"x\"}],\"when\":[\"MORN\",\"EVE\"],"
                                  "\"_status\":{\"id\":\"y\"}}");
    struct tree *when = tree_child(root, "when");
    assert_int_equal(tree_count(root, "when"), 2);
    assert_null(tree_child(when, "id"));
    assert_string_equal(tree_value(tree_same(when), "id"), "x");
    assert_string_equal(tree_value(tree_child(root, "status"), "id"), "y");
    assert_null(tree_value(root, "status"));
}

static void steps_of_a_pointer_are_escaped(void **state)
{
    (void)state;
    char pointer[TREE_POINTER_MAX];
    tree_pointer(tree_child(from_json("{\"a/b~c\":1}"), "a/b~c"), pointer);
    assert_string_equal(pointer, "/a~1b~0c");
}

static void absent_things_are_absent(void **state)
{
    (void)state;
    assert_null(tree_child(NULL, "x"));
    assert_null(tree_value(NULL, "x"));
    assert_null(tree_extension(NULL, "x"));
    assert_int_equal(tree_count(NULL, "x"), 0);
}

static void xml_is_refused_that_is_broken_or_declares_a_type(void **state)
{
    (void)state;
    expect_refused("<Bundle xmlns='http://hl7.org/fhir'><entry></Bundle>");
    expect_refused("<");
    expect_refused(
        "<!DOCTYPE a [<!ENTITY x 'y'>]><Bundle xmlns='http://hl7.org/fhir'>&x;</Bundle>");
    expect_refused("<Bundle xmlns='http://hl7.org/fhir'><id value='&nobody;'/></Bundle>");
}

static void xml_deeper_than_json_may_be_is_refused(void **state)
{
    (void)state;
    char text[4096] = "<Bundle xmlns='http://hl7.org/fhir'>";
    for (int i = 0; i < XML_DEPTH_MAX + 1; i++)
        (void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "<a>");
    for (int i = 0; i < XML_DEPTH_MAX + 1; i++)
        (void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "</a>");
    (void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "</Bundle>");
    expect_refused(text);
}

static void words_for_people_are_passed_over_in_xml(void **state)
{
    (void)state;
    struct tree *root = from_xml("<Patient xmlns='http://hl7.org/fhir'><text><div "
                                 "xmlns='http://www.w3.org/1999/xhtml'>a<b>b</b></div></text>"
                                 "<!-- c --><id value='R&amp;D'/></Patient>");
    assert_string_equal(root->resource, "Patient");
    assert_string_equal(tree_value(root, "id"), "R&D");
    assert_null(tree_child(tree_child(tree_child(root, "text"), "div"), "b"));
}

static void text_between_elements_is_no_fhir(void **state)
{
    (void)state;
    struct tree *root = from_xml("<Patient xmlns='http://hl7.org/fhir'><id>7</id>"
                                 "<x xmlns='http://example.org'/><gender code='m'/></Patient>");
    assert_int_equal(tree_child(root, "id")->form, TREE_LIST);
    assert_null(tree_child(root, "x"));
    assert_string_equal(tree_value(tree_child(root, "gender"), "code"), "m");
    assert_null(from_xml("<Patient/>")->resource);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_and_xml_give_the_same_places),
        cmocka_unit_test(a_companion_joins_its_element),
        cmocka_unit_test(steps_of_a_pointer_are_escaped),
        cmocka_unit_test(absent_things_are_absent),
        cmocka_unit_test(xml_is_refused_that_is_broken_or_declares_a_type),
        cmocka_unit_test(xml_deeper_than_json_may_be_is_refused),
        cmocka_unit_test(words_for_people_are_passed_over_in_xml),
        cmocka_unit_test(text_between_elements_is_no_fhir),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
