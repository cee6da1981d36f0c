/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a roll as FHIR R4: what went out, and what was taken out. */
#include "roll-builder/fhir_out.h"

#include <stdio.h>
#include <string.h>

#include "core/base/crypto.h"
#include "core/base/text.h"
#include "core/json/json_write.h"
#include "roll-builder/fhir_out_parts.h"

#define UUID_MAX 48 /* "urn:uuid:" and 36 signs */

/* One Bundle in the making. */
struct writing {
    const struct roll *roll;
    const struct fhir_out_facts *facts;
    struct rw_arena *arena;
    struct json_writer *json;
    char patient[UUID_MAX];
    char pharmacy[UUID_MAX];
};

/* An id that follows from the roll and from what it stands for (RFC 9562, version 8). */
static void make_id(const struct roll *roll, const char *what, const char *which,
                    char ret_id[UUID_MAX])
{
    struct rw_sha256 hash;
    uint8_t digest[RW_SHA256_BYTES];
    char hex[RW_HEX_SHA256_MAX];
    rw_sha256_begin(&hash);
    rw_sha256_add(&hash, roll->number, strlen(roll->number) + 1);
    rw_sha256_add(&hash, what, strlen(what) + 1);
    rw_sha256_add(&hash, which, strlen(which));
    rw_sha256_end(&hash, digest);
    digest[6] = (uint8_t)((digest[6] & 0x0F) | 0x80);
    digest[8] = (uint8_t)((digest[8] & 0x3F) | 0x80);
    rw_hex_sha256(digest, hex);
    (void)snprintf(ret_id, UUID_MAX, "urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
                   hex + 16, hex + 20);
}

/* Begins an entry and its resource. */
static void begin(struct writing *writing, const char *type, const char *id)
{
    json_write_object(writing->json, NULL);
    json_write_text(writing->json, "fullUrl", id);
    json_write_object(writing->json, "resource");
    json_write_text(writing->json, "resourceType", type);
    json_write_text(writing->json, "id", id + strlen("urn:uuid:"));
}

static void end(struct writing *writing)
{
    json_write_object_end(writing->json);
    json_write_object_end(writing->json);
}

static void write_reference(struct writing *writing, const char *name, const char *id)
{
    json_write_object(writing->json, name);
    json_write_text(writing->json, "reference", id);
    json_write_object_end(writing->json);
}

static void write_patient(struct writing *writing)
{
    const struct client *client = &writing->roll->client;
    struct json_writer *json = writing->json;
    begin(writing, "Patient", writing->patient);
    fhir_out_parts_identifier(json, "urn:rolwacht:client", client->id);
    json_write_list(json, "name");
    json_write_object(json, NULL);
    json_write_text(json, "text", client->name);
    json_write_object_end(json);
    json_write_list_end(json);
    if (client->born)
        json_write_text(json, "birthDate", client->born);
    end(writing);
}

static void write_pharmacy(struct writing *writing)
{
    const struct roll_pharmacy *pharmacy = &writing->roll->pharmacy;
    struct json_writer *json = writing->json;
    begin(writing, "Organization", writing->pharmacy);
    fhir_out_parts_identifier(json, "urn:rolwacht:pharmacy", pharmacy->id);
    json_write_text(json, "name", pharmacy->name);
    if (pharmacy->phone && pharmacy->phone[0]) {
        json_write_list(json, "telecom");
        json_write_object(json, NULL);
        json_write_text(json, "system", "phone");
        json_write_text(json, "value", pharmacy->phone);
        json_write_object_end(json);
        json_write_list_end(json);
    }
    end(writing);
}

