/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of an order file are read up to their ceilings and not beyond. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "core/base/text.h"
#include "roll-builder/intake/csv.h"
#include "roll-builder/intake/fhir_entry.h"
#include "roll-builder/intake/fhir_refs.h"
#include "tests/unit/roll-builder/judged.h"

#define TEXT_MAX ((size_t)512 * 1024)
#define PIECE                                           \
    "{\"doseQuantity\":{\"value\":1,\"unit\":\"stuk\"," \
    "\"system\":\"urn:oid:2.16.840.1.113883.2.4.4.1.900.2\",\"code\":\"245\"}}"
#define ORDER                                                                             \
    "{\"resourceType\":\"MedicationRequest\",\"status\":\"active\",\"intent\":\"order\"," \
    "\"subject\":{\"reference\":\"Patient/1\"},"
#define PRODUCT "\"medicationCodeableConcept\":{\"text\":\"X\"},"
#define DAILY                                                                                \
    "\"dosageInstruction\":[{\"timing\":{\"repeat\":{\"when\":[\"MORN\"]}},\"doseAndRate\":" \
    "[" PIECE "]}]"
#define TIMED(repeat) "\"dosageInstruction\":[{\"doseAndRate\":[" PIECE "],\"timing\":{" repeat

static void write_dosage(struct rw_text *text, size_t index)
{
    rw_text_format(text,
                   "{\"timing\":{\"repeat\":{\"timeOfDay\":[\"%02zu:%02zu:00\"]}},"
                   "\"doseAndRate\":[" PIECE "]}",
                   index / 60, index % 60);
}

static void write_time(struct rw_text *text, size_t index)
{
    rw_text_format(text, "\"%02zu:%02zu:00\"", index / 2, index % 2 * 30);
}

static void write_event(struct rw_text *text, size_t index)
{
    rw_text_format(text, "\"2026-12-%02zuT%02zu:%02zu:00+01:00\"", 1 + index / 100 % 28,
                   index / 10 % 10, index % 10);
}

static void write_when(struct rw_text *text, size_t index)
{
    static const char *const codes[] = {
        "MORN", "MORN.early", "MORN.late", "NOON",  "AFT", "AFT.early", "AFT.late",
        "EVE",  "EVE.early",  "EVE.late",  "NIGHT", "PHS", "HS",        "WAKE",
        "C",    "CM",         "CD",        "CV",    "AC",  "ACM",       "ACD",
        "ACV",  "PC",         "PCM",       "PCD",   "PCV"
    };
    rw_text_format(text, "\"%s\"", codes[index]);
}

static void write_code(struct rw_text *text, size_t index)
{
    rw_text_format(text, "{\"system\":\"urn:s%zu\",\"code\":\"%zu\"}", index, index);
}

static void write_link(struct rw_text *text, size_t index)
{
    rw_text_format(text, "{\"reference\":\"MedicationRequest/%zu\"}", index);
}

/* A list in an order, the ceiling that it has, and what one more is refused with. */
static const struct {
    const char *before;
    void (*write)(struct rw_text *text, size_t index);
    const char *behind;
    size_t max;
    const char *within; /* a reason that the order has anyway, or NULL */
    const char *beyond;
} lists[] = {
    { ORDER PRODUCT "\"dosageInstruction\":[", write_dosage, "]}", ORDER_DOSINGS_MAX, NULL,
      "malformed-input" },
    { ORDER PRODUCT TIMED("\"repeat\":{\"timeOfDay\":["), write_time, "]}}}]}", DOSING_TIMES_MAX,
      NULL, "invalid-timing" },
    { ORDER PRODUCT TIMED("\"repeat\":{\"when\":["), write_when, "]}}}]}", DOSING_TIMES_MAX,
      "unmapped-moment", "invalid-timing" },
    { ORDER PRODUCT TIMED("\"event\":["), write_event, "]}}]}", DOSING_EVENTS_MAX, NULL,
      "invalid-timing" },
    { ORDER "\"medicationCodeableConcept\":{\"coding\":[", write_code, "]}," DAILY "}",
      MEDICINE_CODES_MAX, NULL, "malformed-input" },
    { ORDER PRODUCT DAILY ",\"basedOn\":[", write_link, "]}", ORDER_LINKS_MAX, NULL,
      "malformed-input" },
};

static void judge(size_t index, size_t count, const char *wanted)
{
    struct rw_arena *arena = rw_arena_open(4 * TEXT_MAX);
    struct rw_text text;
    struct judged judged;
    char meaning[JUDGED_TEXT_MAX];
    rw_text_init(&text, arena, TEXT_MAX);
    rw_text_add(&text, lists[index].before);
    for (size_t i = 0; i < count; i++) {
        rw_text_add(&text, i > 0 ? "," : "");
        lists[index].write(&text, i);
    }
    rw_text_add(&text, lists[index].behind);
    judged_read(&judged, text.bytes, text.length);
    if (!judged.done)
        fail_msg("list %zu: %s", index, judged.err.text);
    assert_int_equal(judged.list.count, 1);
    judged_line(&judged, 0, 1, meaning);
    const bool as_wanted =
        wanted == NULL ? meaning[0] != '!' : meaning[0] == '!' && strstr(meaning, wanted) != NULL;
    if (!as_wanted)
        fail_msg("list %zu with %zu rows: %s", index, count, meaning);
    judged_close(&judged);
    rw_arena_close(arena);
}

