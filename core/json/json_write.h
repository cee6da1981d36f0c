/* SPDX-License-Identifier: Apache-2.0 */
/* Writes JSON into a text under construction, member by member. */
#ifndef RW_CORE_JSON_JSON_WRITE_H
#define RW_CORE_JSON_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/text.h"

#define JSON_WRITE_DEPTH_MAX 32

/* Compact, members in the order written, no spaces: the same calls give the same bytes. Failures
 * are the text's sticky failure. `name` is NULL inside a list and at the root. */
struct json_writer {
    struct rw_text *text;
    uint32_t depth;
    bool filled[JSON_WRITE_DEPTH_MAX]; /* something stands before in this object or list */
};

void json_write_init(struct json_writer *writer, struct rw_text *text);
void json_write_object(struct json_writer *writer, const char *name);
void json_write_object_end(struct json_writer *writer);
void json_write_list(struct json_writer *writer, const char *name);
void json_write_list_end(struct json_writer *writer);
/* A NULL text is written as null. */
void json_write_text(struct json_writer *writer, const char *name, const char *text);
void json_write_int(struct json_writer *writer, const char *name, int64_t number);
/* thousandths as a decimal number: 1500 -> 1.5 */
void json_write_milli(struct json_writer *writer, const char *name, int64_t milli);
void json_write_bool(struct json_writer *writer, const char *name, bool truth);
void json_write_null(struct json_writer *writer, const char *name);
/* Ready JSON text, written as it is. */
void json_write_raw(struct json_writer *writer, const char *name, const char *json);

#endif