/* http://hl7.org/fhir/R4/valueset-medicationdispense-status.html */
static const char *status_of(const struct fhir_out_facts *facts)
{
    switch (facts->state) {
    case ROLL_NONE:
    case ROLL_PLANNED:
    case ROLL_APPROVED:
    case ROLL_PRINTED:
    case ROLL_VERIFIED:
        return "preparation";
    case ROLL_RELEASED:
        return "in-progress";
    case ROLL_RUNNING:
    case ROLL_FINISHED:
        return "completed";
    case ROLL_REJECTED:
        return "cancelled";
    case ROLL_SUPERSEDED:
    case ROLL_WITHDRAWN:
        return facts->handed_over_utc ? "stopped" : "cancelled";
    case ROLL_STATE_COUNT:
        break;
    }
    return "unknown";
}

/* Whole and half pieces of one product with its batches, over the whole roll. */
static int64_t sum_of(const struct roll *roll, const struct bag_content *product)
{
    int64_t sum = 0;
    for (size_t i = 0; i < roll->bag_count; i++) {
        for (size_t k = 0; k < roll->bags[i].content_count; k++) {
            if (fhir_out_parts_same(&roll->bags[i].contents[k], product))
                sum += roll->bags[i].contents[k].milli;
        }
    }
    return sum;
}

static void write_category(struct json_writer *json)
{
    json_write_object(json, "category");
    json_write_list(json, "coding");
    json_write_object(json, NULL);
    json_write_text(json, "system", "http://snomed.info/sct");
    json_write_text(json, "code", "373784005");
    json_write_text(json, "display", "verstrekken van medicatie");
    json_write_object_end(json);
    json_write_list_end(json);
    json_write_object_end(json);
}

static void write_days(struct json_writer *json, int32_t days)
{
    json_write_object(json, "daysSupply");
    json_write_int(json, "value", days);
    json_write_text(json, "unit", "day");
    json_write_text(json, "system", "http://unitsofmeasure.org");
    json_write_text(json, "code", "d");
    json_write_object_end(json);
}

/* In the order of the elements of R4, as the standard's own examples have them. */
static bool write_dispense(struct writing *writing, const struct bag_content *product, size_t at,
                           struct rw_error *err)
{
    const struct roll *roll = writing->roll;
    const struct fhir_out_facts *facts = writing->facts;
    struct json_writer *json = writing->json;
    char id[UUID_MAX];
    const char *which = rw_arena_format(writing->arena, err, "%s.%zu", roll->number, at + 1);
    if (!which)
        return false;
    make_id(roll, "dispense", which, id);
    begin(writing, "MedicationDispense", id);
    fhir_out_parts_medication(json, product, facts->products);
    fhir_out_parts_gds(json);
    fhir_out_parts_identifier(json, "urn:rolwacht:dispense", which);
    json_write_text(json, "status", status_of(facts));
    write_category(json);
    write_reference(writing, "medicationReference", "#medication");
    write_reference(writing, "subject", writing->patient);
    json_write_list(json, "performer");
    json_write_object(json, NULL);
    write_reference(writing, "actor", writing->pharmacy);
    json_write_object_end(json);
    json_write_list_end(json);
    fhir_out_parts_quantity(json, "quantity", sum_of(roll, product));
    write_days(json, roll->days);
    if (facts->prepared_utc)
        json_write_text(json, "whenPrepared", facts->prepared_utc);
    if (facts->handed_over_utc)
        json_write_text(json, "whenHandedOver", facts->handed_over_utc);
    if (!fhir_out_parts_dosage(json, roll, product, writing->arena, err))
        return false;
    end(writing);
    return true;
}

static bool is_first(const struct roll *roll, size_t bag, size_t at)
{
    const struct bag_content *content = &roll->bags[bag].contents[at];
    for (size_t i = 0; i <= bag; i++) {
        for (size_t k = 0; k < roll->bags[i].content_count; k++) {
            if (i == bag && k == at)
                return true;
            if (fhir_out_parts_same(&roll->bags[i].contents[k], content))
                return false;
        }
    }
    return true;
}

