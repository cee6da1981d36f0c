/* SPDX-License-Identifier: Apache-2.0 */
/* Checks every value of an order line against its FHIR type. */
#include "roll-builder/intake/fhir_check.h"

#include <string.h>

#include "core/base/text.h"
#include "roll-builder/intake/fhir_types.h"
#include "roll-builder/intake/fhir_value.h"

#define FAULTS_MAX 64 /* of one line; more say nothing new */

bool fhir_check_is_line(const struct tree *node)
{
    enum fhir_type type = fhir_types_resource(node->resource);
    return type == FHIR_REQUEST || type == FHIR_DISPENSE || type == FHIR_STATEMENT;
}

static void add_malformed(const struct tree *node, struct rw_diag *diag, const char *why)
{
    char pointer[TREE_POINTER_MAX];
    tree_pointer(node, pointer);
    rw_diag_add(diag, "D9", "malformed-input", RW_BLOCKS, pointer, "%s", why);
}

static void add_wrong_value(const struct tree *node, enum fhir_type type, struct rw_diag *diag)
{
    char pointer[TREE_POINTER_MAX];
    char shown[48];
    tree_pointer(node, pointer);
    /* A long value is shown cut. */
    (void)rw_text_copy(shown, sizeof(shown), node->value == NULL ? "" : node->value);
    if (type == FHIR_DECIMAL && strchr(shown, ',') != NULL)
        rw_diag_add(diag, "D9", "malformed-input", RW_BLOCKS, pointer,
                    "\"%s\" is no number: a decimal has a point, not a comma", shown);
    else
        rw_diag_add(diag, "D9", "malformed-input", RW_BLOCKS, pointer,
                    "\"%s\" is not written as a FHIR %s", shown, fhir_types_word(type));
}

/* A primitive: a value of its type, or no value but extensions that say why. */
static void check_primitive(const struct tree *node, enum fhir_type type, struct rw_diag *diag)
{
    if (node->form == TREE_NONE) {
        if (node->first == NULL && !node->in_list)
            add_malformed(node, diag, "the element has neither a value nor an extension");
        return;
    }
    if (!fhir_value_is(node, type))
        add_wrong_value(node, type, diag);
}

static const struct fhir_element *find_element(const struct tree *parent, const char *name)
{
    const struct fhir_element *element = fhir_types_element(parent->type, name);
    if (element == NULL && parent->type == FHIR_EXTENSION)
        element = fhir_types_value(name);
    return element;
}

/* Does another choice, or the same single element, stand before this one? */
static bool is_doubled(const struct tree *node, const struct fhir_element *element)
{
    if (element->list)
        return false;
    const struct tree *other = node->parent->first;
    for (; other != node; other = other->next) {
        if (rw_text_equal(other->name, node->name))
            return true;
        if (element->choice == 0)
            continue;
        const struct fhir_element *rival = find_element(node->parent, other->name);
        if (rival != NULL && rival->choice == element->choice)
            return true;
    }
    return false;
}

static bool check_form(const struct tree *node, const struct fhir_element *element, bool from_xml,
                       struct rw_diag *diag)
{
    const char *why = NULL;
    if (node->form == TREE_LIST)
        why = "the element is not written as FHIR asks";
    else if (is_doubled(node, element))
        why = "the element may stand here once, in one form";
    else if (!from_xml && node->in_list && !element->list)
        why = "the element is written as a list and is none";
    else if (!from_xml && !node->in_list && element->list)
        why = "the element is a list and is not written as one";
    if (why != NULL)
        add_malformed(node, diag, why);
    return why == NULL;
}

/* Elements that orders had before R4 or have since: who sends them sends another version. */
static const struct {
    enum fhir_type type;
    const char *name;
    const char *version;
} other_versions[] = {
    { FHIR_REQUEST, "context", "STU3" },    { FHIR_REQUEST, "medication", "R5" },
    { FHIR_REQUEST, "reason", "R5" },       { FHIR_REQUEST, "effectiveDosePeriod", "R5" },
    { FHIR_REFERENCE, "agent", "STU3" },    { FHIR_DISPENSE, "patient", "DSTU2" },
    { FHIR_DISPENSE, "medication", "R5" },  { FHIR_STATEMENT, "taken", "STU3" },
    { FHIR_STATEMENT, "medication", "R5" }, { FHIR_DOSAGE, "doseQuantity", "STU3" },
    { FHIR_DOSAGE, "doseRange", "STU3" },   { FHIR_DOSAGE, "asNeeded", "R5" },
    { FHIR_DOSAGE, "asNeededFor", "R5" },
};

