/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a schedule as rolwacht/schedule/1. */
#include "core/json/schedule_json.h"

#include <assert.h>

#include "core/base/text.h"
#include "core/json/json_time.h"
#include "core/json/json_write.h"

/* What is left of the signed document's bytes without its signature, in base64. */
#define SCHEDULE_JSON_PAYLOAD_MAX ((SCHEDULE_BYTES_MAX - 512) / 4 * 3)

static void write_bags(struct json_writer *writer, const struct schedule *schedule)
{
    json_write_list(writer, "bags");
    for (size_t i = 0; i < schedule->bag_count; i++) {
        const struct schedule_bag *bag = &schedule->bags[i];
        json_write_object(writer, NULL);
        json_write_int(writer, "n", bag->n);
        json_write_text(writer, "serial", bag->serial);
        json_time_write_stamp(writer, "at", bag->at);
        json_time_write_stamp(writer, "opens", bag->opens);
        json_time_write_stamp(writer, "closes", bag->closes);
        json_write_bool(writer, "exact", bag->exact);
        json_write_bool(writer, "early", bag->early);
        if (bag->early_min > 0)
            json_write_int(writer, "early_min", bag->early_min);
        json_write_int(writer, "pieces", bag->pieces);
        json_write_text(writer, "tag", bag->tag);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
}

/* The part of the roll that is handed out first. */
static bool write_before(struct json_writer *writer, const struct schedule *before,
                         struct rw_arena *arena, struct rw_error *err)
{
    const char *roll_key;
    if (before == NULL)
        return true;
    if (!rw_base64url(arena, before->roll_key, sizeof before->roll_key, &roll_key, err))
        return false;
    json_write_object(writer, "before");
    json_write_text(writer, "roll", before->roll);
    json_write_int(writer, "roll_version", before->roll_version);
    json_write_text(writer, "roll_key", roll_key);
    json_write_text(writer, "media", before->media);
    json_write_int(writer, "first", before->first);
    json_write_int(writer, "last", before->last);
    write_bags(writer, before);
    json_write_object_end(writer);
    return true;
}

static void write_pauses(struct json_writer *writer, const struct schedule *schedule)
{
    if (schedule->pause_count == 0)
        return;
    json_write_list(writer, "pauses");
    for (size_t i = 0; i < schedule->pause_count; i++) {
        json_write_object(writer, NULL);
        json_time_write_stamp(writer, "from", schedule->pauses[i].from);
        if (schedule->pauses[i].open)
            json_write_null(writer, "until");
        else
            json_time_write_stamp(writer, "until", schedule->pauses[i].until);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
}

static void write_rest(struct json_writer *writer, const struct schedule *schedule)
{
    json_write_list(writer, "revoked");
    for (size_t i = 0; i < schedule->revoked_count; i++)
        json_write_text(writer, NULL, schedule->revoked[i]);
    json_write_list_end(writer);
    json_write_list(writer, "reminders");
    for (size_t i = 0; i < schedule->reminder_count; i++) {
        json_write_object(writer, NULL);
        json_time_write_stamp(writer, "at", schedule->reminders[i].at);
        json_write_text(writer, "text", schedule->reminders[i].text);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
    write_pauses(writer, schedule);
}

bool schedule_json_write(const struct schedule *schedule, struct rw_arena *arena,
                         const char **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    const struct schedule *before = schedule->before;
    assert(schedule->bag_count + (before ? before->bag_count : 0) <= SCHEDULE_BAGS_MAX);
    assert(schedule->revoked_count <= SCHEDULE_REVOKED_MAX);
    assert(schedule->reminder_count <= SCHEDULE_REMINDERS_MAX);
    assert(schedule->pause_count <= SCHEDULE_PAUSES_MAX);
    const char *roll_key;
    if (!rw_base64url(arena, schedule->roll_key, sizeof schedule->roll_key, &roll_key, err))
        return false;
    struct rw_text text;
    rw_text_init(&text, arena, SCHEDULE_JSON_PAYLOAD_MAX);
    struct json_writer writer;
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    json_write_text(&writer, "format", "rolwacht/schedule/1");
    json_write_text(&writer, "dispenser", schedule->dispenser);
    json_write_int(&writer, "version", schedule->version);
    json_write_text(&writer, "roll", schedule->roll);
    json_write_int(&writer, "roll_version", schedule->roll_version);
    json_write_text(&writer, "client", schedule->client);
    json_write_text(&writer, "released", schedule->released);
    json_write_text(&writer, "zone", schedule->zone);
    json_write_text(&writer, "roll_key", roll_key);
    json_write_text(&writer, "media", schedule->media);
    json_write_int(&writer, "first", schedule->first);
    json_write_int(&writer, "last", schedule->last);
    json_write_int(&writer, "alarm_after_min", schedule->alarm_after_min);
    json_write_text(&writer, "pharmacy", schedule->pharmacy);
    json_write_text(&writer, "not_after", schedule->not_after);
    json_write_text(&writer, "next_roll_due", schedule->next_roll_due);
    write_bags(&writer, schedule);
    if (!write_before(&writer, before, arena, err))
        return false;
    write_rest(&writer, schedule);
    json_write_object_end(&writer);
    if (!rw_text_finish(&text, ret_bytes, err))
        return false;
    *ret_length = text.length;
    return true;
}
