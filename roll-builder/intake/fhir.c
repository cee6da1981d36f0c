/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the order lines of a FHIR R4 document. */
#include "roll-builder/intake/fhir.h"

#include <string.h>

#include "core/base/text.h"
#include "roll-builder/intake/fhir_check.h"
#include "roll-builder/intake/fhir_dosage.h"
#include "roll-builder/intake/fhir_entry.h"
#include "roll-builder/intake/fhir_refs.h"
#include "roll-builder/intake/mp9.h"
#include "roll-builder/reasons.h"

#define URN_UUID "urn:uuid:"
#define RELATION "http://nictiz.nl/fhir/StructureDefinition/ext-RelationAdministrationAgreement"
#define ABOUT_VALUES "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"
#define CH_EMED "http://fhir.ch/ig/ch-emed" /* the Swiss profiles */

/* What every line of one document shares. */
struct document {
    const char *source;
    const struct rw_zone *zone;
    struct rw_arena *arena;
    const struct tree *rules; /* implicitRules of the Bundle */
    struct fhir_refs refs;
    struct fhir_entry_deletes deletes;
};

static const char *line_id(const struct tree *resource)
{
    const char *id = tree_value(resource, "id");
    if (id != NULL || resource->parent == NULL || strcmp(resource->name, "resource") != 0)
        return id;
    const char *url = tree_value(resource->parent, "fullUrl");
    if (url != NULL && rw_text_starts_with(url, URN_UUID))
        return url + strlen(URN_UUID);
    return url;
}

/* The identifier of a reference before its text: it is the same in every message. */
static bool read_link(const struct tree *reference, struct rw_arena *arena, const char **ret_text,
                      struct rw_error *err)
{
    if (!mp9_identifier(tree_child(reference, "identifier"), arena, ret_text, err))
        return false;
    if (*ret_text == NULL)
        *ret_text = tree_value(reference, "reference");
    return true;
}

/* The agreements that this one rests on: basedOn, its extension to a TA, authorizingPrescription.
 */
static bool read_links(const struct tree *resource, struct rw_arena *arena, struct order *order,
                       struct rw_error *err)
{
    for (const struct tree *child = resource->first; child != NULL; child = child->next) {
        if (strcmp(child->name, "basedOn") != 0 &&
            strcmp(child->name, "authorizingPrescription") != 0)
            continue;
        const struct tree *from = child;
        const struct tree *relation = tree_extension(child, RELATION);
        if (relation != NULL)
            from = tree_child(relation, "valueReference");
        const char *text;
        if (!read_link(from, arena, &text, err))
            return false;
        if (text != NULL && order->link_count < ORDER_LINKS_MAX) /* with more it is refused */
            order->links[order->link_count++] = text;
    }
    if (!read_link(tree_child(resource, "priorPrescription"), arena, &order->prior, err))
        return false;
    /* A TA has no priorPrescription: it names the TA that it follows or stops by an extension. */
    const struct tree *relation = tree_extension(resource, RELATION);
    if (order->prior == NULL && relation != NULL)
        return read_link(tree_child(relation, "valueReference"), arena, &order->prior, err);
    return true;
}

/* Is the resource, or the document it stands in, of the Swiss profiles? */
static bool is_swiss(const struct tree *resource)
{
    for (; resource != NULL; resource = resource->parent) {
        const struct tree *profile = tree_child(tree_child(resource, "meta"), "profile");
        for (; profile != NULL; profile = tree_same(profile)) {
            if (profile->value != NULL && rw_text_starts_with(profile->value, CH_EMED))
                return true;
        }
    }
    return false;
}

/* A Swiss dosage that says how long it lasts is a step of its own (A4). */
static bool has_steps(const struct order *order)
{
    for (size_t i = 0; i < order->dosing_count; i++) {
        if (order->dosings[i].bounds_duration.milli > 0)
            return true;
    }
    return false;
}

/* Swiss dosages are numbered and run together, and what holds for all of them stands in the first
 * alone: need, route and period (CH EMED, split dosing). */
static void join_swiss_dosings(const struct tree *resource, struct order *order)
{
    if (order->dosing_count < 2 || !is_swiss(resource) || has_steps(order))
        return;
    const struct dosing *base = &order->dosings[0];
    for (size_t i = 1; i < order->dosing_count; i++) {
        if (order->dosings[i].has_sequence && order->dosings[i].sequence < base->sequence)
            base = &order->dosings[i];
    }
    for (size_t i = 0; i < order->dosing_count; i++) {
        struct dosing *dosing = &order->dosings[i];
        dosing->has_sequence = base->has_sequence;
        dosing->sequence = base->sequence;
        dosing->as_needed = dosing->as_needed || base->as_needed;
        if (dosing->route == DOSING_ROUTE_ABSENT)
            dosing->route = base->route;
        if (dosing->bounds_start.precision == DOSING_ABSENT)
            dosing->bounds_start = base->bounds_start;
        if (dosing->bounds_end.precision == DOSING_ABSENT)
            dosing->bounds_end = base->bounds_end;
    }
}

