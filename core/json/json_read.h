/* SPDX-License-Identifier: Apache-2.0 */
/* Reads JSON text into a tree of nodes. */
#ifndef RW_CORE_JSON_JSON_READ_H
#define RW_CORE_JSON_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define JSON_DEPTH_MAX 64      /* nested objects and lists */
#define JSON_NODES_MAX 8000000 /* values of one document */
#define JSON_POINTER_MAX RW_ERROR_AT_MAX

enum json_kind {
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_TEXT,
    JSON_LIST,
    JSON_OBJECT,
    JSON_KIND_COUNT
};

/* Immutable; lives in the arena it was parsed into. Children are linked in document order. */
struct json {
    enum json_kind kind;
    bool truth;
    const char *name; /* member name; NULL in a list and at the root */
    const char *text; /* JSON_TEXT: the value; JSON_NUMBER: its digits as written */
    int32_t index;    /* place in the parent */
    int32_t count;    /* children */
    const struct json *parent;
    const struct json *first;
    const struct json *next;
};

/* Duplicate member names, text that is no UTF-8, NUL in a text, bytes behind the value, whole
 * numbers beyond 64 bits and others from 1E308 on are RW_INVALID with line and column in the
 * sentence. */
RW_MUST_USE bool json_parse(struct rw_arena *arena, const char *bytes, size_t length,
                            const struct json **ret_root, struct rw_error *err);

/* NULL-safe: an absent node has no members. */
const struct json *json_member(const struct json *node, const char *name);
const struct json *json_at(const struct json *node, int32_t index);
/* The JSON pointer of a node (RFC 6901), cut at the end when it is too long. */
void json_pointer(const struct json *node, char ret_pointer[JSON_POINTER_MAX]);

/* Typed access: the member must be there and have that type, else RW_INVALID at its pointer.
 * The `_or` forms give the fallback when the member is absent or null. */
RW_MUST_USE bool json_text(const struct json *node, const char *name, const char **ret_text,
                           struct rw_error *err);
RW_MUST_USE bool json_text_or(const struct json *node, const char *name, const char *fallback,
                              const char **ret_text, struct rw_error *err);
RW_MUST_USE bool json_int(const struct json *node, const char *name, int64_t min, int64_t max,
                          int64_t *ret_number, struct rw_error *err);
RW_MUST_USE bool json_int32(const struct json *node, const char *name, int32_t min, int32_t max,
                            int32_t *ret_number, struct rw_error *err);
RW_MUST_USE bool json_int_or(const struct json *node, const char *name, int64_t min, int64_t max,
                             int64_t fallback, int64_t *ret_number, struct rw_error *err);
RW_MUST_USE bool json_bool_or(const struct json *node, const char *name, bool fallback,
                              bool *ret_truth, struct rw_error *err);
RW_MUST_USE bool json_list(const struct json *node, const char *name, const struct json **ret_list,
                           struct rw_error *err);
/* libjansson, which judges this reader in tests, has a json_object of its own. */
#define json_object json_object_member
RW_MUST_USE bool json_object(const struct json *node, const char *name,
                             const struct json **ret_object, struct rw_error *err);
/* Sets RW_INVALID at this node's pointer; always returns false. */
bool json_refuse(const struct json *node, const char *sentence, struct rw_error *err);
/* The root must be an object whose "format" is exactly this. */
RW_MUST_USE bool json_format_is(const struct json *root, const char *format, struct rw_error *err);
/* Every member of the object must be one of `names` (ends with NULL), else RW_INVALID: for
 * configuration, where an unread member would be a mistake. */
RW_MUST_USE bool json_only(const struct json *node, const char *const *names, struct rw_error *err);

#endif
