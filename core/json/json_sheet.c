/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a person's settings by tables of members; tells every fault. */
#include "core/json/json_sheet.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void json_sheet_init(struct json_sheet *sheet, struct rw_arena *arena)
{
    *sheet = (struct json_sheet){ .arena = arena };
}

void json_sheet_take(struct json_sheet *sheet, const struct rw_error *fault)
{
    if (fault->code == RW_OK)
        return;
    if (!rw_arena_grow(sheet->arena, &sheet->faults, &sheet->room, sheet->count,
                       sizeof *sheet->faults, JSON_SHEET_FAULTS_MAX, NULL)) {
        sheet->lost++;
        return;
    }
    sheet->faults[sheet->count++] = *fault;
}

void json_sheet_fault(struct json_sheet *sheet, const struct json *node, const char *format, ...)
{
    char pointer[JSON_POINTER_MAX] = "";
    char text[RW_ERROR_TEXT_MAX];
    struct rw_error fault = { 0 };
    va_list words;
    va_start(words, format);
    (void)vsnprintf(text, sizeof text, format, words);
    va_end(words);
    if (node != NULL)
        json_pointer(node, pointer);
    (void)rw_error_set(&fault, RW_INVALID, pointer, "%s", text);
    json_sheet_take(sheet, &fault);
}

const struct json *json_sheet_open(struct json_sheet *sheet, const char *bytes, size_t length,
                                   const char *format)
{
    const struct json *root = NULL;
    struct rw_error fault = { 0 };
    if (json_parse(sheet->arena, bytes, length, &root, &fault) &&
        json_format_is(root, format, &fault))
        return root;
    json_sheet_take(sheet, &fault);
    return NULL;
}

static bool is_known(const struct json_sheet_member *members, const char *name)
{
    for (; members->name != NULL; members++) {
        if (strcmp(members->name, name) == 0)
            return true;
    }
    return false;
}

static void read_member(struct json_sheet *sheet, const struct json *node,
                        const struct json_sheet_member *member, void *place)
{
    struct rw_error fault = { 0 };
    bool done = true;
    switch (member->kind) {
    case JSON_SHEET_TEXT:
        done = json_text(node, member->name, (const char **)place, &fault);
        break;
    case JSON_SHEET_INT:
        done = json_int32(node, member->name, (int32_t)member->min, (int32_t)member->max,
                          (int32_t *)place, &fault);
        break;
    case JSON_SHEET_LONG:
        done = json_int(node, member->name, member->min, member->max, (int64_t *)place, &fault);
        break;
    case JSON_SHEET_TRUTH:
        done = json_bool_or(node, member->name, false, (bool *)place, &fault);
        break;
    case JSON_SHEET_OTHER:
        break;
    }
    if (!done)
        json_sheet_take(sheet, &fault);
}

void json_sheet_read(struct json_sheet *sheet, const struct json *node,
                     const struct json_sheet_member *members, void *target)
{
    if (node == NULL || node->kind != JSON_OBJECT) {
        json_sheet_fault(sheet, node, "an object is expected");
        return;
    }
    for (const struct json *child = node->first; child != NULL; child = child->next) {
        if (!is_known(members, child->name))
            json_sheet_fault(sheet, child, "\"%.64s\" has no meaning here", child->name);
    }
    for (; members->name != NULL; members++) {
        const struct json *child = json_member(node, members->name);
        const bool there = child != NULL && child->kind != JSON_NULL;
        if (there)
            read_member(sheet, node, members,
                        target != NULL ? (char *)target + members->offset : NULL);
        else if (members->needed)
            json_sheet_fault(sheet, node, "\"%s\" is missing", members->name);
    }
}

bool json_sheet_end(const struct json_sheet *sheet, struct rw_error *err)
{
    if (sheet->count > 0)
        return rw_error_set(err, sheet->faults[0].code, sheet->faults[0].at, "%s",
                            sheet->faults[0].text);
    return sheet->lost == 0 ||
           rw_error_set(err, RW_NO_MEMORY, "", "no memory to tell what is wrong");
}
