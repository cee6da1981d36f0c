/* SPDX-License-Identifier: Apache-2.0 */
/* One view over FHIR written as JSON and FHIR written as XML. */
#include "roll-builder/intake/tree.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

#define TREE_DEPTH_MAX (JSON_DEPTH_MAX + 8) /* deeper than any reader lets through */

struct tree *tree_add(struct tree *parent, const char *name, struct rw_arena *arena,
                      struct rw_error *err)
{
    struct tree *node = rw_arena_alloc(arena, sizeof(*node), err);
    if (node == NULL)
        return NULL;
    node->name = name;
    node->parent = parent;
    if (parent != NULL) {
        if (parent->last == NULL)
            parent->first = node;
        else
            parent->last->next = node;
        parent->last = node;
    }
    return node;
}

static void take_value(struct tree *node, const struct json *from)
{
    switch (from->kind) {
    case JSON_BOOL:
        node->form = TREE_BOOL;
        node->value = from->truth ? "true" : "false";
        return;
    case JSON_NUMBER:
        node->form = TREE_NUMBER;
        node->value = from->text;
        return;
    case JSON_TEXT:
        node->form = TREE_TEXT;
        node->value = from->text;
        return;
    case JSON_LIST:
        node->form = TREE_LIST;
        return;
    case JSON_NULL:
    case JSON_OBJECT:
    case JSON_KIND_COUNT:
        return;
    }
}

/* The child with this name and place, made when it is not there yet. */
static struct tree *find_or_add(struct tree *parent, const char *name, const struct json *from,
                                struct rw_arena *arena, struct rw_error *err)
{
    bool in_list = from->parent->kind == JSON_LIST;
    for (struct tree *child = parent->first; child != NULL; child = child->next) {
        if (rw_text_equal(child->name, name) && (!in_list || child->index == from->index))
            return child;
    }
    struct tree *added = tree_add(parent, name, arena, err);
    if (added != NULL && in_list) {
        added->in_list = true;
        added->index = from->index;
    }
    return added;
}

/* Objects that wait for their members to be read. */
struct waiting {
    const struct json *from;
    struct tree *to;
    struct waiting *next;
};

struct reader {
    struct waiting *waiting;
    struct rw_arena *arena;
    struct rw_error *err;
};

static bool wait_for(struct reader *reader, const struct json *from, struct tree *to)
{
    struct waiting *entry = rw_arena_alloc(reader->arena, sizeof(*entry), reader->err);
    if (entry == NULL)
        return false;
    *entry = (struct waiting){ .from = from, .to = to, .next = reader->waiting };
    reader->waiting = entry;
    return true;
}

/* One value of a member: a new element, or for "_x" more of the element x. */
static bool take_element(struct reader *reader, struct tree *to, const char *name, bool companion,
                         const struct json *from)
{
    struct tree *child;
    if (companion) {
        if (from->kind == JSON_NULL)
            return true;
        child = find_or_add(to, name, from, reader->arena, reader->err);
        if (child != NULL && from->kind != JSON_OBJECT)
            child->form = TREE_LIST;
    } else {
        child = tree_add(to, name, reader->arena, reader->err);
        if (child != NULL) {
            child->in_list = from->parent->kind == JSON_LIST;
            child->index = child->in_list ? from->index : 0;
            take_value(child, from);
        }
    }
    if (child == NULL)
        return false;
    return from->kind != JSON_OBJECT || wait_for(reader, from, child);
}

static bool take_member(struct reader *reader, struct tree *to, const struct json *member,
                        bool companion)
{
    const char *name = member->name + (companion ? 1 : 0);
    if (member->kind != JSON_LIST)
        return take_element(reader, to, name, companion, member);
    for (const struct json *one = member->first; one != NULL; one = one->next) {
        if (!take_element(reader, to, name, companion, one))
            return false;
    }
    return true;
}

static bool take_members(struct reader *reader, const struct json *from, struct tree *to)
{
    bool companions = false;
    for (const struct json *member = from->first; member != NULL; member = member->next) {
        if (member->name[0] == '_') {
            companions = true;
            continue;
        }
        if (rw_text_equal(member->name, "resourceType") && member->kind == JSON_TEXT) {
            to->resource = member->text;
            continue;
        }
        if (!take_member(reader, to, member, false))
            return false;
    }
    if (!companions)
        return true;
    for (const struct json *member = from->first; member != NULL; member = member->next) {
        if (member->name[0] == '_' && !take_member(reader, to, member, true))
            return false;
    }
    return true;
}

bool tree_from_json(const struct json *root, struct rw_arena *arena, struct tree **ret_root,
                    struct rw_error *err)
{
    struct reader reader = { .arena = arena, .err = err };
    struct tree *top = tree_add(NULL, "", arena, err);
    if (top == NULL)
        return false;
    if (root->kind == JSON_OBJECT && !wait_for(&reader, root, top))
        return false;
    if (root->kind == JSON_LIST) {
        for (const struct json *one = root->first; one != NULL; one = one->next) {
            if (!take_element(&reader, top, "", false, one))
                return false;
        }
    }
    while (reader.waiting != NULL) {
        struct waiting *entry = reader.waiting;
        reader.waiting = entry->next;
        if (!take_members(&reader, entry->from, entry->to))
            return false;
    }
    *ret_root = top;
    return true;
}

