/* SPDX-License-Identifier: Apache-2.0 */
/* Writes and reads one line of a dispenser's journal. */
#ifndef RW_DISPENSER_RECORD_H
#define RW_DISPENSER_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/event.h"
#include "dispenser/loop.h"

#define RECORD_HASH_DIGITS 16 /* of SHA-256: tells a torn line, not a forged one */
#define RECORD_LINE_MAX ((size_t)64 * 1024)

/* One step: the state after it, the events it made, and how far the service has them. */
struct record {
    struct loop_state state;
    int64_t acknowledged;
    int64_t newest;             /* seq of the newest event, also when this record has none */
    const struct event *events; /* borrowed */
    size_t count;
};

/* "HASH {…}\n". */
RW_MUST_USE bool record_write(const struct record *record, struct rw_arena *arena,
                              const char **ret_line, size_t *ret_length, struct rw_error *err);
/* A line without its newline. RW_INVALID when it is torn or damaged. */
RW_MUST_USE bool record_read(const char *line, size_t length, struct rw_arena *arena,
                             struct record *ret_record, struct rw_error *err);

#endif