static bool read_dosings(const struct tree *resource, const struct fhir_place *place,
                         struct order *order, struct rw_error *err)
{
    bool statement = strcmp(resource->resource, "MedicationStatement") == 0;
    const char *name = statement ? "dosage" : "dosageInstruction";
    size_t count = tree_count(resource, name);
    if (count > ORDER_DOSINGS_MAX) {
        rw_diag_add(place->diag, "D9", "malformed-input", RW_BLOCKS, order->pointer,
                    "the order has more than %d dosages", ORDER_DOSINGS_MAX);
        count = ORDER_DOSINGS_MAX;
    }
    order->dosings = rw_arena_array(place->arena, count, sizeof(*order->dosings), err);
    if (order->dosings == NULL)
        return false;
    const struct tree *dosage = tree_child(resource, name);
    for (size_t i = 0; i < count; i++, dosage = tree_same(dosage)) {
        if (!fhir_dosage_read(dosage, place, &order->dosings[i], err))
            return false;
        order->dosing_count++;
        if (order->free_text == NULL && !order->dosings[i].has_timing)
            order->free_text = order->dosings[i].text;
    }
    join_swiss_dosings(resource, order);
    return true;
}

static bool is_order(const struct tree *resource, enum order_kind kind)
{
    static const char *const intents[] = { "order", "original-order", "reflex-order",
                                           "filler-order", "instance-order" };
    if (kind == ORDER_TA)
        return true;
    if (kind == ORDER_OTHER || kind == ORDER_VV || kind == ORDER_MVE)
        return false;
    for (size_t i = 0; i < RW_COUNT(intents); i++) {
        if (rw_text_equal(tree_value(resource, "intent"), intents[i]))
            return true;
    }
    return false;
}

/* A modifier of the medicine may say that it is not this medicine. What the order contains is
 * checked with the order. */
static void check_medicine(const struct tree *found, struct order *order)
{
    if (strcmp(found->name, "contained") != 0)
        fhir_check_modifiers(found, &order->findings);
    if (rw_text_equal(tree_value(found, "status"), "entered-in-error"))
        rw_diag_add(&order->findings, "A14", "status-entered-in-error", RW_BLOCKS, order->pointer,
                    "the medicine of the order was entered in error");
}

static void check_product(const struct fhir_refs *refs, const struct tree *resource,
                          struct order *order)
{
    const struct tree *reference = tree_child(resource, "medicationReference");
    const struct tree *found = fhir_refs_find(refs, resource, tree_value(reference, "reference"));
    const struct tree *concept = tree_child(resource, "medicationCodeableConcept");
    if (found != NULL && rw_text_equal(found->resource, "Medication"))
        check_medicine(found, order);
    if (tree_count(concept != NULL ? concept : tree_child(found, "code"), "coding") >
        MEDICINE_CODES_MAX)
        rw_diag_add(&order->findings, "D9", "malformed-input", RW_BLOCKS, order->pointer,
                    "the product has more than %d codes", MEDICINE_CODES_MAX);
}

/* An agreement that is passed over could be the one that this order replaces. */
static void check_links(const struct tree *resource, struct order *order)
{
    if (tree_count(resource, "basedOn") + tree_count(resource, "authorizingPrescription") >
        ORDER_LINKS_MAX)
        rw_diag_add(&order->findings, "D9", "malformed-input", RW_BLOCKS, order->pointer,
                    "the order names more than %d agreements", ORDER_LINKS_MAX);
}

/* A server that was asked for some elements alone says so: a period of use may be among the rest.
 */
static void check_whole(const struct tree *resource, struct order *order)
{
    const struct tree *tag = tree_child(tree_child(resource, "meta"), "tag");
    for (; tag != NULL; tag = tree_same(tag)) {
        if (!rw_text_equal(tree_value(tag, "system"), ABOUT_VALUES) ||
            !rw_text_equal(tree_value(tag, "code"), "SUBSETTED"))
            continue;
        char pointer[TREE_POINTER_MAX];
        tree_pointer(tag, pointer);
        rw_diag_add(&order->findings, "D9", "malformed-input", RW_BLOCKS, pointer,
                    "this is a part of an order: what was left out may limit it");
    }
}