/* Elements that R4 repeats, whatever their parent; the rest is known by standing there twice. */
static const char *const list_names[] = {
    "additionalInstruction",
    "basedOn",
    "coding",
    "contained",
    "dayOfWeek",
    "detectedIssue",
    "dosage",
    "dosageInstruction",
    "doseAndRate",
    "entry",
    "event",
    "eventHistory",
    "extension",
    "identifier",
    "ingredient",
    "link",
    "modifierExtension",
    "note",
    "profile",
    "reasonCode",
    "reasonReference",
    "receiver",
    "responsibleParty",
    "security",
    "supportingInformation",
    "tag",
    "timeOfDay",
    "when",
    "authorizingPrescription",
    "derivedFrom",
    "parameter",
};

static bool is_list(const struct tree *node)
{
    const char *owner = node->parent->resource;
    if (rw_text_equal(node->name, "category"))
        return rw_text_equal(owner, "MedicationRequest");
    if (rw_text_equal(node->name, "performer"))
        return rw_text_equal(owner, "MedicationDispense");
    if (rw_text_equal(node->name, "partOf"))
        return true;
    for (size_t i = 0; i < RW_COUNT(list_names); i++) {
        if (rw_text_equal(node->name, list_names[i]))
            return true;
    }
    return false;
}

void tree_number_lists(struct tree *root)
{
    for (struct tree *node = tree_walk(root, root); node != NULL; node = tree_walk(root, node)) {
        struct tree *same = node->next;
        /* Equal names that stand together are counted by walking on, never from the start. */
        bool joined = same != NULL && rw_text_equal(same->name, node->name);
        node->in_list = node->in_list || joined || is_list(node);
        if (joined) {
            same->in_list = true;
            same->index = node->index + 1;
        }
    }
}

struct tree *tree_child(const struct tree *node, const char *name)
{
    if (node == NULL)
        return NULL;
    for (struct tree *child = node->first; child != NULL; child = child->next) {
        if (rw_text_equal(child->name, name))
            return child;
    }
    return NULL;
}

struct tree *tree_same(const struct tree *node)
{
    for (struct tree *other = node->next; other != NULL; other = other->next) {
        if (rw_text_equal(other->name, node->name))
            return other;
    }
    return NULL;
}

const char *tree_value(const struct tree *node, const char *name)
{
    const struct tree *child = tree_child(node, name);
    return child == NULL ? NULL : child->value;
}

size_t tree_count(const struct tree *node, const char *name)
{
    size_t count = 0;
    for (const struct tree *child = tree_child(node, name); child != NULL; child = tree_same(child))
        count++;
    return count;
}

struct tree *tree_extension(const struct tree *node, const char *url)
{
    if (node == NULL)
        return NULL;
    for (struct tree *child = node->first; child != NULL; child = child->next) {
        if (!rw_text_equal(child->name, "extension") &&
            !rw_text_equal(child->name, "modifierExtension"))
            continue;
        if (rw_text_equal(tree_value(child, "url"), url))
            return child;
    }
    return NULL;
}

struct tree *tree_skip(const struct tree *top, const struct tree *node)
{
    while (node != top) {
        if (node->next != NULL)
            return node->next;
        node = node->parent;
    }
    return NULL;
}

struct tree *tree_walk(const struct tree *top, const struct tree *node)
{
    return node->first != NULL ? node->first : tree_skip(top, node);
}

/* Appends "/name", with ~ and / escaped as RFC 6901 asks. */
static bool add_step(char *pointer, size_t *length, const char *name)
{
    char step[128] = "/";
    size_t used = 1;
    for (const char *at = name; *at != '\0'; at++) {
        if (used + 3 > sizeof(step))
            return false;
        if (*at == '~' || *at == '/') {
            step[used++] = '~';
            step[used++] = *at == '~' ? '0' : '1';
        } else {
            step[used++] = *at;
        }
    }
    if (*length + used >= TREE_POINTER_MAX)
        return false;
    memcpy(pointer + *length, step, used);
    *length += used;
    pointer[*length] = '\0';
    return true;
}

void tree_pointer(const struct tree *node, char ret_pointer[TREE_POINTER_MAX])
{
    const struct tree *path[TREE_DEPTH_MAX];
    size_t depth = 0;
    for (; node != NULL && node->parent != NULL && depth < TREE_DEPTH_MAX; node = node->parent)
        path[depth++] = node;
    size_t length = 0;
    ret_pointer[0] = '\0';
    while (depth-- > 0) {
        if (path[depth]->name[0] != '\0' && !add_step(ret_pointer, &length, path[depth]->name))
            return;
        if (!path[depth]->in_list)
            continue;
        char index[16];
        (void)snprintf(index, sizeof(index), "%d", path[depth]->index); /* always fits */
        if (!add_step(ret_pointer, &length, index))
            return;
    }
}

bool tree_pointer_text(const struct tree *node, struct rw_arena *arena, const char **ret_pointer,
                       struct rw_error *err)
{
    char pointer[TREE_POINTER_MAX];
    tree_pointer(node, pointer);
    const char *text = rw_arena_text(arena, pointer, err);
    if (text == NULL)
        return false;
    *ret_pointer = text;
    return true;
}
