/* SPDX-License-Identifier: Apache-2.0 */
/* The line's talk with the service: rolls in, verdicts out. */
#define _POSIX_C_SOURCE 200809L
#include "verifier/station.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/json_read.h"
#include "core/model/bag.h"
#include "core/net/fetch.h"
#include "verifier/shelf.h"

#define STATION_ARENA_BYTES (2 * RW_ARENA_MIB)
#define STATION_ROLL_BYTES (128 * RW_ARENA_MIB) /* to compare a roll with the one before */
#define HTTP_OK 200
#define HTTP_NOT_MODIFIED 304

struct station {
    struct rw_arena *arena; /* holds this struct and the identity */
    struct rw_clock clock;
    struct enrol_identity identity;
    struct fetch *fetch; /* of this thread; the sender has its own */
    struct sender *sender;
    char folder[RW_FILE_PATH_MAX];
    char running[RW_FILE_PATH_MAX]; /* a file with the number of the roll that is judged */
};

const char *station_line(const struct station *station)
{
    return station->identity.id;
}

size_t station_waiting(const struct station *station)
{
    return sender_waiting(station->sender);
}

bool station_open(const char *state_folder, const struct rw_clock *clock,
                  struct station **ret_station, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(STATION_ARENA_BYTES);
    struct station *station = arena != NULL ? rw_arena_alloc(arena, sizeof *station, err) : NULL;
    if (station == NULL) {
        rw_arena_close(arena);
        return rw_error_set(err, RW_NO_MEMORY, "", "the station found no memory");
    }
    station->arena = arena;
    station->clock = *clock;
    if (!rw_file_join(station->running, state_folder, "running", err) ||
        !rw_text_copy(station->folder, sizeof station->folder, state_folder) ||
        !enrol_load(state_folder, arena, &station->identity, err) ||
        !fetch_open(&station->identity.files, &station->fetch, err) ||
        !sender_open(state_folder, &station->identity, clock, &station->sender, err)) {
        station_close(station);
        return false;
    }
    *ret_station = station;
    return true;
}

void station_close(struct station *station)
{
    if (station == NULL)
        return;
    sender_close(station->sender);
    fetch_close(station->fetch);
    rw_arena_close(station->arena);
}

/* Asks for a roll; `known` is the fingerprint that the line has, or NULL. */
static bool ask_roll(struct station *station, const char *roll, const char *known,
                     struct rw_arena *arena, struct fetch_answer *ret_answer, struct rw_error *err)
{
    const char *url =
        rw_arena_format(arena, err, "%s/v1/rolls/%s", station->identity.devices, roll);
    const char *header =
        known != NULL ? rw_arena_format(arena, err, "If-None-Match: \"%s\"", known) : NULL;
    if (url == NULL || (known != NULL && header == NULL))
        return false;
    const struct fetch_request request = {
        .method = "GET", .url = url, .headers = { header }, .timeout_ms = SENDER_TIMEOUT_MS
    };
    if (!fetch_send(station->fetch, &request, arena, ret_answer, err))
        return false;
    return ret_answer->status == HTTP_OK || ret_answer->status == HTTP_NOT_MODIFIED ||
           sender_refused("the question for this roll", ret_answer->status, err);
}

/* What the service gave before; `lost` says why it could not be asked. */
static bool take_kept(struct station *station, const char *roll, struct rw_arena *arena,
                      const struct rw_error *lost, struct station_roll *ret_roll,
                      struct rw_error *err)
{
    struct shelf_roll kept;
    struct rw_error why = { 0 };
    if (!shelf_take(station->folder, roll, arena, &kept, &why))
        return rw_error_set(err, RW_UNAVAILABLE, "", "%.200s, and %s", lost->text, why.text);
    *ret_roll = (struct station_roll){
        .bytes = kept.bytes, .length = kept.length, .is_offline = true, .given_ms = kept.given_ms
    };
    return true;
}

bool station_roll(struct station *station, const char *roll, struct rw_arena *arena,
                  struct station_roll *ret_roll, struct rw_error *err)
{
    struct fetch_answer answer;
    struct rw_error fault = { 0 };
    if (!roll_is_number(roll))
        return rw_error_set(err, RW_INVALID, "", "\"%.32s\" is no roll number", roll);
    if (!ask_roll(station, roll, NULL, arena, &answer, &fault)) {
        if (fault.code == RW_UNAVAILABLE)
            return take_kept(station, roll, arena, &fault, ret_roll, err);
        if (fault.code == RW_NOT_FOUND && !shelf_bar(station->folder, roll, err))
            return false;
        *err = fault;
        return false;
    }
    const struct shelf_roll given = { .bytes = answer.body, .length = answer.body_length };
    if (!shelf_put(station->folder, roll, &given, arena, err))
        return false;
    *ret_roll = (struct station_roll){ .bytes = answer.body,
                                       .length = answer.body_length,
                                       .given_ms = rw_clock_utc_ms(&station->clock) };
    return true;
}

