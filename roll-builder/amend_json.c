/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a comparison of two rolls as rolwacht/diff/1. */
#include "roll-builder/amend_json.h"

#include <stdio.h>

#include "core/json/json_time.h"
#include "roll-builder/daytimes.h"

#define TIME_TEXT_MAX 16

static void write_weekdays(struct json_writer *writer, uint8_t weekdays)
{
    json_write_list(writer, "weekdays");
    for (int32_t weekday = 1; weekday <= DAYTIMES_DAYS; weekday++) {
        if ((weekdays & 1u << (weekday - 1)) != 0)
            json_write_text(writer, NULL, daytimes_day_word(weekday));
    }
    json_write_list_end(writer);
}

static void write_times(struct json_writer *writer, const struct amend_line *line)
{
    json_write_list(writer, "times");
    for (size_t i = 0; i < line->times.count; i++) {
        char time[TIME_TEXT_MAX];
        (void)snprintf(time, sizeof time, "%02d:%02d", line->times.list[i].minute / 60,
                       line->times.list[i].minute % 60);
        json_write_object(writer, NULL);
        json_write_text(writer, "time", time);
        json_write_int(writer, "milli", line->times.list[i].milli);
        json_write_int(writer, "days", line->times.list[i].days);
        write_weekdays(writer, line->times.list[i].weekdays);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
}

static void write_list(struct json_writer *writer, const struct amendment *amendment)
{
    json_write_list(writer, "toedienlijst");
    for (size_t i = 0; i < amendment->list_count; i++) {
        const struct amend_line *line = &amendment->list[i];
        json_write_object(writer, NULL);
        json_write_text(writer, "where", line->loose ? "loose" : "roll");
        json_write_text(writer, "change", amend_change_word(line->change));
        json_write_text(writer, "product", line->product);
        json_write_text(writer, "name", line->name);
        json_write_text(writer, "strength", line->strength);
        json_write_text(writer, "text", line->text);
        json_write_text(writer, "look", line->look);
        write_times(writer, line);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
}

static void write_number(struct json_writer *writer, const char *name, int32_t n)
{
    if (n > 0)
        json_write_int(writer, name, n);
    else
        json_write_null(writer, name);
}

void amend_json_write(struct json_writer *writer, const struct roll *old_roll,
                      const struct roll *new_roll, const struct amendment *amendment)
{
    json_write_text(writer, "format", "rolwacht/diff/1");
    json_write_text(writer, "old", old_roll->number);
    json_write_text(writer, "new", new_roll->number);
    json_write_text(writer, "action", amend_action_word(amendment->action));
    write_number(writer, "from", amendment->from);
    write_number(writer, "new_first", amendment->new_first);
    json_write_list(writer, "superseded");
    for (size_t i = 0; i < amendment->superseded_count; i++)
        json_write_text(writer, NULL, amendment->superseded[i]);
    json_write_list_end(writer);
    if (amendment->uncovered != NULL) {
        json_write_object(writer, "uncovered");
        json_write_int(writer, "n", amendment->uncovered->n);
        json_time_write_stamp(writer, "at", amendment->uncovered->at);
        json_write_int(writer, "bags", (int64_t)amendment->uncovered_count);
        json_write_object_end(writer);
    } else {
        json_write_null(writer, "uncovered");
    }
    json_write_object(writer, "toedienlijst_of"); /* roll and loose lines at one version */
    json_write_text(writer, "roll", new_roll->number);
    json_write_int(writer, "version", new_roll->version);
    json_write_text(writer, "fingerprint", new_roll->fingerprint);
    json_write_object_end(writer);
    write_list(writer, amendment);
}
