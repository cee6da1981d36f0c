/* SPDX-License-Identifier: Apache-2.0 */
/* One view over FHIR written as JSON and FHIR written as XML. */
#ifndef RW_ROLL_BUILDER_INTAKE_TREE_H
#define RW_ROLL_BUILDER_INTAKE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/json/json_read.h"

#define TREE_POINTER_MAX 512 /* bytes of a JSON pointer, its NUL included */

/* How the value of a primitive was written. */
enum tree_form {
    TREE_NONE, /* no value: a complex element, or one that carries extensions alone */
    TREE_TEXT,
    TREE_NUMBER,
    TREE_BOOL,
    TREE_ANY, /* an XML attribute, which may be of any type */
    TREE_LIST /* a list within a list, or a member that FHIR does not write as a list or value */
};

/* An element. A JSON list "x": [a, b] gives two children named x; the member "_x" is merged into
 * them. `resource` is the type of a resource ("Bundle"), else NULL. In XML the element that
 * only wraps a resource (<resource><Patient>…) is merged with it. */
struct tree {
    const char *name;
    const char *resource;
    const char *value; /* NULL when the element has none */
    enum tree_form form;
    bool from_xml; /* of the root: what the whole tree was read from */
    bool in_list;
    int32_t index; /* place in its list */
    int32_t type;  /* written by fhir_check alone */
    struct tree *parent;
    struct tree *first;
    struct tree *last;
    struct tree *next;
};

/* A new last child. */
RW_MUST_USE struct tree *tree_add(struct tree *parent, const char *name, struct rw_arena *arena,
                                  struct rw_error *err);
RW_MUST_USE bool tree_from_json(const struct json *root, struct rw_arena *arena,
                                struct tree **ret_root, struct rw_error *err);
/* Numbers the elements that FHIR writes as lists, for a tree that came from XML. */
void tree_number_lists(struct tree *root);

/* NULL-safe. */
struct tree *tree_child(const struct tree *node, const char *name);
/* The next sibling of the same name. */
struct tree *tree_same(const struct tree *node);
/* The value of a child; NULL when it is absent. */
const char *tree_value(const struct tree *node, const char *name);
size_t tree_count(const struct tree *node, const char *name);
/* The first child "extension" or "modifierExtension" with this url. */
struct tree *tree_extension(const struct tree *node, const char *url);
/* The next element of a walk through everything below `top`, parents first; NULL at the end. */
struct tree *tree_walk(const struct tree *top, const struct tree *node);
/* The same, without what lies below `node`. */
struct tree *tree_skip(const struct tree *top, const struct tree *node);

/* RFC 6901; cut at the front of an element when it would be too long. */
void tree_pointer(const struct tree *node, char ret_pointer[TREE_POINTER_MAX]);
RW_MUST_USE bool tree_pointer_text(const struct tree *node, struct rw_arena *arena,
                                   const char **ret_pointer, struct rw_error *err);

#endif
