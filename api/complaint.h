/* SPDX-License-Identifier: Apache-2.0 */
/* Writes what fails to the log once, then how often it came again. */
#ifndef RW_API_COMPLAINT_H
#define RW_API_COMPLAINT_H

#include <stdint.h>

#include "core/base/error.h"
#include "core/base/log.h"

struct service;

/* At once where it is the first of its event, code and route within a minute. More are counted, so
 * that a night without a database fills no disk. `err` and `route` may be NULL. Thread-safe. */
void complaint_log(struct service *service, enum rw_log_level level, const char *event,
                   const struct rw_error *err, const char *route);
/* How many followed the first within the minutes that are over at this monotonic time; INT64_MAX:
 * within all. One line `line-repeated` each. */
void complaint_count(struct service *service, int64_t monotonic_ms);

#endif
