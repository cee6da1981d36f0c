/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the resources that references of one FHIR document point to. */
#include "roll-builder/intake/fhir_refs.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

#define BSN "http://fhir.nl/fhir/NamingSystem/bsn"
#define BSN_OID "urn:oid:2.16.840.1.113883.2.4.6.3"
#define AHV "urn:oid:2.16.756.5.32"                  /* Swiss social insurance */
#define CARD "urn:oid:2.16.756.5.30.1.123.100.1.1.1" /* Swiss insurance card */

struct fhir_ref {
    const char *key;
    const struct tree *resource;
};

static bool add(struct fhir_refs *refs, const char *key, const struct tree *resource,
                struct rw_arena *arena, struct rw_error *err)
{
    if (!rw_arena_grow(arena, &refs->refs, &refs->room, refs->count, sizeof(*refs->refs),
                       2 * FHIR_REFS_MAX, err))
        return false;
    refs->refs[refs->count++] = (struct fhir_ref){ .key = key, .resource = resource };
    return true;
}

static bool refuse_more(const struct tree *node, struct rw_error *err)
{
    char pointer[TREE_POINTER_MAX];
    tree_pointer(node, pointer);
    return rw_error_set(err, RW_TOO_LARGE, pointer, "a document has at most %zu resources",
                        FHIR_REFS_MAX);
}

static int compare(const void *left, const void *right)
{
    const struct fhir_ref *a = left;
    const struct fhir_ref *b = right;
    return strcmp(a->key, b->key);
}

bool fhir_refs_read(const struct tree *root, struct rw_arena *arena, struct fhir_refs *ret_refs,
                    struct rw_error *err)
{
    size_t resources = 0;
    *ret_refs = (struct fhir_refs){ 0 };
    for (const struct tree *node = root; node != NULL; node = tree_walk(root, node)) {
        if (node->resource == NULL || strcmp(node->name, "contained") == 0)
            continue;
        if (resources++ == FHIR_REFS_MAX)
            return refuse_more(node, err);
        const char *id = tree_value(node, "id");
        const char *url = node->parent == NULL ? NULL : tree_value(node->parent, "fullUrl");
        if (url != NULL && !add(ret_refs, url, node, arena, err))
            return false;
        if (id == NULL)
            continue;
        const char *key = rw_arena_format(arena, err, "%s/%s", node->resource, id);
        if (key == NULL || !add(ret_refs, key, node, arena, err))
            return false;
    }
    if (ret_refs->count > 1)
        qsort(ret_refs->refs, ret_refs->count, sizeof(*ret_refs->refs), compare);
    return true;
}

static const struct tree *find_contained(const struct tree *owner, const char *id)
{
    while (strcmp(owner->name, "contained") == 0 && owner->parent != NULL)
        owner = owner->parent;
    const struct tree *one = tree_child(owner, "contained");
    for (; one != NULL; one = tree_same(one)) {
        if (rw_text_equal(tree_value(one, "id"), id))
            return one;
    }
    return NULL;
}

static const struct tree *find_key(const struct fhir_refs *refs, const char *key)
{
    const struct fhir_ref wanted = { .key = key };
    if (refs->count == 0)
        return NULL;
    const struct fhir_ref *found =
        bsearch(&wanted, refs->refs, refs->count, sizeof(*refs->refs), compare);
    return found == NULL ? NULL : found->resource;
}

const struct tree *fhir_refs_find(const struct fhir_refs *refs, const struct tree *owner,
                                  const char *reference)
{
    if (reference == NULL)
        return NULL;
    if (reference[0] == '#')
        return find_contained(owner, reference + 1);
    const struct tree *found = find_key(refs, reference);
    /* "https://server/fhir/Medication/7": its last two steps. */
    const char *step = strrchr(reference, '/');
    if (found != NULL || step == NULL || !rw_text_starts_with(reference, "http"))
        return found;
    while (step > reference && step[-1] != '/')
        step--;
    return find_key(refs, step);
}

static bool take_codes(const struct tree *concept, struct rw_arena *arena,
                       struct medicine *medicine, struct rw_error *err)
{
    size_t count = tree_count(concept, "coding");
    if (count > MEDICINE_CODES_MAX)
        count = MEDICINE_CODES_MAX;
    medicine->codes = rw_arena_array(arena, count, sizeof(*medicine->codes), err);
    if (medicine->codes == NULL)
        return false;
    const struct tree *coding = tree_child(concept, "coding");
    for (size_t i = 0; i < count; i++, coding = tree_same(coding)) {
        const char *code = tree_value(coding, "code");
        if (code == NULL)
            continue;
        medicine->codes[medicine->code_count++] = (struct medicine_code){
            .system = tree_value(coding, "system"),
            .code = code,
            .display = tree_value(coding, "display"),
            .user_selected = rw_text_equal(tree_value(coding, "userSelected"), "true"),
        };
    }
    return true;
}

