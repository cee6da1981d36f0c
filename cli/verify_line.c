/* SPDX-License-Identifier: Apache-2.0 */
/* What `verify` does on a packaging line: enrol, name the roll, post. */
#include "cli/verify_line.h"

#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/json_write.h"
#include "core/json/roll_json.h"
#include "core/json/verdict_json.h"
#include "core/model/gs1.h"
#include "core/model/tag.h"
#include "core/net/enrol.h"

#define ENROL_MEMORY_MAX (64 * RW_ARENA_MIB)
#define ENROLLED_BYTES_MAX 4096

bool verify_line_open(const struct verify_line_wishes *wishes, const char *state,
                      const struct rw_clock *clock, struct rw_arena *arena,
                      struct station **ret_station, struct rw_error *err)
{
    char folder[RW_FILE_PATH_MAX];
    struct enrol_identity identity;
    struct station *station = NULL;

    if (!options_state_folder(state, folder, sizeof folder, err))
        return false;
    const struct enrol_order order = { .server = wishes->server,
                                       .code = wishes->code,
                                       .ca_file = wishes->ca_file,
                                       .state_folder = folder };
    if (wishes->code != NULL && !enrol_run(&order, arena, &identity, err))
        return false;
    if (!station_open(folder, clock, &station, err))
        return false;
    if (wishes->line != NULL && !rw_text_equal(wishes->line, station_line(station))) {
        rw_error_set(err, RW_CONFLICT, "", "this machine was enrolled as \"%s\", not as \"%s\"",
                     station_line(station), wishes->line);
        station_close(station);
        return false;
    }
    *ret_station = station;
    return true;
}

/* The line's name as one line of JSON. */
static bool print_line(const struct station *station, struct rw_arena *arena, struct rw_error *err)
{
    struct rw_text text;
    struct json_writer writer;
    const char *bytes = NULL;
    rw_text_init(&text, arena, ENROLLED_BYTES_MAX);
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    json_write_text(&writer, "line", station_line(station));
    json_write_object_end(&writer);
    rw_text_add_char(&text, '\n');
    return rw_text_finish(&text, &bytes, err) && options_print(bytes, strlen(bytes), err);
}

enum options_exit verify_line_enrol(const struct verify_line_wishes *wishes, const char *state,
                                    const struct options *options)
{
    struct rw_error err = { 0 };
    const struct rw_clock clock = rw_clock_system();
    struct rw_arena *arena = rw_arena_open(ENROL_MEMORY_MAX);
    struct station *station = NULL;

    if (arena == NULL)
        rw_error_set(&err, RW_NO_MEMORY, "", "no memory to start with");
    bool done = arena != NULL && rw_crypto_init(&err) &&
                verify_line_open(wishes, state, &clock, arena, &station, &err) &&
                print_line(station, arena, &err);
    station_close(station);
    rw_arena_close(arena);
    return done ? OPTIONS_GOOD : options_fail(options, wishes->server, &err);
}

void verify_line_check(const struct station *station, const struct options *options)
{
    struct rw_error err = { 0 };
    if (!station_check(station, &err))
        options_complain(options, NULL, &err);
}

void verify_line_renew(struct station *station, const struct options *options)
{
    struct rw_error err = { 0 };
    int64_t until_ms = 0;
    char at[RW_CLOCK_TEXT_MAX];
    if (station == NULL || station_waiting(station) > 0 || !station_check(station, &err))
        return; /* was told before */
    if (!station_renew(station, &until_ms, &err)) {
        options_complain(options, NULL, &err);
    } else if (until_ms > 0) {
        rw_clock_write_utc(until_ms, at);
        fprintf(stderr, "%s: the certificate of line \"%s\" was renewed; it ends at %s\n",
                options->program, station_line(station), at);
    }
}

