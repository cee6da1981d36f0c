/* SPDX-License-Identifier: Apache-2.0 */
/* Reads JSON text into a tree of nodes. */
#include "core/json/json_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/json/json_scan.h"

#define NUMBER_ORDER_MAX 308       /* 1E308 and more is beyond what other programs can hold */
#define NUMBER_SHORT 18            /* digits that 64 bits always hold */
#define NUMBER_EXPONENT_MAX 999999 /* as written; beyond it no digits bring a number back */
#define COMPARED_MEMBERS_MAX                                            \
    16 /* more are sorted: comparing each with each would take too long \
        */

/* An object or list that is not closed yet. */
struct level {
    struct json *node;
    struct json *last; /* the child read last */
};

/* The tree while it is made, and the containers around the value in hand. */
struct reading {
    struct rw_arena *arena;
    struct rw_error *err;
    const char *fault; /* what is wrong where the walk stands; NULL = `err` says more */
    size_t passed;     /* bytes that the walk has gone on since */
    struct json *root;
    const char *name; /* of the value that follows */
    struct level levels[JSON_DEPTH_MAX];
    size_t depth;
    size_t nodes;
    bool plain; /* ASCII without an escape: so is each text in it */
};

static int compare_names(const void *left, const void *right)
{
    const char *const *one = left;
    const char *const *two = right;
    return strcmp(*one, *two);
}