static void refuse_element(const struct tree *node, struct rw_diag *diag)
{
    const enum fhir_type type = node->parent->type;
    const char *version = NULL;
    char pointer[TREE_POINTER_MAX];
    tree_pointer(node, pointer);
    for (size_t i = 0; i < RW_COUNT(other_versions); i++) {
        if (other_versions[i].type == type && rw_text_equal(other_versions[i].name, node->name))
            version = other_versions[i].version;
    }
    if (version == NULL)
        rw_diag_add(diag, "D9", "malformed-input", RW_BLOCKS, pointer,
                    "FHIR R4 has no such element in a %s", fhir_types_word(type));
    else
        rw_diag_add(diag, "D9", "malformed-input", RW_BLOCKS, pointer,
                    "this is written in FHIR %s: R4, which is read here, has no such element in "
                    "a %s",
                    version, fhir_types_word(type));
}

static void check_element(struct tree *node, bool from_xml, struct rw_diag *diag)
{
    const struct fhir_element *element = find_element(node->parent, node->name);
    if (element == NULL) {
        refuse_element(node, diag);
        return;
    }
    if (!check_form(node, element, from_xml, diag))
        return;
    node->type = element->type;
    if (element->type == FHIR_NO_TYPE)
        return;
    if (element->type < FHIR_PRIMITIVES)
        check_primitive(node, element->type, diag);
    else if (node->form != TREE_NONE)
        add_wrong_value(node, element->type, diag);
    if (element->type == FHIR_EXTENSION && tree_value(node, "url") == NULL)
        add_malformed(node, diag, "the extension has no url");
}

static bool is_known_modifier(const struct tree *modifier)
{
    const char *url = tree_value(modifier, "url");
    const struct tree *parent = modifier->parent;
    if (rw_text_equal(url, MP9_STOP_TYPE))
        return parent->resource != NULL;
    if (rw_text_equal(url, MP9_CYCLE))
        return parent->resource != NULL || rw_text_equal(parent->name, "timing");
    return false;
}

static void check_modifier(const struct tree *node, struct rw_diag *diag)
{
    bool rules = rw_text_equal(node->name, "implicitRules") && node->parent->resource != NULL;
    bool modifier = rw_text_equal(node->name, "modifierExtension") && !is_known_modifier(node);
    if (!rules && !modifier)
        return;
    char pointer[TREE_POINTER_MAX];
    tree_pointer(node, pointer);
    const char *url = rules ? node->value : tree_value(node, "url");
    rw_diag_add(diag, "D9", "unknown-modifier-extension", RW_BLOCKS, pointer,
                "\"%.150s\" may change what the order means and is not understood",
                url == NULL ? "" : url);
}

/* In JSON any object can call itself a resource; then nobody would look at what it holds. */
static bool is_misplaced(const struct tree *node)
{
    return node->resource != NULL && !rw_text_equal(node->name, "contained") &&
           !rw_text_equal(node->name, "resource") && !rw_text_equal(node->name, "outcome");
}

void fhir_check(struct tree *resource, struct rw_diag *diag)
{
    const struct tree *top = resource;
    while (top->parent != NULL)
        top = top->parent;
    resource->type = fhir_types_resource(resource->resource);
    struct tree *node = tree_walk(resource, resource);
    while (node != NULL && diag->count < FAULTS_MAX) {
        bool holds = node->resource != NULL && !is_misplaced(node);
        if (holds && fhir_check_is_line(node)) {
            node = tree_skip(resource, node);
            continue;
        }
        check_modifier(node, diag);
        if (is_misplaced(node))
            add_malformed(node, diag, "a resource cannot stand here");
        if (holds)
            node->type = fhir_types_resource(node->resource);
        else if (node->parent->type != FHIR_NO_TYPE)
            check_element(node, top->from_xml, diag);
        else
            node->type = FHIR_NO_TYPE;
        node = tree_walk(resource, node);
    }
}

void fhir_check_around(const struct tree *resource, const struct tree *rules, struct rw_diag *diag)
{
    if (rules != NULL)
        check_modifier(rules, diag);
    const struct tree *around = resource->parent;
    for (; around != NULL && !fhir_check_is_line(around); around = around->parent) {
        /* A Bundle has no modifiers of its own, and perhaps a million entries to pass over. */
        const struct tree *child = around->resource == NULL ? around->first : NULL;
        for (; child != NULL; child = child->next)
            check_modifier(child, diag);
    }
}

void fhir_check_modifiers(const struct tree *resource, struct rw_diag *diag)
{
    const struct tree *node = tree_walk(resource, resource);
    for (; node != NULL && diag->count < FAULTS_MAX; node = tree_walk(resource, node))
        check_modifier(node, diag);
}
