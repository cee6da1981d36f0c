/* SPDX-License-Identifier: Apache-2.0 */
/* A format is read up to its ceilings, and one above is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/text.h"
#include "core/json/gzip.h"
#include "roll-builder/intake/chmed_line.h"
#include "roll-builder/intake/chmed_text.h"
#include "roll-builder/intake/xml_read.h"
#include "tests/unit/roll-builder/judged.h"
#include "tests/unit/roll-builder/plans.h"

#define TEXT_MAX ((size_t)1024 * 1024)
#define PLAN START_16 "{\"D\":[1,0,0,0]}" END
#define XML_HEAD "<MedicationRequest xmlns='http://hl7.org/fhir'>"
#define XML_BODY                                                                               \
    "<status value='active'/><intent value='order'/><medicationCodeableConcept><text "         \
    "value='X'/></medicationCodeableConcept><subject><reference value='Patient/1'/></subject>" \
    "<dosageInstruction><timing><repeat><when value='MORN'/></repeat></timing><doseAndRate>"   \
    "<doseQuantity><value value='1'/><system value='http://snomed.info/sct'/><code "           \
    "value='732936001'/></doseQuantity></doseAndRate></dosageInstruction></MedicationRequest>"
#define PROLOGUE 65536 /* PROLOGUE_MAX */

static void repeat(struct rw_text *text, const char *piece, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rw_text_add(text, piece);
}

static const char *pack(struct rw_arena *arena, const char *bytes, size_t length)
{
    struct rw_error err = { 0 };
    uint8_t *zipped;
    size_t zipped_length;
    const char *coded;
    assert_true(gzip_pack(bytes, length, arena, &zipped, &zipped_length, &err) &&
                rw_base64(arena, zipped, zipped_length, &coded, &err));
    return coded;
}

/* A packed plan of so many bytes. */
static void write_packed(struct rw_text *text, size_t bytes)
{
    struct rw_text json;
    rw_text_init(&json, text->arena, bytes + 1);
    rw_text_reserve(&json, bytes);
    rw_text_add(&json, PLAN);
    repeat(&json, " ", bytes - json.length);
    rw_text_format(text, "CHMED16A1%s", pack(text->arena, json.bytes, json.length));
}

/* A plan in so many parts, one a line; all of it lies in the last. */
static void write_parts(struct rw_text *text, size_t parts)
{
    static const char plan[] = START_23 PO("{\"t\":1,\"ds\":[1,0,0,0]}") END;
    const char *packed = pack(text->arena, plan, sizeof plan - 1);
    for (size_t i = 1; i <= parts; i++)
        rw_text_format(text, "CHMED23A.%zu/%zu.%s\n", i, parts, i == parts ? packed : "");
}

/* A dosage at so many times of the day. */
static void write_slots(struct rw_text *text, size_t slots)
{
    rw_text_add(text, START_23 "{\"unit\":\"Stk\",\"roa\":\"20053000\",\"po\":{\"t\":4,\"cyDuU\":4,"
                               "\"cyDu\":1,\"tdo\":{\"t\":2,\"ts\":[");
    for (size_t i = 0; i < slots; i++)
        rw_text_format(text, "%s{\"dt\":\"%02zu:%02zu\",\"do\":" ONE "}", i > 0 ? "," : "", i / 2,
                       i % 2 * 30);
    rw_text_add(text, "]}}}" END);
}

/* An order below so many nested extensions, the order itself counted. */
static void write_nested(struct rw_text *text, size_t depth)
{
    rw_text_add(text, XML_HEAD);
    for (size_t i = 2; i <= depth; i++)
        rw_text_add(text, "<extension url='http://example.org/e'>");
    rw_text_add(text, "<valueBoolean value='true'/>");
    for (size_t i = 2; i <= depth; i++)
        rw_text_add(text, "</extension>");
    rw_text_add(text, XML_BODY);
}

/* A declaration that begins behind so many bytes: also where nobody looked before the parser. */
static void write_declaration(struct rw_text *text, size_t bytes)
{
    rw_text_add(text, "<!--");
    repeat(text, "x", bytes - strlen("<!---->"));
    rw_text_add(text, "--><!DOCTYPE MedicationRequest>" XML_HEAD XML_BODY);
}

/* Bytes before the order that are no declaration. */
static void write_prologue(struct rw_text *text, size_t bytes)
{
    rw_text_add(text, "<!--");
    repeat(text, "x", bytes - strlen("<!---->"));
    rw_text_add(text, "-->" XML_HEAD XML_BODY);
}

/* So many of something: what comes of it. A refusal of the file, of the order, or none (NULL). */
static const struct {
    void (*write)(struct rw_text *text, size_t count);
    size_t count;
    enum rw_code code;
    const char *refusal;
} rows[] = {
    { write_packed, CHMED_UNPACKED_MAX, RW_OK, NULL },
    { write_packed, CHMED_UNPACKED_MAX + 1, RW_TOO_LARGE, "4194304 bytes" },
    { write_parts, CHMED_CHUNKS_MAX, RW_OK, NULL },
    { write_parts, CHMED_CHUNKS_MAX + 1, RW_INVALID, "not numbered well" },
    { write_slots, CHMED_SLOTS_MAX, RW_OK, NULL },
    { write_slots, CHMED_SLOTS_MAX + 1, RW_OK, "too-many-intakes" },
    { write_nested, XML_DEPTH_MAX, RW_OK, NULL },
    { write_nested, XML_DEPTH_MAX + 1, RW_INVALID, "more than 64 nested elements" },
    { write_prologue, PROLOGUE + 1, RW_OK, NULL },
    { write_declaration, PROLOGUE - 16, RW_INVALID, "declaration is not accepted" },
    { write_declaration, PROLOGUE + 1, RW_INVALID, "declaration is not accepted" },
};

static void a_format_ends_at_its_ceilings(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        struct rw_arena *arena = rw_arena_open(32 * RW_ARENA_MIB);
        struct rw_text text;
        struct judged judged;
        char meaning[JUDGED_TEXT_MAX] = "";
        rw_text_init(&text, arena, TEXT_MAX);
        rows[i].write(&text, rows[i].count);
        assert_int_equal(text.failure, RW_OK);
        judged_read(&judged, text.bytes, text.length);
        if (judged.done)
            judged_line(&judged, 0, 1, meaning);
        const char *said = judged.done ? meaning : judged.err.text;
        const bool as_wanted = rows[i].refusal == NULL ? meaning[0] != '!' && meaning[0] != '\0'
                                                       : strstr(said, rows[i].refusal) != NULL;
        if (judged.err.code != rows[i].code || !as_wanted)
            fail_msg("row %zu: %d %s", i, (int)judged.err.code, said);
        judged_close(&judged);
        rw_arena_close(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_format_ends_at_its_ceilings),
    };
    struct rw_error err = { 0 };
    if (!rw_crypto_init(&err))
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
