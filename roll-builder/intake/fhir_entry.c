/* SPDX-License-Identifier: Apache-2.0 */
/* What a Bundle asks to be done with its resource. */
#include "roll-builder/intake/fhir_entry.h"

#include <string.h>

#include "core/base/text.h"

static bool is_delete(const struct tree *node)
{
    return node->parent != NULL && node->parent->parent != NULL &&
           strcmp(node->name, "method") == 0 && strcmp(node->parent->name, "request") == 0 &&
           rw_text_equal(node->value, "DELETE");
}

/* Entries stand in Bundles alone. */
static const struct tree *step(const struct tree *root, const struct tree *node)
{
    const bool is_other = node->resource != NULL && strcmp(node->resource, "Bundle") != 0;
    return is_other ? tree_skip(root, node) : tree_walk(root, node);
}

bool fhir_entry_deletes_find(const struct tree *root, struct rw_arena *arena,
                             struct fhir_entry_deletes *ret_deletes, struct rw_error *err)
{
    for (const struct tree *node = root; node != NULL; node = step(root, node)) {
        if (!is_delete(node))
            continue;
        if (!rw_arena_grow(arena, &ret_deletes->entries, &ret_deletes->room, ret_deletes->count,
                           sizeof(*ret_deletes->entries), FHIR_ENTRY_DELETES_MAX, err))
            return false;
        ret_deletes->entries[ret_deletes->count++] = node->parent->parent;
    }
    return true;
}

/* Does the URL end in "MedicationRequest/17"? */
static bool names(const char *url, const struct tree *resource)
{
    const char *id = tree_value(resource, "id");
    if (url == NULL || id == NULL)
        return false;
    const size_t type = strlen(resource->resource);
    const size_t length = type + 1 + strlen(id);
    if (strlen(url) < length)
        return false;
    const char *tail = url + strlen(url) - length;
    return (tail == url || tail[-1] == '/') && strncmp(tail, resource->resource, type) == 0 &&
           tail[type] == '/' && strcmp(tail + type + 1, id) == 0;
}

static bool is_of(const struct tree *entry, const struct tree *resource)
{
    const char *url = tree_value(entry, "fullUrl");
    return names(tree_value(tree_child(entry, "request"), "url"), resource) ||
           (url != NULL && rw_text_equal(url, tree_value(resource->parent, "fullUrl")));
}

/* Entries of one list: does `entry` stand behind `other`? */
static bool is_behind(const struct tree *entry, const struct tree *other)
{
    return entry->index > other->index;
}

const struct tree *fhir_entry_withdrawal(const struct fhir_entry_deletes *deletes,
                                         const struct tree *resource)
{
    const struct tree *own = resource->parent;
    if (own == NULL || own->parent == NULL || strcmp(resource->name, "resource") != 0)
        return NULL;
    const struct tree *method = tree_child(tree_child(own, "request"), "method");
    const char *word = method == NULL ? NULL : method->value;
    if (rw_text_equal(word, "GET") || rw_text_equal(word, "HEAD"))
        return method;
    const bool is_history = rw_text_equal(tree_value(own->parent, "type"), "history");
    for (size_t i = 0; i < deletes->count; i++) {
        const struct tree *entry = deletes->entries[i];
        if (entry == own || (entry->parent == own->parent && is_of(entry, resource) &&
                             !(is_history && is_behind(entry, own))))
            return tree_child(tree_child(entry, "request"), "method");
    }
    return NULL;
}