bool verify_line_number(const char *text, char ret_number[ROLL_NUMBER_MAX], struct rw_error *err)
{
    if (!roll_is_number(text))
        return rw_error_set(err, RW_USAGE, "",
                            "with --server, --roll is a number of nine digits, not \"%.64s\"",
                            text);
    memcpy(ret_number, text, ROLL_NUMBER_MAX);
    return true;
}

bool verify_line_number_of(const struct reading *reading, char ret_number[ROLL_NUMBER_MAX])
{
    struct gs1_string elements;
    struct tag tag;
    char text[GS1_TEXT_MAX];

    if (!reading->gs1 ||
        !gs1_parse_bytes((const char *)reading->bytes, reading->length, &elements, NULL))
        return false;
    gs1_write_bracketed(&elements, text);
    if (!tag_parse(text, &tag, NULL))
        return false;
    memcpy(ret_number, tag.serial, ROLL_NUMBER_DIGITS);
    ret_number[ROLL_NUMBER_DIGITS] = '\0';
    return true;
}

bool verify_line_fetch(struct station *station, const char *number, struct rw_arena *arena,
                       struct roll **ret_roll, struct station_roll *ret_given, struct rw_error *err)
{
    return station_roll(station, number, arena, ret_given, err) &&
           roll_json_read(ret_given->bytes, ret_given->length, arena, ret_roll, err);
}

bool verify_line_begin(struct station *station, const struct roll *roll,
                       const struct station_roll *given, const struct options *options,
                       struct rw_error *err)
{
    char before[ROLL_NUMBER_MAX];
    char at[RW_CLOCK_TEXT_MAX];
    if (!station_begin(station, roll->number, before, err))
        return false;
    if (rw_text_equal(before, roll->number))
        fprintf(stderr,
                "%s: the run before did not end; what it saw is kept, and roll %s is judged again "
                "from its first bag\n",
                options->program, before);
    else if (before[0] != '\0')
        fprintf(stderr,
                "%s: the run before did not end: roll %s has no verdicts yet and must pass the "
                "camera again\n",
                options->program, before);
    rw_clock_write_utc(given->given_ms, at);
    if (given->is_offline)
        fprintf(stderr,
                "%s: no network: roll %s is compared with version %d as it was fetched at %s; "
                "whether it was changed, withdrawn or given to another line since is not known\n",
                options->program, roll->number, (int)roll->version, at);
    return true;
}

bool verify_line_confirm(struct station *station, const struct roll *roll,
                         const struct options *options, struct verdict_report *report,
                         struct rw_error *err)
{
    bool is_known = false;
    if (!station_confirm(station, roll, &is_known, err))
        return false;
    if (is_known)
        return true;
    report->is_offline = true;
    report->verdict = verdict_worst(report->verdict, VERDICT_UNSURE);
    fprintf(stderr,
            "%s: whether roll %s still holds could not be asked; the service decides once it has "
            "the verdicts\n",
            options->program, roll->number);
    return true;
}

struct verdict_report verify_line_glance(const struct roll *roll, struct verdict_bag *bag)
{
    return (struct verdict_report){ .roll = roll->number,
                                    .fingerprint = roll->fingerprint,
                                    .judged_code = true,
                                    .judged_print = true,
                                    .bags = bag,
                                    .bag_count = 1 };
}

bool verify_line_tell(struct station *station, enum spool_kind kind,
                      const struct verdict_report *report, size_t index,
                      const struct png_bytes *png, struct rw_arena *arena, struct rw_error *err)
{
    struct spool_entry entry = { .kind = kind };
    const char *body = NULL;
    size_t length = 0;

    if (!rw_text_copy(entry.roll, sizeof entry.roll, report->roll) ||
        !rw_text_copy(entry.serial, sizeof entry.serial, report->bags[index].serial) ||
        !verdict_json_write_bag(report, index, arena, &body, &length, err) ||
        !station_tell(station, &entry, body, length, err))
        return false;
    entry.kind = SPOOL_PICTURE;
    return png->bytes == NULL || station_tell(station, &entry, png->bytes, png->length, err);
}
