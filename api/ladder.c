/* SPDX-License-Identifier: Apache-2.0 */
/* Passes on alarms that nobody acknowledges, rung by rung. */
#include "api/ladder.h"

#include "api/raise.h"
#include "api/service.h"
#include "api/wall.h"
#include "core/base/log.h"
#include "db/alarms.h"

struct climbing {
    const struct service *service;
    int64_t after_ms;
    struct alarm *alarms[ALARM_SEVERITY_COUNT];
    size_t counts[ALARM_SEVERITY_COUNT];
};

/* Somebody knows where the client is: nobody needs to be called out for what was open before. */
static bool excuse(const struct scope *scope, struct rw_error *err)
{
    struct alarm *alarms = NULL;
    size_t count = 0;
    if (!alarms_excuse(scope, &alarms, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!raise_tell(scope, &alarms[i], "close", "the client is away", "alarm", err))
            return false;
    }
    return true;
}

static bool is_day(const struct climbing *climbing, const struct scope *scope, bool *ret_day,
                   struct rw_error *err)
{
    struct rw_zone *zone = NULL;
    if (!wall_zone(scope, &zone, err))
        return false;
    *ret_day = alarm_day_ms(&climbing->service->config.day, zone, scope->now_ms) == scope->now_ms;
    rw_zone_close(zone);
    return true;
}

static bool pass_on(const struct scope *scope, struct climbing *climbing,
                    enum alarm_severity severity, struct rw_error *err)
{
    static const char *const topics[ALARM_RUNGS_MAX] = { "escalation-1", "escalation-2",
                                                         "escalation-3" };
    const struct alarms_climb climb = { .after_ms = climbing->after_ms, .severity = severity };
    struct alarm **alarms = &climbing->alarms[severity];
    size_t *count = &climbing->counts[severity];
    bool may = false;
    if (!alarms_may_climb(scope, &climb, &may, err) ||
        (may && severity == ALARM_DAY && !is_day(climbing, scope, &may, err)))
        return false;
    if (!may)
        return true;
    if (!alarms_escalate(scope, &climb, alarms, count, err))
        return false;
    for (size_t i = 0; i < *count; i++) {
        const char *topic = topics[(*alarms)[i].rung - 1];
        if (!raise_tell(scope, &(*alarms)[i], "escalate", topic, topic, err))
            return false;
    }
    return true;
}

static bool climb(void *self, const struct scope *scope, struct rw_error *err)
{
    struct climbing *climbing = self;
    for (int severity = 0; severity < ALARM_SEVERITY_COUNT; severity++)
        climbing->counts[severity] = 0;
    if (!excuse(scope, err))
        return false;
    for (int severity = 0; climbing->after_ms > 0 && severity < ALARM_SEVERITY_COUNT; severity++) {
        if (!pass_on(scope, climbing, (enum alarm_severity)severity, err))
            return false;
    }
    return true;
}

/* Behind the last rung there is nobody left to tell but who watches the log. */
static void log_unanswered(const struct service *service, const struct alarm *alarm)
{
    const struct rw_log_field fields[] = { { "alarm", alarm->id },
                                           { "type", alarm_type_word(alarm->type) },
                                           { "dispenser", alarm->dispenser },
                                           { 0 } };
    if (alarm->rung == ALARM_RUNGS_MAX)
        rw_log(&service->clock, RW_LOG_FAULT, "alarm-unanswered", fields);
}

bool ladder_climb(struct service *service, int64_t after_ms, struct rw_arena *arena,
                  struct rw_error *err)
{
    struct climbing climbing = { .service = service, .after_ms = after_ms };
    const struct scope who = service_self(service, arena);
    const struct service_work work = { &climbing, climb };
    if (!service_transact(service, &who, &work, err))
        return false;
    for (int severity = 0; severity < ALARM_SEVERITY_COUNT; severity++) {
        for (size_t i = 0; i < climbing.counts[severity]; i++)
            log_unanswered(service, &climbing.alarms[severity][i]);
    }
    return true;
}
