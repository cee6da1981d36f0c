/* SPDX-License-Identifier: Apache-2.0 */
/* Copies jansson's tree into nodes of our own; the door to jansson. */

/* Both sides name their kinds of values alike: theirs get a longer name. */
#define JSON_OBJECT JANSSON_OBJECT
#define JSON_ARRAY JANSSON_ARRAY
#define JSON_STRING JANSSON_STRING
#define JSON_INTEGER JANSSON_INTEGER
#define JSON_REAL JANSSON_REAL
#define JSON_TRUE JANSSON_TRUE
#define JSON_FALSE JANSSON_FALSE
#define JSON_NULL JANSSON_NULL
#include <jansson.h>
#undef JSON_OBJECT
#undef JSON_ARRAY
#undef JSON_STRING
#undef JSON_INTEGER
#undef JSON_REAL
#undef JSON_TRUE
#undef JSON_FALSE
#undef JSON_NULL

#include "core/json/json_read.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define JSON_NUMBER_MAX 32 /* "-1.23456789012345e-308" and its NUL */

/* One object or list whose children are being copied. */
struct level {
    json_t *source;
    struct json *node;
    struct json *last; /* the child copied last */
    void *iterator;    /* objects: the member to copy next */
    size_t next;       /* lists: the index to copy next */
};

/* The containers on the way to the value being copied: a stack, so that nothing is recursive. */
struct copy {
    struct rw_arena *arena;
    struct level levels[JSON_DEPTH_MAX];
    size_t depth;
    size_t nodes;
};

static const char *number_text(struct rw_arena *arena, const json_t *number, struct rw_error *err)
{
    if (json_typeof(number) == JANSSON_INTEGER)
        return rw_arena_format(arena, err, "%" JSON_INTEGER_FORMAT, json_integer_value(number));
    /* 15 digits are those that a double always gives back as they were written. */
    char text[JSON_NUMBER_MAX];
    (void)snprintf(text, sizeof text, "%.15g", json_real_value(number));
    return rw_arena_text(arena, text, err);
}

/* Kind and value; the children of a container follow later. */
static bool fill(struct json *node, const json_t *source, struct rw_arena *arena,
                 struct rw_error *err)
{
    switch (json_typeof(source)) {
    case JANSSON_OBJECT:
        node->kind = JSON_OBJECT;
        return true;
    case JANSSON_ARRAY:
        node->kind = JSON_LIST;
        return true;
    case JANSSON_STRING:
        node->kind = JSON_TEXT;
        node->text =
            rw_arena_text_n(arena, json_string_value(source), json_string_length(source), err);
        return node->text != NULL;
    case JANSSON_INTEGER:
    case JANSSON_REAL:
        node->kind = JSON_NUMBER;
        node->text = number_text(arena, source, err);
        return node->text != NULL;
    case JANSSON_TRUE:
    case JANSSON_FALSE:
        node->kind = JSON_BOOL;
        node->truth = json_typeof(source) == JANSSON_TRUE;
        return true;
    case JANSSON_NULL:
        node->kind = JSON_NULL;
        return true;
    }
    assert(false);
    return false;
}

static bool is_container(const struct json *node)
{
    return node->kind == JSON_OBJECT || node->kind == JSON_LIST;
}

static bool enter(struct copy *copy, json_t *source, struct json *node, struct rw_error *err)
{
    if (copy->depth == JSON_DEPTH_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "objects and lists are nested deeper than %d",
                            JSON_DEPTH_MAX);
    copy->levels[copy->depth++] = (struct level){
        .source = source,
        .node = node,
        .iterator = node->kind == JSON_OBJECT ? json_object_iter(source) : NULL,
    };
    return true;
}

/* The next child of this level, or NULL; `ret_name` only for members. */
static json_t *next_child(struct level *level, const char **ret_name)
{
    *ret_name = NULL;
    if (level->node->kind == JSON_LIST)
        return json_array_get(level->source, level->next++);
    if (level->iterator == NULL)
        return NULL;
    *ret_name = json_object_iter_key(level->iterator);
    json_t *child = json_object_iter_value(level->iterator);
    level->iterator = json_object_iter_next(level->source, level->iterator);
    return child;
}

static struct json *add_node(struct copy *copy, const json_t *source, struct rw_error *err)
{
    if (++copy->nodes > JSON_NODES_MAX) {
        (void)rw_error_set(err, RW_TOO_LARGE, "", "the document has more than %d values",
                           JSON_NODES_MAX);
        return NULL;
    }
    struct json *node = rw_arena_alloc(copy->arena, sizeof *node, err);
    return node != NULL && fill(node, source, copy->arena, err) ? node : NULL;
}

static void append(struct level *level, struct json *child)
{
    child->parent = level->node;
    child->index = level->node->count++;
    if (level->last == NULL)
        level->node->first = child;
    else
        level->last->next = child;
    level->last = child;
}

/* Copies one child of the innermost container, or leaves the container. */
static bool copy_step(struct copy *copy, struct rw_error *err)
{
    struct level *level = &copy->levels[copy->depth - 1];
    const char *name;
    json_t *source = next_child(level, &name);
    if (source == NULL) {
        copy->depth--;
        return true;
    }
    struct json *child = add_node(copy, source, err);
    if (child == NULL)
        return false;
    if (name != NULL && (child->name = rw_arena_text(copy->arena, name, err)) == NULL)
        return false;
    append(level, child);
    return !is_container(child) || enter(copy, source, child, err);
}

static bool copy_tree(struct rw_arena *arena, json_t *source, const struct json **ret_root,
                      struct rw_error *err)
{
    struct copy copy = { .arena = arena };
    struct json *root = add_node(&copy, source, err);
    if (root == NULL || (is_container(root) && !enter(&copy, source, root, err)))
        return false;
    while (copy.depth > 0) {
        if (!copy_step(&copy, err))
            return false;
    }
    *ret_root = root;
    return true;
}

bool json_parse(struct rw_arena *arena, const char *bytes, size_t length,
                const struct json **ret_root, struct rw_error *err)
{
    json_error_t fault;
    json_t *source = json_loadb(bytes, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &fault);
    if (source == NULL)
        return rw_error_set(err, RW_INVALID, "", "no JSON: %s at line %d, column %d", fault.text,
                            fault.line, fault.column);
    bool done = copy_tree(arena, source, ret_root, err);
    json_decref(source);
    return done;
}
