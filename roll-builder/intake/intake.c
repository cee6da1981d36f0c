/* SPDX-License-Identifier: Apache-2.0 */
/* Recognises an input by its content and reads its order lines. */
#include "roll-builder/intake/intake.h"

#include <string.h>

#include "core/base/text.h"
#include "core/json/json_read.h"
#include "roll-builder/intake/chmed.h"
#include "roll-builder/intake/csv_orders.h"
#include "roll-builder/intake/fhir.h"
#include "roll-builder/intake/ndjson.h"
#include "roll-builder/intake/tree.h"
#include "roll-builder/intake/xml_read.h"

struct intake_bytes {
    const char *start;
    size_t length;
};

/* The bytes that are left when a byte order mark and white space are taken away. */
static void skip_start(const char **bytes, size_t *length)
{
    if (*length >= 3 && memcmp(*bytes, "\xEF\xBB\xBF", 3) == 0) {
        *bytes += 3;
        *length -= 3;
    }
    while (*length > 0 && strchr(" \t\r\n", **bytes) != NULL && **bytes != '\0') {
        (*bytes)++;
        (*length)--;
    }
}

static bool is_utf16(const char *bytes, size_t length)
{
    return length >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0);
}

/* The first letter of a file in UTF-16; NUL when it is none, or the letter not one of ASCII. */
static char wide_start(const char *bytes, size_t length)
{
    if (!is_utf16(bytes, length) || length < 4)
        return '\0';
    return bytes[2] == '\0' ? bytes[3] : bytes[3] == '\0' ? bytes[2] : '\0';
}

/* JSON travels in UTF-8 alone (RFC 8259), and so does a table of ours. False: it may be XML. */
static bool is_too_wide(const char *bytes, size_t length, struct rw_error *err)
{
    const char first = wide_start(bytes, length);
    if (first == '\0' || strchr("< \t\r\n", first) != NULL)
        return false;
    if (strchr("{[", first) != NULL)
        return !rw_error_set(err, RW_INVALID, "", "JSON must be written in UTF-8, not in UTF-16");
    return !rw_error_set(err, RW_INVALID, "",
                         "a table must be written in UTF-8, not in UTF-16 as \"Unicode text\" is");
}

/* A line for a file that holds no order at all. */
static bool add_nothing(const char *source, const struct tree *root, struct rw_arena *arena,
                        struct order_list *list, struct rw_error *err)
{
    if (!rw_arena_grow(arena, &list->orders, &list->room, list->count, sizeof(*list->orders),
                       ORDERS_MAX, err))
        return false;
    struct order *order = &list->orders[list->count++];
    *order = (struct order){ .source = source, .pointer = "", .refused = "not-an-order" };
    order->resource = root == NULL ? NULL : root->resource;
    order->id = order->resource == NULL ? NULL : tree_value(root, "id");
    rw_diag_init(&order->findings, arena);
    rw_diag_add(&order->findings, "A14", "not-an-order", RW_BLOCKS, "",
                "the file holds no medication order");
    return true;
}

/* One document, or resources that stand behind each other, a line for each. */
static bool parse_json(struct intake_bytes bytes, struct rw_arena *arena,
                       const struct json **ret_json, struct rw_error *err)
{
    struct rw_error cause = { 0 };
    const char *text;
    size_t length;
    if (json_parse(arena, bytes.start, bytes.length, ret_json, &cause))
        return true;
    if (cause.code != RW_INVALID || !ndjson_is(bytes.start, bytes.length))
        return rw_error_set(err, cause.code, cause.at, "%s", cause.text);
    return ndjson_join(bytes.start, bytes.length, arena, &text, &length, err) &&
           json_parse(arena, text, length, ret_json, err);
}

/* FHIR, or the bare JSON of an eMediplan. Without FHIR there is no tree. */
static bool read_json(const struct fhir_file *file, struct intake_bytes bytes,
                      struct rw_arena *arena, struct order_list *list, struct tree **ret_root,
                      struct rw_error *err)
{
    const struct json *json;
    if (!parse_json(bytes, arena, &json, err))
        return false;
    if (chmed_is(json))
        return chmed_read(file->source, json, file->zone, arena, list, err);
    return tree_from_json(json, arena, ret_root, err);
}

static bool read_file(const struct fhir_file *file, struct intake_bytes bytes,
                      struct rw_arena *arena, struct order_list *list, struct rw_error *err)
{
    const char *start = bytes.start;
    size_t rest = bytes.length;
    struct tree *root = NULL;
    size_t before = list->count;
    bool done;
    skip_start(&start, &rest);
    if (rest == 0)
        return rw_error_set(err, RW_INVALID, "", "the file is empty");
    if (is_too_wide(start, rest, err))
        done = false;
    else if (is_utf16(start, rest) || start[0] == '<')
        done = xml_read(start, rest, arena, &root, err);
    else if (start[0] == '{' || start[0] == '[')
        done = read_json(file, (struct intake_bytes){ start, rest }, arena, list, &root, err);
    else if (chmed_is_wrapped(start, rest))
        done = chmed_read_wrapped(file->source, start, rest, file->zone, arena, list, err);
    else if (csv_orders_is(start, rest))
        done = csv_orders_read(file->source, start, rest, file->zone, arena, list, err);
    else
        done = rw_error_set(err, RW_INVALID, "",
                            "the file is neither FHIR (JSON or XML) nor another kind of order");
    if (!done || (root != NULL && !fhir_read(file, root, arena, list, err)))
        return false;
    return list->count > before || add_nothing(file->source, root, arena, list, err);
}

bool intake_read(const char *source, const char *bytes, size_t length, const struct rw_zone *zone,
                 struct rw_arena *arena, struct order_list *list, struct rw_error *err)
{
    const struct fhir_file file = { .source = source, .zone = zone };
    return read_file(&file, (struct intake_bytes){ bytes, length }, arena, list, err);
}

bool intake_look(const char *source, const char *bytes, size_t length, const struct rw_zone *zone,
                 struct rw_arena *arena, struct order_list *list, struct rw_error *err)
{
    const struct fhir_file file = { .source = source, .zone = zone, .heads = true };
    return read_file(&file, (struct intake_bytes){ bytes, length }, arena, list, err);
}
