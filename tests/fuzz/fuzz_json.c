/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes give what jansson gives, and members are found again. */

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

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/json/json_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* The next node in document order; NULL after the last. */
static const struct json *following(const struct json *node)
{
    if (node->first != NULL)
        return node->first;
    while (node != NULL && node->next == NULL)
        node = node->parent;
    return node == NULL ? NULL : node->next;
}

static void check_node(const struct json *node)
{
    char pointer[JSON_POINTER_MAX];
    json_pointer(node, pointer);
    if (node->parent == NULL)
        return;
    if (node->parent->kind == JSON_OBJECT)
        assert(json_member(node->parent, node->name) == node);
    else
        assert(json_at(node->parent, node->index) == node);
    assert(node->index >= 0 && node->index < node->parent->count);
}

/* A whole number is the same; another has the digits of the text, so both round to one double. */
static void check_number(const struct json *node, const json_t *judge)
{
    char text[64];
    assert(node->kind == JSON_NUMBER);
    (void)snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(judge));
    if (json_typeof(judge) == JANSSON_INTEGER)
        assert(strcmp(node->text, text) == 0);
    else
        assert(strtod(node->text, NULL) == json_real_value(judge));
}

/* The same kind and value; of a container the number of children. */
static void compare_node(const struct json *node, const json_t *judge)
{
    switch (json_typeof(judge)) {
    case JANSSON_OBJECT:
        assert(node->kind == JSON_OBJECT && (size_t)node->count == json_object_size(judge));
        return;
    case JANSSON_ARRAY:
        assert(node->kind == JSON_LIST && (size_t)node->count == json_array_size(judge));
        return;
    case JANSSON_STRING:
        assert(node->kind == JSON_TEXT && strcmp(node->text, json_string_value(judge)) == 0);
        return;
    case JANSSON_INTEGER:
    case JANSSON_REAL:
        check_number(node, judge);
        return;
    case JANSSON_TRUE:
    case JANSSON_FALSE:
        assert(node->kind == JSON_BOOL && node->truth == (json_typeof(judge) == JANSSON_TRUE));
        return;
    case JANSSON_NULL:
        assert(node->kind == JSON_NULL);
        return;
    }
    assert(0);
}

/* What the judge holds at the place of a node, whose parent's counterpart is known. */
static json_t *counterpart(const struct json *node, const json_t *parent)
{
    return node->name != NULL ? json_object_get(parent, node->name)
                              : json_array_get(parent, (size_t)node->index);
}

static void compare_tree(const struct json *root, json_t *judge)
{
    json_t *judges[JSON_DEPTH_MAX + 1] = { judge };
    size_t depth = 0;
    for (const struct json *node = root; node != NULL; node = following(node)) {
        depth = 0;
        for (const struct json *above = node->parent; above != NULL; above = above->parent)
            depth++;
        if (depth > 0)
            judges[depth] = counterpart(node, judges[depth - 1]);
        assert(judges[depth] != NULL);
        compare_node(node, judges[depth]);
        check_node(node);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct rw_arena *arena = rw_arena_open(8 * RW_ARENA_MIB);
    struct rw_error err = { 0 };
    const struct json *root = NULL;
    json_t *judge =
        json_loadb((const char *)bytes, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
    if (json_parse(arena, (const char *)bytes, length, &root, &err)) {
        assert(judge != NULL);
        compare_tree(root, judge);
    } else {
        assert(err.code != RW_OK && err.text[0] != '\0');
        /* Our ceilings are lower, a NUL behind the value is jansson's end, and
         * it holds what lies between 1E308 and the largest double. */
        assert(judge == NULL || err.code != RW_INVALID || memchr(bytes, 0, length) != NULL ||
               strstr(err.text, "out of range") != NULL);
    }
    json_decref(judge);
    rw_arena_close(arena);
    return 0;
}