static bool write_dispenses(struct writing *writing, struct rw_error *err)
{
    const struct roll *roll = writing->roll;
    size_t count = 0;
    for (size_t i = 0; i < roll->bag_count; i++) {
        for (size_t k = 0; k < roll->bags[i].content_count; k++) {
            if (!is_first(roll, i, k))
                continue;
            if (count == FHIR_OUT_PRODUCTS_MAX)
                return rw_error_set(err, RW_TOO_LARGE, "", "more than %d products in one roll",
                                    FHIR_OUT_PRODUCTS_MAX);
            if (!write_dispense(writing, &roll->bags[i].contents[k], count++, err))
                return false;
        }
    }
    return true;
}

static void write_note(struct json_writer *json, const char *text)
{
    json_write_list(json, "note");
    json_write_object(json, NULL);
    json_write_text(json, "text", text);
    json_write_object_end(json);
    json_write_list_end(json);
}

/* http://hl7.org/fhir/R4/medicationadministration.html: a moment that went by is not-done. */
static bool write_administration(struct writing *writing, const struct bag *bag, size_t at,
                                 const struct fhir_out_bag *fate, struct rw_error *err)
{
    struct json_writer *json = writing->json;
    const struct bag_content *content = &bag->contents[at];
    char id[UUID_MAX];
    const char *which = rw_arena_format(writing->arena, err, "%s.%zu", bag->serial, at + 1);
    if (!which)
        return false;
    make_id(writing->roll, "administration", which, id);
    begin(writing, "MedicationAdministration", id);
    fhir_out_parts_medication(json, content, writing->facts->products);
    fhir_out_parts_identifier(json, "urn:rolwacht:administration", which);
    json_write_text(json, "status", fate->taken_out ? "completed" : "not-done");
    write_reference(writing, "medicationReference", "#medication");
    write_reference(writing, "subject", writing->patient);
    if (fate->taken_out)
        json_write_text(json, "effectiveDateTime", fate->at_utc);
    else
        fhir_out_parts_moment(json, "effectiveDateTime", bag->at);
    write_note(json, fate->taken_out
                         ? "uit de dispenser gehaald; dat het is ingenomen, heeft niemand gezien"
                         : "niet uit de dispenser gehaald");
    json_write_object(json, "dosage");
    fhir_out_parts_quantity(json, "dose", content->milli);
    json_write_object_end(json);
    end(writing);
    return true;
}

static bool write_administrations(struct writing *writing, struct rw_error *err)
{
    for (size_t i = 0; i < writing->facts->bag_count; i++) {
        const struct fhir_out_bag *fate = &writing->facts->bags[i];
        const struct bag *bag = roll_bag_find(writing->roll, fate->serial);
        for (size_t k = 0; bag && k < bag->content_count; k++) {
            if (!write_administration(writing, bag, k, fate, err))
                return false;
        }
    }
    return true;
}

bool fhir_out_write(const struct roll *roll, const struct fhir_out_facts *facts,
                    struct rw_arena *arena, const char **ret_bytes, size_t *ret_length,
                    struct rw_error *err)
{
    struct rw_text text;
    struct json_writer json;
    char bundle[UUID_MAX];
    struct writing writing = { roll, facts, arena, &json, "", "" };
    rw_text_init(&text, arena, FHIR_OUT_BYTES_MAX);
    json_write_init(&json, &text);
    make_id(roll, "patient", roll->client.id, writing.patient);
    make_id(roll, "pharmacy", roll->pharmacy.id, writing.pharmacy);
    make_id(roll, "bundle", roll->fingerprint, bundle);
    json_write_object(&json, NULL);
    json_write_text(&json, "resourceType", "Bundle");
    json_write_text(&json, "id", bundle + strlen("urn:uuid:"));
    fhir_out_parts_one_identifier(&json, "urn:rolwacht:roll", roll->number);
    json_write_text(&json, "type", "collection");
    json_write_list(&json, "entry");
    write_patient(&writing);
    write_pharmacy(&writing);
    if (!write_dispenses(&writing, err) || !write_administrations(&writing, err))
        return false;
    json_write_list_end(&json);
    json_write_object_end(&json);
    if (!rw_text_finish(&text, ret_bytes, err))
        return false;
    *ret_length = text.length;
    return true;
}
