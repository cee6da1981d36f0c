/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a person's settings by tables of members; tells every fault. */
#ifndef RW_CORE_JSON_JSON_SHEET_H
#define RW_CORE_JSON_JSON_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/json/json_read.h"

#define JSON_SHEET_FAULTS_MAX 256 /* told of one document; more are only counted */

/* What a member holds, and so what lies at its offset. */
enum json_sheet_kind {
    JSON_SHEET_TEXT,  /* const char * */
    JSON_SHEET_INT,   /* int32_t */
    JSON_SHEET_LONG,  /* int64_t */
    JSON_SHEET_TRUTH, /* bool */
    JSON_SHEET_OTHER  /* known, and read by other means */
};
/* One member. A list of them ends with a NULL name. An absent or null member leaves the target as
 * it was; a needed one must be there. */
struct json_sheet_member {
    const char *name;
    enum json_sheet_kind kind;
    size_t offset;
    bool needed;
    int64_t min; /* of a number */
    int64_t max;
};

/* One document on its way into the program, and all that is wrong with it. */
struct json_sheet {
    struct rw_arena *arena;
    struct rw_error *faults;
    size_t count;
    size_t room;
    size_t lost; /* beyond the ceiling, or without memory to keep them */
};

void json_sheet_init(struct json_sheet *sheet, struct rw_arena *arena);
/* The root of a document of this format; NULL, and a fault, when there is none. */
const struct json *json_sheet_open(struct json_sheet *sheet, const char *bytes, size_t length,
                                   const char *format);
/* Fills the target; each member that is unknown, absent or ill-typed is a fault of its own. */
void json_sheet_read(struct json_sheet *sheet, const struct json *node,
                     const struct json_sheet_member *members, void *target);
/* A fault at a node; the node may be NULL: the whole of it. */
void json_sheet_fault(struct json_sheet *sheet, const struct json *node, const char *format, ...)
    RW_PRINTF(3, 4);
/* Keeps what a lower function found, if it is set. */
void json_sheet_take(struct json_sheet *sheet, const struct rw_error *fault);
/* True when nothing is wrong; else the first fault. */
RW_MUST_USE bool json_sheet_end(const struct json_sheet *sheet, struct rw_error *err);

#endif