/* A supply, a proposal and the like; and what the document itself deletes or only asks for. */
static void check_order(const struct document *document, const struct tree *resource,
                        struct order *order)
{
    const struct tree *withdrawal = fhir_entry_withdrawal(&document->deletes, resource);
    char pointer[TREE_POINTER_MAX];
    if (withdrawal == NULL && is_order(resource, order->kind))
        return;
    tree_pointer(withdrawal != NULL ? withdrawal : resource, pointer);
    if (withdrawal != NULL)
        rw_diag_add(&order->findings, "A14", "not-an-order", RW_BLOCKS, pointer,
                    "the Bundle asks to %.8s this %s", withdrawal->value, resource->resource);
    else
        rw_diag_add(&order->findings, "A14", "not-an-order", RW_BLOCKS, pointer,
                    "a %s of this kind or intent is no order", resource->resource);
}

/* The findings of the line as FHIR, without a look at what it means. */
static void check_line(const struct document *document, struct tree *resource, struct order *order)
{
    fhir_check(resource, &order->findings);
    fhir_check_around(resource, document->rules, &order->findings);
    check_product(&document->refs, resource, order);
    check_whole(resource, order);
    check_links(resource, order);
    check_order(document, resource, order);
    if (order->status == NULL)
        rw_diag_add(&order->findings, "D9", "malformed-input", RW_BLOCKS, order->pointer,
                    "the %s has no status", resource->resource);
    const struct tree *forbidden = tree_child(resource, "doNotPerform");
    if (forbidden != NULL && !rw_text_equal(forbidden->value, "false")) {
        char pointer[TREE_POINTER_MAX];
        tree_pointer(forbidden, pointer);
        rw_diag_add(&order->findings, "D9", "do-not-perform", RW_BLOCKS, pointer,
                    "the order says that this is not to be done");
    }
}

/* Which line it is, of what kind, and whose. */
static bool read_head(const struct document *document, const struct tree *resource,
                      struct order *order, struct rw_error *err)
{
    const enum order_kind kind = mp9_kind(resource);
    const bool counts = (is_order(resource, kind) || kind == ORDER_VV || kind == ORDER_MVE) &&
                        fhir_entry_withdrawal(&document->deletes, resource) == NULL;
    order->source = document->source;
    order->resource = resource->resource;
    order->id = line_id(resource);
    order->kind = counts ? kind : ORDER_OTHER;
    if (!tree_pointer_text(resource, document->arena, &order->pointer, err) ||
        !fhir_refs_client(&document->refs, resource, document->arena, &order->client, err))
        return false;
    const struct tree *subject = tree_child(resource, "subject");
    return order->client.id != NULL ||
           tree_pointer_text(subject != NULL ? subject : resource, document->arena,
                             &order->client_pointer, err);
}

static bool read_rest(const struct document *document, struct tree *resource, struct order *order,
                      struct rw_error *err)
{
    struct rw_arena *arena = document->arena;
    rw_diag_init(&order->findings, arena);
    struct fhir_place place = { .zone = document->zone, .arena = arena, .diag = &order->findings };
    const struct tree *identifier = tree_child(resource, "identifier");
    order->identifier = tree_value(identifier, "value");
    order->status = tree_value(resource, "status");
    if (!mp9_identifier(identifier, arena, &order->full_id, err))
        return false;
    check_line(document, resource, order);
    if (!mp9_read(resource, &place, order, err) || !read_dosings(resource, &place, order, err))
        return false;
    const struct rw_finding *first = reasons_first(&order->findings);
    order->refused = first == NULL ? NULL : first->reason;
    return fhir_refs_medicine(&document->refs, resource, arena, &order->product, err) &&
           read_links(resource, arena, order, err);
}

bool fhir_read(const struct fhir_file *file, struct tree *root, struct rw_arena *arena,
               struct order_list *list, struct rw_error *err)
{
    struct document document = { .source = file->source, .zone = file->zone, .arena = arena };
    if (!fhir_check_is_line(root)) /* a line is checked with all that it holds */
        document.rules = tree_child(root, "implicitRules");
    if (!fhir_refs_read(root, arena, &document.refs, err) ||
        !fhir_entry_deletes_find(root, arena, &document.deletes, err))
        return false;
    for (struct tree *node = root; node != NULL; node = tree_walk(root, node)) {
        if (node->resource == NULL || !fhir_check_is_line(node))
            continue;
        if (!rw_arena_grow(arena, &list->orders, &list->room, list->count, sizeof(*list->orders),
                           ORDERS_MAX, err))
            return false;
        struct order *order = &list->orders[list->count];
        *order = (struct order){ 0 };
        if (!read_head(&document, node, order, err) ||
            (!file->heads && !read_rest(&document, node, order, err)))
            return false;
        list->count++;
    }
    return true;
}