/* The text of the concept, then the display of the code a person chose, then of any. */
static const char *best_text(const struct tree *concept)
{
    const char *text = tree_value(concept, "text");
    const char *any = NULL;
    const struct tree *coding = tree_child(concept, "coding");
    for (; text == NULL && coding != NULL; coding = tree_same(coding)) {
        const char *display = tree_value(coding, "display");
        if (any == NULL)
            any = display;
        if (rw_text_equal(tree_value(coding, "userSelected"), "true"))
            text = display;
    }
    return text != NULL ? text : any;
}

bool fhir_refs_medicine(const struct fhir_refs *refs, const struct tree *order,
                        struct rw_arena *arena, struct medicine *ret_medicine, struct rw_error *err)
{
    *ret_medicine = (struct medicine){ 0 };
    const struct tree *concept = tree_child(order, "medicationCodeableConcept");
    const struct tree *reference = tree_child(order, "medicationReference");
    if (concept == NULL && reference != NULL) {
        const struct tree *found = fhir_refs_find(refs, order, tree_value(reference, "reference"));
        concept = tree_child(found, "code");
    }
    if (concept != NULL && !take_codes(concept, arena, ret_medicine, err))
        return false;
    ret_medicine->text = best_text(concept);
    if (ret_medicine->text == NULL)
        ret_medicine->text = tree_value(reference, "display");
    if (ret_medicine->text == NULL && ret_medicine->code_count > 0)
        ret_medicine->text = ret_medicine->codes[0].code;
    return true;
}

static bool is_national(const char *system)
{
    return strcmp(system, BSN) == 0 || strcmp(system, BSN_OID) == 0 || strcmp(system, AHV) == 0;
}

/* The pharmacy's own number, never one of the state; else the hash of the card, as an eMediplan has
 * it; else the id of the resource. */
static bool client_id(const struct tree *patient, struct rw_arena *arena, const char **ret_id,
                      struct rw_error *err)
{
    const struct tree *identifier = tree_child(patient, "identifier");
    const char *card = NULL;
    for (; identifier != NULL; identifier = tree_same(identifier)) {
        const char *system = tree_value(identifier, "system");
        const char *value = tree_value(identifier, "value");
        if (system == NULL || value == NULL || is_national(system))
            continue;
        if (strcmp(system, CARD) == 0) {
            card = card == NULL ? value : card;
        } else if (client_is_id(value)) {
            *ret_id = value;
            return true;
        }
    }
    const char *id = tree_value(patient, "id");
    if (card != NULL)
        return client_card_id(card, arena, ret_id, err);
    *ret_id = id != NULL && client_is_id(id) ? id : NULL;
    return true;
}

static bool client_name(const struct tree *patient, struct rw_arena *arena, const char **ret_name,
                        struct rw_error *err)
{
    const struct tree *name = tree_child(patient, "name");
    *ret_name = tree_value(name, "text");
    const char *family = tree_value(name, "family");
    if (*ret_name != NULL || family == NULL)
        return true;
    const char *given = tree_value(name, "given");
    *ret_name = given == NULL ? rw_arena_text(arena, family, err)
                              : rw_arena_format(arena, err, "%s %s", given, family);
    return *ret_name != NULL;
}

bool fhir_refs_client(const struct fhir_refs *refs, const struct tree *order,
                      struct rw_arena *arena, struct client *ret_client, struct rw_error *err)
{
    *ret_client = (struct client){ 0 };
    const char *reference = tree_value(tree_child(order, "subject"), "reference");
    const struct tree *patient = fhir_refs_find(refs, order, reference);
    if (patient != NULL && rw_text_equal(patient->resource, "Patient")) {
        ret_client->born = tree_value(patient, "birthDate");
        return client_id(patient, arena, &ret_client->id, err) &&
               client_name(patient, arena, &ret_client->name, err);
    }
    const char *step = reference == NULL ? NULL : strrchr(reference, '/');
    if (step != NULL && client_is_id(step + 1))
        ret_client->id = step + 1;
    return true;
}
