/* SPDX-License-Identifier: Apache-2.0 */
/* Reads and writes batches of dispenser events. */
#ifndef RW_CORE_JSON_EVENT_JSON_H
#define RW_CORE_JSON_EVENT_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/json/json_read.h"
#include "core/model/event.h"

/* {"events":[…]}; seq must rise by one within the batch. */
RW_MUST_USE bool event_json_write(const struct event *events, size_t count, struct rw_arena *arena,
                                  const char **ret_bytes, size_t *ret_length, struct rw_error *err);
RW_MUST_USE bool event_json_read(const char *bytes, size_t length, struct rw_arena *arena,
                                 struct event **ret_events, size_t *ret_count,
                                 struct rw_error *err);
/* The same for a batch that stands within a larger document. */
RW_MUST_USE bool event_json_read_node(const struct json *root, struct rw_arena *arena,
                                      struct event **ret_events, size_t *ret_count,
                                      struct rw_error *err);

#endif
