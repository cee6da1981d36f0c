/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a schedule and checks that it contradicts itself nowhere. */
#include <string.h>

#include "core/base/text.h"
#include "core/json/json_read.h"
#include "core/json/json_time.h"
#include "core/json/schedule_json.h"
#include "core/model/roll.h"
#include "core/model/tag.h"

#define SCHEDULE_PIECES_MAX 1000
#define SCHEDULE_ALARM_MAX_MIN 1440 /* a day */

static bool read_list(const struct json *root, const char *name, int32_t max,
                      const struct json **ret_list, struct rw_error *err)
{
    if (!json_list(root, name, ret_list, err))
        return false;
    return (*ret_list)->count <= max || json_refuse(*ret_list, "the list is too long", err);
}

static bool read_key(const struct json *root, struct rw_arena *arena, struct schedule *schedule,
                     struct rw_error *err)
{
    const char *text;
    uint8_t *key;
    size_t length;
    if (!json_text(root, "roll_key", &text, err))
        return false;
    struct rw_error fault = { 0 };
    bool decoded = rw_base64url_decode(arena, text, &key, &length, &fault);
    if (!decoded && fault.code == RW_NO_MEMORY)
        return rw_error_set(err, fault.code, "", "%s", fault.text);
    if (!decoded || length != sizeof schedule->roll_key)
        return json_refuse(json_member(root, "roll_key"), "the key is not 32 bytes in base64url",
                           err);
    memcpy(schedule->roll_key, key, length);
    return true;
}

static bool read_early(const struct json *node, struct schedule_bag *ret, struct rw_error *err)
{
    int64_t minutes;
    if (!json_int_or(node, "early_min", 0, SCHEDULE_EARLY_MAX_MIN, 0, &minutes, err))
        return false;
    ret->early_min = (int32_t)minutes;
    return true;
}

static bool read_bag(const struct json *node, struct schedule_bag *ret, struct rw_error *err)
{
    return json_int32(node, "n", 1, ROLL_BAGS_MAX, &ret->n, err) &&
           json_time_digits(node, "serial", BAG_SERIAL_DIGITS, &ret->serial, err) &&
           json_time_stamp(node, "at", &ret->at, err) &&
           json_time_stamp(node, "opens", &ret->opens, err) &&
           json_time_stamp(node, "closes", &ret->closes, err) &&
           json_bool_or(node, "exact", false, &ret->exact, err) &&
           json_bool_or(node, "early", false, &ret->early, err) && read_early(node, ret, err) &&
           json_int32(node, "pieces", 0, SCHEDULE_PIECES_MAX, &ret->pieces, err) &&
           json_text(node, "tag", &ret->tag, err);
}

/* The minute from which the client may take the bag by hand. */
static int64_t early_from(const struct schedule_bag *bag)
{
    return rw_stamp_utc_minute(bag->at) - bag->early_min;
}

/* Two moments are never open at once: that could be a double dose. The parts of one moment are. */
static bool check_early(const struct json *node, const struct schedule *schedule, size_t index,
                        struct rw_error *err)
{
    const struct schedule_bag *bag = &schedule->bags[index];
    const int64_t due = rw_stamp_utc_minute(bag->at);
    if (bag->early_min == 0)
        return true;
    if (bag->exact)
        return json_refuse(node, "a bag of an exact time is taken early", err);
    for (size_t i = index; i > 0; i--) {
        const int64_t before = rw_stamp_utc_minute(schedule->bags[i - 1].at);
        if (before < due)
            return early_from(bag) > before ||
                   json_refuse(node, "the bag is taken before the moment in front of it", err);
    }
    return true;
}