/* Whether two members of the object have one name. */
static bool find_twin(const struct json *node, struct rw_arena *arena, bool *ret_twin,
                      struct rw_error *err)
{
    *ret_twin = false;
    if (node->count <= COMPARED_MEMBERS_MAX) {
        for (const struct json *one = node->first; one != NULL; one = one->next) {
            for (const struct json *other = one->next; other != NULL; other = other->next)
                if (one->name[0] == other->name[0] && strcmp(one->name, other->name) == 0)
                    *ret_twin = true;
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
            *ret_twin = true;
    return true;
}

static bool refuse(struct reading *reading, const char *fault)
{
    reading->fault = fault;
    return false;
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

/* A value of the innermost container, or the root. */
static struct json *add_node(struct reading *reading, enum json_kind kind)
{
    if (++reading->nodes > JSON_NODES_MAX) {
        (void)rw_error_set(reading->err, RW_TOO_LARGE, "",
                           "the document has more than %d values", /* NULL says so */
                           JSON_NODES_MAX);
        return NULL;
    }
    struct json *node = rw_arena_alloc(reading->arena, sizeof *node, reading->err);
    if (node == NULL)
        return NULL;
    node->kind = kind;
    node->name = reading->name;
    reading->name = NULL;
    if (reading->depth > 0)
        append(&reading->levels[reading->depth - 1], node);
    else
        reading->root = node;
    return node;
}

static bool on_open(void *self, bool is_object)
{
    struct reading *reading = self;
    struct json *node = add_node(reading, is_object ? JSON_OBJECT : JSON_LIST);
    if (node == NULL)
        return false;
    if (reading->depth == JSON_DEPTH_MAX)
        return rw_error_set(reading->err, RW_TOO_LARGE, "",
                            "objects and lists are nested deeper than %d", JSON_DEPTH_MAX);
    reading->levels[reading->depth++] = (struct level){ .node = node };
    return true;
}

static bool on_close(void *self)
{
    struct reading *reading = self;
    const struct json *node = reading->levels[--reading->depth].node;
    bool twin = false;
    if (node->kind == JSON_OBJECT && !find_twin(node, reading->arena, &twin, reading->err))
        return false;
    reading->passed = twin ? 1 : 0; /* the bracket */
    return !twin || refuse(reading, "an object ends that has two members of one name");
}

/* Half a surrogate pair that stands alone is no UTF-8 either. */
static bool check_text(struct reading *reading, const char *text, size_t length)
{
    return reading->plain || rw_text_is_utf8(text, length) ||
           refuse(reading, "a text that is no UTF-8 or has a NUL in it");
}

static bool on_name(void *self, const char *text, size_t length)
{
    struct reading *reading = self;
    reading->name = text;
    return check_text(reading, text, length);
}

static bool on_text(void *self, const char *text, size_t length)
{
    struct reading *reading = self;
    struct json *node = add_node(reading, JSON_TEXT);
    if (node == NULL)
        return false;
    node->text = text;
    return check_text(reading, text, length);
}

/* Ten to which power the first digit that is not 0 stands for; INT64_MIN when there is none. */
static bool find_order(const char *text, int64_t *ret_order)
{
    const size_t length = strcspn(text, "eE");
    const size_t lead = strcspn(text, "123456789");
    int64_t exponent = 0;
    *ret_order = INT64_MIN;
    if (lead >= length)
        return true;
    const char *written = text + length + (text[length] != '\0');
    if (*written != '\0' && !rw_text_to_int(written + (*written == '+'), -NUMBER_EXPONENT_MAX,
                                            NUMBER_EXPONENT_MAX, &exponent))
        return *written == '-';
    const size_t point = strcspn(text, ".eE");
    *ret_order = exponent + (int64_t)point - (int64_t)lead - (lead < point ? 1 : 0);
    return true;
}

/* So few digits alone are in any range. */
static bool is_short(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length && text[at] >= '0' && text[at] <= '9')
        at++;
    return at == length && length <= NUMBER_SHORT;
}

static bool is_held(const char *text)
{
    int64_t bound;
    const bool is_whole = text[strspn(text, "-0123456789")] == '\0';
    return is_whole ? rw_text_to_int(text, INT64_MIN, INT64_MAX, &bound)
                    : find_order(text, &bound) && bound < NUMBER_ORDER_MAX;
}

/* As written, to the last digit; a whole number "-0" is 0. */
static bool on_number(void *self, const char *digits, size_t length)
{
    struct reading *reading = self;
    struct json *node = add_node(reading, JSON_NUMBER);
    if (node == NULL)
        return false;
    const char *text = rw_arena_text_n(reading->arena, digits, length, reading->err);
    if (text == NULL)
        return false;
    node->text = text + (strcmp(text, "-0") == 0);
    return is_short(text, length) || is_held(text) || refuse(reading, "a number out of range");
}

static bool on_truth(void *self, bool truth)
{
    struct json *node = add_node(self, JSON_BOOL);
    if (node == NULL)
        return false;
    node->truth = truth;
    return true;
}

static bool on_nothing(void *self)
{
    return add_node(self, JSON_NULL) != NULL;
}

/* "1,5" in the place of a value: a member's name was looked for behind the comma. */
static bool is_comma_in_number(const char *bytes, size_t length, size_t offset)
{
    static const char digits[] = "0123456789";
    return offset >= 2 && offset < length && bytes[offset - 1] == ',' &&
           memchr(digits, bytes[offset - 2], sizeof digits - 1) != NULL &&
           memchr(digits, bytes[offset], sizeof digits - 1) != NULL;
}

/* "{...,}" or "[...,]": what ends here goes on behind a comma. */
static bool is_loose_comma(const char *bytes, size_t length, size_t offset)
{
    if (offset >= length || (bytes[offset] != '}' && bytes[offset] != ']'))
        return false;
    while (offset > 0 && strchr(" \t\r\n", bytes[offset - 1]) != NULL && bytes[offset - 1] != '\0')
        offset--;
    return offset > 0 && bytes[offset - 1] == ',';
}

static bool refuse_at(const char *bytes, size_t offset, const char *sentence, struct rw_error *err)
{
    size_t line = 1;
    size_t column = 1;
    for (size_t i = 0; i < offset; i++) {
        column = bytes[i] == '\n' ? 1 : column + 1;
        line += bytes[i] == '\n';
    }
    return rw_error_set(err, RW_INVALID, "", "no JSON: %s at line %zu, column %zu", sentence, line,
                        column);
}

bool json_parse(struct rw_arena *arena, const char *bytes, size_t length,
                const struct json **ret_root, struct rw_error *err)
{
    struct rw_error cause = { 0 };
    struct reading reading = { .arena = arena, .err = &cause };
    const struct json_listener listener = { &reading, on_open,   on_close, on_name,
                                            on_text,  on_number, on_truth, on_nothing };
    struct json_scan_fault fault;
    char *copy = rw_arena_alloc(arena, length + JSON_SCAN_ROOM, err);
    if (copy == NULL)
        return false;
    memcpy(copy, bytes, length);
    reading.plain = rw_text_is_ascii(bytes, length) && memchr(bytes, '\\', length) == NULL;
    if (json_scan(copy, length, &listener, &fault)) {
        *ret_root = reading.root;
        return true;
    }
    if (cause.code != RW_OK)
        return rw_error_set(err, cause.code, cause.at, "%s", cause.text);
    const char *sentence = fault.sentence != NULL ? fault.sentence : reading.fault;
    if (is_comma_in_number(bytes, length, fault.offset))
        sentence = "a decimal has a point, not a comma,";
    else if (fault.sentence != NULL && is_loose_comma(bytes, length, fault.offset))
        sentence = "a comma with nothing behind it";
    return refuse_at(bytes, fault.offset - reading.passed, sentence, err);
}
