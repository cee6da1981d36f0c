/* SPDX-License-Identifier: Apache-2.0 */
/* Signs a schedule, stores it and says that it is there. */
#include "api/publication.h"

#include <string.h>

#include "api/key_files.h"
#include "api/service.h"
#include "core/base/text.h"
#include "core/json/json_write.h"
#include "core/json/schedule_json.h"
#include "core/json/schedule_keys.h"
#include "db/events.h"
#include "db/outbox.h"
#include "db/pauses.h"

#define MINUTE_MS INT64_C(60000)
#define MESSAGE_MAX 1000
#define PAST_PAUSES_MS \
    INT64_C(86400000) /* bags of a pause that ended must not be handed out late */

static bool watch_moments(const struct scope *scope, const struct schedule *schedule,
                          struct rw_error *err)
{
    for (size_t i = 0; i < schedule->bag_count; i++) {
        const struct schedule_bag *bag = &schedule->bags[i];
        char at[RW_ZONE_STAMP_MAX];
        rw_stamp_write(bag->at, at);
        const struct events_moment moment = {
            .dispenser_id = schedule->dispenser,
            .roll = schedule->roll,
            .n = bag->n,
            .serial = bag->serial,
            .at = at,
            .alarm_ms = (rw_stamp_utc_minute(bag->at) + schedule->alarm_after_min) * MINUTE_MS,
            .leaves_ms = schedule_leaves_ms(bag),
        };
        if (!events_insert_moment(scope, &moment, err))
            return false;
    }
    return true;
}

static bool tell_others(const struct scope *scope, const struct schedule *schedule,
                        struct rw_error *err)
{
    struct rw_text text;
    struct json_writer writer;
    const char *payload = NULL;
    rw_text_init(&text, scope->arena, MESSAGE_MAX);
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    json_write_text(&writer, "dispenser", schedule->dispenser);
    json_write_int(&writer, "version", schedule->version);
    json_write_text(&writer, "roll", schedule->roll);
    json_write_object_end(&writer);
    return rw_text_finish(&text, &payload, err) && outbox_insert(scope, "schedule", payload, err);
}

/* What goes along on a day away may leave now. What may not any more stays as it was said before:
 * it may have left while that held. */
static bool let_leave(const struct scope *scope, const struct schedule *schedule,
                      const struct schedule *part, struct rw_error *err)
{
    for (size_t i = 0; part && i < part->bag_count; i++) {
        const struct schedule_bag *bag = &part->bags[i];
        if (bag->early && !events_set_leaves(scope, schedule->dispenser, bag->serial,
                                             schedule_leaves_ms(bag), err))
            return false;
    }
    return true;
}

static bool set_moments(const struct scope *scope, const struct schedule *schedule,
                        enum publication_moments moments, struct rw_error *err)
{
    switch (moments) {
    case PUBLICATION_NEW:
        return events_end_moments(scope, schedule->dispenser, schedule->before, err) &&
               watch_moments(scope, schedule, err);
    case PUBLICATION_SAME:
        return let_leave(scope, schedule, schedule->before, err) &&
               let_leave(scope, schedule, schedule, err);
    case PUBLICATION_ENDED:
        return events_end_moments(scope, schedule->dispenser, NULL, err);
    }
    return false;
}

static struct schedule_pause pause_of(const struct pauses_row *row, const struct rw_zone *zone)
{
    int64_t until_ms = row->until_ms;
    if (row->ended_ms > 0 && (until_ms == PAUSES_OPEN || row->ended_ms < until_ms))
        until_ms = row->ended_ms;
    return (struct schedule_pause){ .from = rw_zone_at(zone, row->from_ms / MINUTE_MS),
                                    .until = rw_zone_at(zone, until_ms / MINUTE_MS),
                                    .open = until_ms == PAUSES_OPEN };
}

/* What the dispenser has to know of the client's absences, as they stand now. */
static bool add_pauses(const struct scope *scope, struct schedule *schedule, struct rw_error *err)
{
    struct pauses_list list;
    struct rw_zone *zone = NULL;
    schedule->pause_count = 0;
    if (!pauses_after(scope, schedule->client, scope->now_ms - PAST_PAUSES_MS, SCHEDULE_PAUSES_MAX,
                      &list, err))
        return false;
    if (list.count == 0)
        return true;
    schedule->pauses = rw_arena_array(scope->arena, list.count, sizeof *schedule->pauses, err);
    if (!schedule->pauses || !rw_zone_open(schedule->zone, &zone, err))
        return false;
    for (size_t i = 0; i < list.count; i++)
        schedule->pauses[schedule->pause_count++] = pause_of(&list.rows[i], zone);
    rw_zone_close(zone);
    return true;
}

bool publication_store(struct service *service, const struct scope *scope,
                       struct schedule *schedule, struct dispensers_row *dispenser,
                       enum publication_moments moments, struct rw_error *err)
{
    schedule->version = (int32_t)dispenser->version + 1;
    const char *payload = NULL;
    size_t length = 0;
    struct dispensers_schedule kept = { .dispenser_id = schedule->dispenser,
                                        .version = schedule->version,
                                        .roll = schedule->roll,
                                        .roll_version = schedule->roll_version };
    if (!add_pauses(scope, schedule, err) ||
        !schedule_json_write(schedule, scope->arena, &payload, &length, err) ||
        !key_files_sign(&key_files_schedule, service->secrets.folder, scope->now_ms, payload,
                        PUBLICATION_TYP, scope->arena, &kept.bytes, err))
        return false;
    kept.length = strlen(kept.bytes);
    if (kept.length > SCHEDULE_BYTES_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "the schedule has more than %d bytes",
                            SCHEDULE_BYTES_MAX);
    dispenser->version = schedule->version;
    return dispensers_insert_schedule(scope, &kept, err) &&
           dispensers_update(scope, dispenser, err) && set_moments(scope, schedule, moments, err) &&
           dispensers_announce(scope, schedule->dispenser, schedule->version, err) &&
           tell_others(scope, schedule, err);
}

bool publication_read(struct service *service, const struct scope *scope, const char *dispenser_id,
                      struct schedule **ret_schedule, struct rw_error *err)
{
    struct dispensers_schedule kept;
    struct keyring keys;
    const char *payload = NULL;
    size_t length = 0;
    *ret_schedule = NULL;
    if (!dispensers_find_schedule(scope, dispenser_id, &kept, err))
        return false;
    return !kept.bytes || (key_files_list(&key_files_schedule, service->secrets.folder,
                                          scope->arena, &keys, err) &&
                           schedule_keys_check(&keys, kept.bytes, kept.length, 0, scope->arena,
                                               &payload, &length, err) &&
                           schedule_json_read(payload, length, scope->arena, ret_schedule, err));
}

bool publication_open(struct service *service, const struct scope *scope, const char *dispenser_id,
                      struct schedule **ret_schedule, struct rw_error *err)
{
    struct dispensers_row locked;
    return dispensers_get(scope, dispenser_id, &locked, err) &&
           publication_read(service, scope, dispenser_id, ret_schedule, err);
}