static bool confirm(struct station *station, const struct roll *roll, struct rw_arena *arena,
                    bool *ret_known, struct rw_error *err)
{
    struct fetch_answer answer = { 0 };
    struct rw_error fault = { 0 };
    bool answered = ask_roll(station, roll->number, roll->fingerprint, arena, &answer, &fault);
    *ret_known = answered || fault.code == RW_NOT_FOUND;
    if (answered && answer.status == HTTP_NOT_MODIFIED)
        return true;
    if (fault.code == RW_UNAVAILABLE)
        return true;
    if (*ret_known && shelf_bar(station->folder, roll->number, err))
        return rw_error_set(err, RW_CONFLICT, "",
                            "roll %s is no longer the version %d that was judged while the network "
                            "was gone: it was changed, withdrawn, or is with another line",
                            roll->number, (int)roll->version);
    if (!*ret_known)
        *err = fault;
    return false;
}

bool station_confirm(struct station *station, const struct roll *roll, bool *ret_known,
                     struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(STATION_ROLL_BYTES);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "the station found no memory");
    bool done = confirm(station, roll, arena, ret_known, err);
    rw_arena_close(arena);
    return done;
}

static bool ask_claim(struct station *station, struct rw_arena *arena,
                      char ret_roll[ROLL_NUMBER_MAX], struct rw_error *err)
{
    const struct json *root = NULL;
    const char *roll = NULL;
    const char *url = rw_arena_format(arena, err, "%s/v1/lines/%s/claims",
                                      station->identity.devices, station->identity.id);
    if (url == NULL)
        return false;
    const struct fetch_request request = { .method = "POST",
                                           .url = url,
                                           .content_type = "application/json",
                                           .body = "{}",
                                           .body_length = 2,
                                           .timeout_ms = SENDER_TIMEOUT_MS };
    struct fetch_answer answer;
    if (!fetch_send(station->fetch, &request, arena, &answer, err))
        return false;
    ret_roll[0] = '\0';
    if (answer.status == 204)
        return true;
    if (answer.status != 200)
        return sender_refused("the question for the next roll", answer.status, err);
    if (!json_parse(arena, answer.body, answer.body_length, &root, err) ||
        !json_text(root, "roll", &roll, err))
        return false;
    return (roll_is_number(roll) && rw_text_copy(ret_roll, ROLL_NUMBER_MAX, roll)) ||
           rw_error_set(err, RW_INVALID, "/roll", "\"%.32s\" is no roll number", roll);
}

bool station_claim(struct station *station, char ret_roll[ROLL_NUMBER_MAX], struct rw_error *err)
{
    if (!sender_flush(station->sender, err))
        return false;
    if (station_waiting(station) > 0)
        return rw_error_set(err, RW_UNAVAILABLE, "",
                            "verdicts and pictures that could not be sent yet: %zu",
                            station_waiting(station));
    struct rw_arena *arena = rw_arena_open(STATION_ARENA_BYTES);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "the station found no memory");
    bool done = ask_claim(station, arena, ret_roll, err);
    rw_arena_close(arena);
    return done;
}

/* Whose end nobody wrote down. */
static bool read_running(struct station *station, char ret_before[ROLL_NUMBER_MAX],
                         struct rw_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    ret_before[0] = '\0';
    if (access(station->running, F_OK) != 0)
        return true;
    if (!rw_file_read(station->running, ROLL_NUMBER_MAX, station->arena, &bytes, &length, err))
        return false;
    if (roll_is_number(bytes))
        memcpy(ret_before, bytes, ROLL_NUMBER_MAX);
    return true;
}

bool station_begin(struct station *station, const char *roll, char ret_before[ROLL_NUMBER_MAX],
                   struct rw_error *err)
{
    return read_running(station, ret_before, err) &&
           rw_file_write(station->running, roll, strlen(roll), 0600, err) &&
           sender_start(station->sender, err);
}

bool station_end(struct station *station, struct rw_error *err)
{
    return unlink(station->running) == 0 || errno == ENOENT ||
           rw_error_set(err, RW_UNAVAILABLE, "", "could not remove \"%.256s\": %s",
                        station->running, strerror(errno));
}

bool station_tell(struct station *station, const struct spool_entry *entry, const void *bytes,
                  size_t length, struct rw_error *err)
{
    if (!roll_is_number(entry->roll) || strlen(entry->serial) != BAG_SERIAL_DIGITS ||
        !rw_text_is_digits(entry->serial))
        return rw_error_set(err, RW_INVALID, "", "\"%.32s\" is no bag of roll \"%.32s\"",
                            entry->serial, entry->roll);
    if (length > SENDER_BODY_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "%zu bytes are too many for one bag", length);
    return sender_add(station->sender, entry, bytes, length, err);
}

bool station_flush(struct station *station, size_t *ret_left, struct rw_error *err)
{
    sender_stop(station->sender);
    bool good = sender_flush(station->sender, err);
    *ret_left = station_waiting(station);
    return good;
}

bool station_check(const struct station *station, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(STATION_ARENA_BYTES);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "the station found no memory");
    bool done = enrol_check(&station->identity, rw_clock_utc_ms(&station->clock), arena, err);
    rw_arena_close(arena);
    return done;
}

bool station_renew(struct station *station, int64_t *ret_until_ms, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(STATION_ARENA_BYTES);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "the station found no memory");
    bool done =
        enrol_renew(&station->identity, rw_clock_utc_ms(&station->clock), arena, ret_until_ms, err);
    rw_arena_close(arena);
    return done;
}
