/* SPDX-License-Identifier: Apache-2.0 */
/* Writes what fails to the log once, then how often it came again. */
#include "api/complaint.h"

#include <inttypes.h>
#include <stdio.h>

#include "api/repeats.h"
#include "api/service.h"

void complaint_log(struct service *service, enum rw_log_level level, const char *event,
                   const struct rw_error *err, const char *route)
{
    char key[REPEATS_KEY_MAX];
    const char *counted = NULL;
    (void)snprintf(key, sizeof key, "%s%s%s%s%s", event, err ? " " : "",
                   err ? rw_error_id(err->code) : "", route ? " " : "", route ? route : "");
    if (!repeats_add(service->complaints, key, rw_clock_monotonic_ms(&service->clock), &counted))
        return;
    const struct rw_log_field fields[] = {
        { err ? "code" : NULL, err ? rw_error_id(err->code) : NULL },
        { "detail", err ? err->text : NULL },
        { route ? "route" : NULL, route },
        { 0 },
    };
    rw_log(&service->clock, level, event, fields);
}

void complaint_count(struct service *service, int64_t monotonic_ms)
{
    struct repeats_row rows[REPEATS_ROWS_MAX];
    size_t count = repeats_take(service->complaints, monotonic_ms, rows);
    for (size_t i = 0; i < count; i++) {
        char times[24];
        (void)snprintf(times, sizeof times, "%" PRId64, rows[i].count);
        const struct rw_log_field fields[] = { { "line", rows[i].key }, { "times", times }, { 0 } };
        rw_log(&service->clock, RW_LOG_WARN, "line-repeated", fields);
    }
}
