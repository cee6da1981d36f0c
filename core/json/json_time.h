/* SPDX-License-Identifier: Apache-2.0 */
/* Reads and writes times, days and serials as members of documents. */
#ifndef RW_CORE_JSON_JSON_TIME_H
#define RW_CORE_JSON_JSON_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/json/json_read.h"
#include "core/json/json_write.h"

/* Like the typed access of json_read.h: the member must be there and be such a text, else
 * RW_INVALID at its pointer. */
RW_MUST_USE bool json_time_stamp(const struct json *node, const char *name,
                                 struct rw_stamp *ret_stamp, struct rw_error *err);
RW_MUST_USE bool json_time_day(const struct json *node, const char *name, int32_t *ret_day,
                               struct rw_error *err);
RW_MUST_USE bool json_time_utc(const struct json *node, const char *name, int64_t *ret_utc_ms,
                               struct rw_error *err);
/* `ret_text` is the text as written, proven to be a planned time or an instant. */
RW_MUST_USE bool json_time_stamp_text(const struct json *node, const char *name,
                                      const char **ret_text, struct rw_error *err);
RW_MUST_USE bool json_time_utc_text(const struct json *node, const char *name,
                                    const char **ret_text, struct rw_error *err);
/* Exactly `count` decimal digits. */
RW_MUST_USE bool json_time_digits(const struct json *node, const char *name, size_t count,
                                  const char **ret_text, struct rw_error *err);

void json_time_write_stamp(struct json_writer *writer, const char *name, struct rw_stamp stamp);
void json_time_write_day(struct json_writer *writer, const char *name, int32_t day);
void json_time_write_utc(struct json_writer *writer, const char *name, int64_t utc_ms);

#endif