static void a_list_beyond_its_ceiling_refuses_the_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(lists); i++) {
        judge(i, lists[i].max, lists[i].within);
        judge(i, lists[i].max + 1, lists[i].beyond);
    }
}

#define CSV_HEAD "rolwacht/orders/1\norder,client,product,dose,unit,route,when,text"

/* A file of cells; gives the error's code. */
static enum rw_code read_csv(size_t columns, size_t cell_bytes)
{
    struct rw_arena *arena = rw_arena_open(4 * TEXT_MAX);
    struct rw_text text;
    struct judged judged;
    rw_text_init(&text, arena, TEXT_MAX);
    rw_text_add(&text, CSV_HEAD);
    for (size_t i = 8; i < columns; i++)
        rw_text_format(&text, ",more%zu", i);
    rw_text_add(&text, "\n1,C-17,X,1,piece,oral,morning,");
    for (size_t i = 0; i < cell_bytes; i++)
        rw_text_add_char(&text, 'x');
    rw_text_add_char(&text, '\n');
    judged_read(&judged, text.bytes, text.length);
    const enum rw_code code = judged.err.code;
    assert_int_equal(judged.done ? judged.list.count : 1, 1);
    judged_close(&judged);
    rw_arena_close(arena);
    return code;
}

static void a_cell_beyond_its_ceiling_refuses_the_file(void **state)
{
    (void)state;
    assert_int_equal(read_csv(8, CSV_CELL_MAX), RW_OK);
    assert_int_equal(read_csv(8, CSV_CELL_MAX + 1), RW_INVALID);
    assert_int_equal(read_csv(CSV_CELLS_MAX + 1, 1), RW_INVALID);
}

/* A file of so many rows between two pieces; gives the error's code. */
static enum rw_code read_rows(const char *before, const char *row, const char *behind, size_t count)
{
    struct rw_arena *arena = rw_arena_open(4 * TEXT_MAX);
    struct rw_text text;
    struct judged judged;
    rw_text_init(&text, arena, TEXT_MAX);
    rw_text_add(&text, before);
    for (size_t i = 0; i < count; i++)
        rw_text_add(&text, row + (i == 0 && row[0] == ',' ? 1 : 0));
    rw_text_add(&text, behind);
    assert_int_equal(text.failure, RW_OK);
    judged_read(&judged, text.bytes, text.length);
    const enum rw_code code = judged.err.code;
    judged_close(&judged);
    rw_arena_close(arena);
    return code;
}

static void a_file_beyond_its_ceiling_is_refused_whole(void **state)
{
    (void)state;
    static const char table[] = "rolwacht/orders/1\norder,client,product,dose,unit\n";
    static const char bundle[] = "{\"resourceType\":\"Bundle\",\"type\":\"history\",\"entry\":[";
    static const char deletes[] = ",{\"request\":{\"method\":\"DELETE\",\"url\":\"Patient/1\"}}";
    assert_int_equal(read_rows(table, "1,C,X,1,piece\n", "", ORDERS_MAX), RW_OK);
    assert_int_equal(read_rows(table, "1,C,X,1,piece\n", "", ORDERS_MAX + 1), RW_TOO_LARGE);
    assert_int_equal(read_rows(bundle, deletes, "]}", FHIR_ENTRY_DELETES_MAX), RW_OK);
    assert_int_equal(read_rows(bundle, deletes, "]}", FHIR_ENTRY_DELETES_MAX + 1), RW_TOO_LARGE);
}

/* FHIR_REFS_MAX: each of so many resources within the one before. */
static void a_document_holds_so_many_resources(void **state)
{
    const size_t count = FHIR_REFS_MAX + 1;
    struct rw_arena *arena = rw_arena_open(count * sizeof(struct tree) + RW_ARENA_MIB);
    struct fhir_refs refs = { 0 };
    struct rw_error err = { 0 };
    struct tree *nodes = rw_arena_array(arena, count, sizeof *nodes, &err);
    (void)state;
    assert_non_null(nodes);
    for (size_t i = 0; i < count; i++) {
        nodes[i] = (struct tree){ .name = i == 0 ? "" : "x", .resource = "Patient" };
        nodes[i].parent = i == 0 ? NULL : &nodes[i - 1];
        nodes[i].first = i + 1 == count ? NULL : &nodes[i + 1];
    }
    assert_false(fhir_refs_read(nodes, arena, &refs, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    assert_string_equal(err.text, "a document has at most 1000000 resources");
    assert_true(rw_text_starts_with(err.at, "/x/x"));
    nodes[count - 2].first = NULL;
    assert_true(fhir_refs_read(nodes, arena, &refs, &err));
    rw_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_beyond_its_ceiling_refuses_the_order),
        cmocka_unit_test(a_cell_beyond_its_ceiling_refuses_the_file),
        cmocka_unit_test(a_file_beyond_its_ceiling_is_refused_whole),
        cmocka_unit_test(a_document_holds_so_many_resources),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
