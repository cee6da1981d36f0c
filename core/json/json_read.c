/* SPDX-License-Identifier: Apache-2.0 */
/* Reads JSON text into a tree of nodes. */
#include "core/json/json_read.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/json/json_scan.h"

#define JSON_NUMBER_MAX 32 /* "-1.23456789012345e-308" and its NUL */
#define COMPARED_MEMBERS_MAX                                            \
    16 /* more are sorted: comparing each with each would take too long \
        */

/* An object or list that is not closed yet. */
struct level {
    struct json *node;
    struct json *last; /* the child read last */
};

/* The containers around the value in hand: a stack, so that nothing is recursive. */
struct reading {
    struct json_scan scan;
    struct rw_arena *arena;
    struct level levels[JSON_DEPTH_MAX];
    size_t depth;
    size_t nodes;
};

static int compare_names(const void *left, const void *right)
{
    const char *const *one = left;
    const char *const *two = right;
    return strcmp(*one, *two);
}

/* Two members of the object with one name; NULL when there are none. */
static bool find_twin(const struct json *node, struct rw_arena *arena, const char **ret_name,
                      struct rw_error *err)
{
    *ret_name = NULL;
    if (node->count <= COMPARED_MEMBERS_MAX) {
        for (const struct json *one = node->first; one != NULL; one = one->next) {
            for (const struct json *other = one->next; other != NULL; other = other->next)
                if (one->name[0] == other->name[0] && strcmp(one->name, other->name) == 0)
                    *ret_name = one->name;
        }
        return true;
    }
    const char **names = rw_arena_array(arena, (size_t)node->count, sizeof *names, err);
    size_t count = 0;
    if (names == NULL)
        return false;
    for (const struct json *one = node->first; one != NULL; one = one->next)
        names[count++] = one->name;
    qsort(names, count, sizeof *names, compare_names);
    for (size_t i = 1; i < count; i++)
        if (strcmp(names[i - 1], names[i]) == 0)
            *ret_name = names[i];
    return true;
}

/* The closing bracket was passed. */
static bool leave(struct reading *reading, struct rw_error *err)
{
    const struct json *node = reading->levels[--reading->depth].node;
    const char *twin = NULL;
    if (node->kind == JSON_OBJECT && !find_twin(node, reading->arena, &twin, err))
        return false;
    return twin == NULL ||
           json_scan_refuse(&reading->scan, "an object with two members of one name ends", err);
}

static bool enter(struct reading *reading, struct json *node, struct rw_error *err)
{
    if (reading->depth == JSON_DEPTH_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "objects and lists are nested deeper than %d",
                            JSON_DEPTH_MAX);
    reading->scan.at++;
    reading->levels[reading->depth++] = (struct level){ .node = node };
    return true;
}

/* Whole numbers as written; of others the 15 digits that a double always gives back. */
static bool read_number(struct reading *reading, struct json *node, struct rw_error *err)
{
    const char *text;
    bool real;
    int64_t whole;
    if (!json_scan_number(&reading->scan, &text, &real, err))
        return false;
    if (!real) {
        if (!rw_text_to_int(text, INT64_MIN, INT64_MAX, &whole))
            return json_scan_refuse(&reading->scan, "a number out of range", err);
        node->text = whole == 0 && text[0] == '-' ? text + 1 : text;
        return true;
    }
    char rounded[JSON_NUMBER_MAX];
    const double number = strtod(text, NULL);
    if (number > DBL_MAX || number < -DBL_MAX)
        return json_scan_refuse(&reading->scan, "a number out of range", err);
    (void)snprintf(rounded, sizeof rounded, "%.15g", number);
    node->text = rw_arena_text(reading->arena, rounded, err);
    return node->text != NULL;
}

/* The value that begins here; of an object or a list its opening bracket. */
static bool read_value(struct reading *reading, struct json *node, struct rw_error *err)
{
    struct json_scan *scan = &reading->scan;
    switch (json_scan_next(scan)) {
    case '{':
        node->kind = JSON_OBJECT;
        return enter(reading, node, err);
    case '[':
        node->kind = JSON_LIST;
        return enter(reading, node, err);
    case '"':
        node->kind = JSON_TEXT;
        return json_scan_string(scan, &node->text, err);
    case 't':
    case 'f':
        node->kind = JSON_BOOL;
        node->truth = json_scan_word(scan, "true");
        return node->truth || json_scan_word(scan, "false") ||
               json_scan_refuse(scan, "no value", err);
    case 'n':
        node->kind = JSON_NULL;
        return json_scan_word(scan, "null") || json_scan_refuse(scan, "no value", err);
    default:
        node->kind = JSON_NUMBER;
        return read_number(reading, node, err);
    }
}

static struct json *add_node(struct reading *reading, struct rw_error *err)
{
    if (++reading->nodes > JSON_NODES_MAX) {
        (void)rw_error_set(err, RW_TOO_LARGE, "", "the document has more than %d values",
                           JSON_NODES_MAX);
        return NULL;
    }
    return rw_arena_alloc(reading->arena, sizeof(struct json), err);
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

static bool read_name(struct reading *reading, struct json *child, struct rw_error *err)
{
    struct json_scan *scan = &reading->scan;
    if (json_scan_next(scan) != '"')
        return json_scan_refuse(scan, "no name of a member", err);
    if (!json_scan_string(scan, &child->name, err))
        return false;
    if (json_scan_next(scan) != ':')
        return json_scan_refuse(scan, "no colon behind the name of a member", err);
    scan->at++;
    return true;
}

/* The next child of the innermost container, or its closing bracket. */
static bool read_step(struct reading *reading, struct rw_error *err)
{
    struct json_scan *scan = &reading->scan;
    struct level *level = &reading->levels[reading->depth - 1];
    const bool is_object = level->node->kind == JSON_OBJECT;
    const char next = json_scan_next(scan);
    if (next == (is_object ? '}' : ']')) {
        scan->at++;
        return leave(reading, err);
    }
    if (level->last != NULL) {
        if (next != ',')
            return json_scan_refuse(scan, "no comma and no end of the object or list", err);
        scan->at++;
    }
    struct json *child = add_node(reading, err);
    if (child == NULL || (is_object && !read_name(reading, child, err)))
        return false;
    append(level, child);
    return read_value(reading, child, err);
}

bool json_parse(struct rw_arena *arena, const char *bytes, size_t length,
                const struct json **ret_root, struct rw_error *err)
{
    struct reading reading = { .arena = arena };
    if (!json_scan_begin(&reading.scan, bytes, length, arena, err))
        return false;
    struct json *root = add_node(&reading, err);
    if (root == NULL || !read_value(&reading, root, err))
        return false;
    while (reading.depth > 0) {
        if (!read_step(&reading, err))
            return false;
    }
    (void)json_scan_next(&reading.scan);
    if (reading.scan.at != reading.scan.end)
        return json_scan_refuse(&reading.scan, "more behind the end of the value", err);
    *ret_root = root;
    return true;
}
