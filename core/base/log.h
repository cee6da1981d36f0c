/* SPDX-License-Identifier: Apache-2.0 */
/* Writes one JSON line per event to standard error, for shells. */
#ifndef RW_CORE_BASE_LOG_H
#define RW_CORE_BASE_LOG_H

#include <stdint.h>

#include "core/base/clock.h"

/* One "key":"value" of a log line. Ids only: never a name, a birth date or a secret. */
struct rw_log_field {
    const char *key;
    const char *text;
};

enum rw_log_level { RW_LOG_DEBUG, RW_LOG_NOTE, RW_LOG_WARN, RW_LOG_FAULT, RW_LOG_LEVEL_COUNT };

/* {"at":"…Z","level":"note","event":"roll-released","roll":"…"} in one write. A level below the
 * one set is left out; the start level is RW_LOG_NOTE. `fields` ends with a NULL key or is NULL. */
void rw_log(const struct rw_clock *clock, enum rw_log_level level, const char *event,
            const struct rw_log_field *fields);
void rw_log_level_set(enum rw_log_level level);

#endif
