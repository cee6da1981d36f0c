/* SPDX-License-Identifier: Apache-2.0 */
/* What a day away or a pause means for a roll, as JSON or in words. */
#include "cli/diff_absence.h"

#include <string.h>

#include "cli/diff_text.h"
#include "cli/options.h"
#include "core/base/date.h"
#include "core/base/text.h"
#include "core/json/json_time.h"
#include "core/json/json_write.h"
#include "roll-builder/absence.h"

#define ANSWER_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define MOMENT_TEXT_MAX 32
#define DATE_LENGTH 10  /* "2026-11-25" */
#define LOCAL_LENGTH 16 /* "2026-11-25T10:00" */

static bool is_clock(const char *text)
{
    return text[0] >= '0' && text[0] <= '2' && text[1] >= '0' && text[1] <= '9' && text[2] == ':' &&
           text[3] >= '0' && text[3] <= '5' && text[4] >= '0' && text[4] <= '9' &&
           (text[0] < '2' || text[1] <= '3');
}

/* "2026-11-25", "2026-11-25T10:00" in the roll's zone, or with its offset. `last`: a day means the
 * midnight behind it. */
static bool read_moment(const char *text, size_t length, const struct rw_zone *zone, bool last,
                        struct rw_stamp *ret_stamp)
{
    char copy[MOMENT_TEXT_MAX];
    char date[DATE_LENGTH + 1];
    struct rw_wall wall = { 0 };
    if (length >= sizeof copy || length < DATE_LENGTH)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    if (rw_stamp_parse(copy, ret_stamp))
        return true;
    memcpy(date, copy, DATE_LENGTH);
    date[DATE_LENGTH] = '\0';
    if (!rw_date_parse(date, &wall.day))
        return false;
    if (length == DATE_LENGTH)
        wall.day += last ? 1 : 0;
    else if (length == LOCAL_LENGTH && copy[DATE_LENGTH] == 'T' && is_clock(&copy[DATE_LENGTH + 1]))
        wall.minute =
            ((copy[11] - '0') * 10 + copy[12] - '0') * 60 + (copy[14] - '0') * 10 + copy[15] - '0';
    else
        return false;
    *ret_stamp = rw_zone_stamp(zone, wall);
    return true;
}

static bool read_span(const char *text, const char *zone_name, struct absence_request *request,
                      struct rw_error *err)
{
    struct rw_zone *zone = NULL;
    const char *slash = strchr(text, '/');
    if (!rw_zone_open(zone_name, &zone, err))
        return false;
    const bool done = slash != NULL &&
                      read_moment(text, (size_t)(slash - text), zone, false, &request->from) &&
                      read_moment(slash + 1, strlen(slash + 1), zone, true, &request->to);
    rw_zone_close(zone);
    return done || rw_error_set(err, RW_USAGE, "",
                                "\"%s\" is no span of time like 2026-11-25/2026-11-27 or "
                                "2026-11-25T10:00/2026-11-25T20:00",
                                text);
}

static void write_bag(struct json_writer *writer, const char *name, const struct bag *bag,
                      const char *reason)
{
    if (bag == NULL) {
        json_write_null(writer, name);
        return;
    }
    json_write_object(writer, name);
    json_write_int(writer, "n", bag->n);
    json_write_text(writer, "serial", bag->serial);
    json_time_write_stamp(writer, "at", bag->at);
    json_write_int(writer, "part", bag->part);
    json_write_int(writer, "parts", bag->parts);
    json_write_int(writer, "pieces", bag_pieces(bag));
    if (reason != NULL)
        json_write_text(writer, "reason", reason);
    json_write_object_end(writer);
}

static void write_bags(struct json_writer *writer, const char *name, const struct absence *absence,
                       bool asked)
{
    json_write_list(writer, name);
    for (size_t i = 0; i < absence->count; i++) {
        const struct absence_bag *row = &absence->bags[i];
        if ((row->ask != NULL) == asked)
            write_bag(writer, NULL, row->bag, row->ask);
    }
    json_write_list_end(writer);
}

/* Whatever lies beside the roll goes along or waits too. */
static void write_loose(struct json_writer *writer, const struct roll *roll)
{
    json_write_list(writer, "loose");
    for (size_t i = 0; i < roll->loose_count; i++) {
        json_write_object(writer, NULL);
        json_write_text(writer, "order", roll->loose[i].order);
        json_write_text(writer, "product", roll->loose[i].product);
        json_write_text(writer, "name", roll->loose[i].name);
        json_write_text(writer, "text", roll->loose[i].text);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
}

/* Never "go on where we were": somebody looks at the list, then the first bag of that moment is
 * scanned. A plan that changed asks for its own roll. */
static void write_resume(struct json_writer *writer, const struct absence *absence)
{
    write_bag(writer, "resume", absence->resume, NULL);
    json_write_list(writer, "before_resume");
    if (absence->changes || absence->resume == NULL)
        json_write_text(writer, NULL, "new-roll");
    else
        json_write_text(writer, NULL, "confirm-list-unchanged");
    json_write_text(writer, NULL, "account-for-withheld-bags");
    json_write_text(writer, NULL, "check-first-bag");
    json_write_list_end(writer);
}

static void write_answer(struct rw_text *text, const struct absence_request *request,
                         const struct absence *absence)
{
    const bool away = request->kind == ABSENCE_AWAY;
    const struct roll *roll = request->roll;
    struct json_writer writer;
    json_write_init(&writer, text);
    json_write_object(&writer, NULL);
    json_write_text(&writer, "format", away ? "rolwacht/away/1" : "rolwacht/pause/1");
    json_write_text(&writer, "roll", roll->number);
    json_write_int(&writer, "version", roll->version);
    json_time_write_stamp(&writer, "from", request->from);
    json_time_write_stamp(&writer, "to", request->to);
    write_bags(&writer, away ? "take" : "withhold", absence, false);
    if (away)
        write_bags(&writer, "ask", absence, true);
    json_write_int(&writer, "bags", (int64_t)absence->count);
    json_write_int(&writer, "pieces", absence->pieces);
    write_loose(&writer, roll);
    json_write_bool(&writer, "beyond_roll", absence->beyond);
    if (away)
        write_bag(&writer, "resume", absence->resume, NULL);
    else
        write_resume(&writer, absence);
    json_write_object_end(&writer);
    rw_text_add_char(text, '\n');
}

static bool print(const struct absence_request *request, const struct absence *absence,
                  bool in_words, struct rw_arena *arena, struct rw_error *err)
{
    struct rw_text text;
    const char *bytes;
    rw_text_init(&text, arena, ANSWER_BYTES_MAX);
    if (in_words)
        diff_text_absence(&text, request, absence);
    else
        write_answer(&text, request, absence);
    return rw_text_finish(&text, &bytes, err) && options_print(bytes, text.length, err);
}

bool diff_absence_print(const struct diff_absence *wish, const struct roll *roll,
                        const struct roll *next, struct rw_arena *arena, struct rw_error *err)
{
    const bool away = wish->away != NULL;
    struct absence absence;
    struct absence_request request = { .roll = roll,
                                       .next = next,
                                       .kind = away ? ABSENCE_AWAY : ABSENCE_PAUSE,
                                       .early_max_min = (int32_t)wish->early_max_min };
    return read_span(away ? wish->away : wish->pause, roll->zone, &request, err) &&
           absence_find(&request, arena, &absence, err) &&
           print(&request, &absence, wish->text, arena, err);
}