/* Bags rise by one from `first` to `last`, and each opens, is due and closes in that order. */
static bool check_bag(const struct json *node, const struct schedule *schedule, size_t index,
                      struct rw_error *err)
{
    const struct schedule_bag *bag = &schedule->bags[index];
    if (bag->n != schedule->first + (int32_t)index || bag->n > schedule->last)
        return json_refuse(node, "the bags are not the ones from first to last", err);
    int64_t opens = rw_stamp_utc_minute(bag->opens);
    int64_t due = rw_stamp_utc_minute(bag->at);
    int64_t closes = rw_stamp_utc_minute(bag->closes);
    if (opens > due || due > closes)
        return json_refuse(node, "the bag does not open before it is due and close after it", err);
    if (index > 0 && due < rw_stamp_utc_minute(schedule->bags[index - 1].at))
        return json_refuse(node, "the bag is due before the one in front of it", err);
    if (strlen(bag->tag) >= TAG_DIGITS_MAX || !rw_text_is_digits(bag->tag))
        return json_refuse(node, "the tag is no tag of a bag", err);
    if (!rw_text_starts_with(bag->serial, schedule->roll))
        return json_refuse(node, "the serial is not one of this roll", err);
    return check_early(node, schedule, index, err);
}

static bool read_bags(const struct json *root, struct rw_arena *arena, struct schedule *schedule,
                      struct rw_error *err)
{
    const struct json *list;
    if (!read_list(root, "bags", SCHEDULE_BAGS_MAX, &list, err))
        return false;
    schedule->bags = rw_arena_array(arena, (size_t)list->count, sizeof *schedule->bags, err);
    if (schedule->bags == NULL)
        return false;
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        if (!read_bag(node, &schedule->bags[schedule->bag_count], err) ||
            !check_bag(node, schedule, schedule->bag_count, err))
            return false;
        schedule->bag_count++;
    }
    return schedule->last - schedule->first + 1 == (int32_t)schedule->bag_count ||
           json_refuse(list, "the bags are not the ones from first to last", err);
}

static bool read_part_head(const struct json *node, struct schedule *part, struct rw_error *err)
{
    return json_time_digits(node, "roll", ROLL_NUMBER_DIGITS, &part->roll, err) &&
           json_int32(node, "roll_version", 1, INT32_MAX, &part->roll_version, err) &&
           json_text(node, "media", &part->media, err) &&
           json_int32(node, "first", 1, ROLL_BAGS_MAX + 1, &part->first, err) &&
           json_int32(node, "last", 0, ROLL_BAGS_MAX, &part->last, err);
}

/* All of it is handed out before the schedule's own first bag, so no moment has bags of both. */
static bool read_before(const struct json *root, struct rw_arena *arena, struct schedule *schedule,
                        struct rw_error *err)
{
    const struct json *node = json_member(root, "before");
    if (node == NULL)
        return true;
    struct schedule *before = rw_arena_alloc(arena, sizeof *before, err);
    if (before == NULL)
        return false;
    *before = *schedule;
    before->bag_count = 0;
    if (!read_part_head(node, before, err) || !read_key(node, arena, before, err) ||
        !read_bags(node, arena, before, err))
        return false;
    if (rw_text_equal(before->roll, schedule->roll))
        return json_refuse(node, "the part before is of the same roll", err);
    if (before->bag_count + schedule->bag_count > SCHEDULE_BAGS_MAX)
        return json_refuse(node, "the list is too long", err);
    if (before->bag_count == 0 || schedule->bag_count == 0 ||
        rw_stamp_utc_minute(before->bags[before->bag_count - 1].at) >=
            early_from(&schedule->bags[0]))
        return json_refuse(node, "the part before does not end before the schedule's bags", err);
    schedule->before = before;
    return true;
}

static bool read_revoked(const struct json *root, struct rw_arena *arena, struct schedule *schedule,
                         struct rw_error *err)
{
    const struct json *list;
    if (!read_list(root, "revoked", SCHEDULE_REVOKED_MAX, &list, err))
        return false;
    schedule->revoked = rw_arena_array(arena, (size_t)list->count, sizeof *schedule->revoked, err);
    if (schedule->revoked == NULL)
        return false;
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        if (node->kind != JSON_TEXT || strlen(node->text) != BAG_SERIAL_DIGITS ||
            !rw_text_is_digits(node->text))
            return json_refuse(node, "a revoked serial is twelve digits", err);
        schedule->revoked[schedule->revoked_count++] = node->text;
    }
    return true;
}

static bool read_reminders(const struct json *root, struct rw_arena *arena,
                           struct schedule *schedule, struct rw_error *err)
{
    const struct json *list;
    if (!read_list(root, "reminders", SCHEDULE_REMINDERS_MAX, &list, err))
        return false;
    schedule->reminders =
        rw_arena_array(arena, (size_t)list->count, sizeof *schedule->reminders, err);
    if (schedule->reminders == NULL)
        return false;
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        struct schedule_reminder *reminder = &schedule->reminders[schedule->reminder_count++];
        if (!json_time_stamp(node, "at", &reminder->at, err) ||
            !json_text(node, "text", &reminder->text, err))
            return false;
    }
    return true;
}

static bool read_pause(const struct json *node, struct schedule_pause *ret, struct rw_error *err)
{
    const struct json *until = json_member(node, "until");
    if (!json_time_stamp(node, "from", &ret->from, err))
        return false;
    ret->open = until == NULL || until->kind == JSON_NULL;
    if (ret->open)
        return true;
    if (!json_time_stamp(node, "until", &ret->until, err))
        return false;
    return rw_stamp_utc_minute(ret->until) > rw_stamp_utc_minute(ret->from) ||
           json_refuse(node, "the pause ends before it begins", err);
}

static bool read_pauses(const struct json *root, struct rw_arena *arena, struct schedule *schedule,
                        struct rw_error *err)
{
    const struct json *list;
    if (json_member(root, "pauses") == NULL)
        return true;
    if (!read_list(root, "pauses", SCHEDULE_PAUSES_MAX, &list, err))
        return false;
    schedule->pauses = rw_arena_array(arena, (size_t)list->count, sizeof *schedule->pauses, err);
    if (schedule->pauses == NULL)
        return false;
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        if (!read_pause(node, &schedule->pauses[schedule->pause_count++], err))
            return false;
    }
    return true;
}

static bool read_head(const struct json *root, struct schedule *schedule, struct rw_error *err)
{
    return json_format_is(root, "rolwacht/schedule/1", err) &&
           json_text(root, "dispenser", &schedule->dispenser, err) &&
           json_int32(root, "version", 1, INT32_MAX, &schedule->version, err) &&
           json_time_digits(root, "roll", ROLL_NUMBER_DIGITS, &schedule->roll, err) &&
           json_int32(root, "roll_version", 1, INT32_MAX, &schedule->roll_version, err) &&
           json_text(root, "client", &schedule->client, err) &&
           json_time_utc_text(root, "released", &schedule->released, err) &&
           json_text(root, "zone", &schedule->zone, err) &&
           json_text(root, "media", &schedule->media, err) &&
           json_int32(root, "first", 1, ROLL_BAGS_MAX + 1, &schedule->first, err) &&
           json_int32(root, "last", 0, ROLL_BAGS_MAX, &schedule->last, err) &&
           json_int32(root, "alarm_after_min", 1, SCHEDULE_ALARM_MAX_MIN,
                      &schedule->alarm_after_min, err) &&
           json_text(root, "pharmacy", &schedule->pharmacy, err) &&
           json_time_utc_text(root, "not_after", &schedule->not_after, err) &&
           json_time_stamp_text(root, "next_roll_due", &schedule->next_roll_due, err);
}

bool schedule_json_read(const char *bytes, size_t length, struct rw_arena *arena,
                        struct schedule **ret_schedule, struct rw_error *err)
{
    if (length > SCHEDULE_BYTES_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "a schedule of %zu bytes is too large", length);
    const struct json *root;
    if (!json_parse(arena, bytes, length, &root, err))
        return false;
    struct schedule *schedule = rw_arena_alloc(arena, sizeof *schedule, err);
    if (schedule == NULL || !read_head(root, schedule, err) ||
        !read_key(root, arena, schedule, err) || !read_bags(root, arena, schedule, err) ||
        !read_revoked(root, arena, schedule, err) || !read_reminders(root, arena, schedule, err) ||
        !read_pauses(root, arena, schedule, err) || !read_before(root, arena, schedule, err))
        return false;
    *ret_schedule = schedule;
    return true;
}
