/* SPDX-License-Identifier: Apache-2.0 */
/* The line's talk with the service: rolls in, verdicts out. */
#include "verifier/station.h"

#include <string.h>

#include "core/base/text.h"
#include "core/json/json_read.h"
#include "core/model/bag.h"
#include "core/model/roll.h"
#include "core/net/enrol.h"
#include "core/net/fetch.h"
#include "verifier/spool.h"

#define STATION_ARENA_BYTES (2 * RW_ARENA_MIB)
#define STATION_SEND_BYTES (4 * STATION_PICTURE_MAX) /* a picture, and what reading it took */
#define STATION_TIMEOUT_MS 20000

struct station {
    struct rw_arena *arena; /* holds this struct and the identity */
    struct rw_clock clock;
    struct enrol_identity identity;
    struct fetch *fetch;
    struct spool *spool;
    int64_t rest_until_ms; /* monotonic; the network failed and is left alone until then */
};

const char *station_line(const struct station *station)
{
    return station->identity.id;
}

size_t station_waiting(const struct station *station)
{
    return spool_count(station->spool);
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
    if (!enrol_load(state_folder, arena, &station->identity, err) ||
        !fetch_open(&station->identity.files, &station->fetch, err) ||
        !spool_open(state_folder, STATION_SPOOL_MAX, &station->spool, err)) {
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
    spool_close(station->spool);
    fetch_close(station->fetch);
    rw_arena_close(station->arena);
}

static bool refused(const char *what, int32_t status, struct rw_error *err)
{
    enum rw_code code = status == 401                    ? RW_UNAUTHENTICATED
                        : status == 403                  ? RW_DENIED
                        : status == 404 || status == 410 ? RW_NOT_FOUND
                        : status == 409                  ? RW_CONFLICT
                        : status == 408 || status == 429 ? RW_UNAVAILABLE
                        : status >= 400 && status < 500  ? RW_INVALID
                                                         : RW_UNAVAILABLE;
    return rw_error_set(err, code, "", "the service did not take %s (status %d)", what,
                        (int)status);
}

bool station_roll(struct station *station, const char *roll, struct rw_arena *arena,
                  const char **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    if (!roll_is_number(roll))
        return rw_error_set(err, RW_INVALID, "", "\"%.32s\" is no roll number", roll);
    const char *url =
        rw_arena_format(arena, err, "%s/v1/rolls/%s", station->identity.devices, roll);
    if (url == NULL)
        return false;
    const struct fetch_request request = { .method = "GET",
                                           .url = url,
                                           .timeout_ms = STATION_TIMEOUT_MS };
    struct fetch_answer answer;
    if (!fetch_send(station->fetch, &request, arena, &answer, err))
        return false;
    if (answer.status != 200)
        return refused("the question for this roll", answer.status, err);
    *ret_bytes = answer.body;
    *ret_length = answer.body_length;
    return true;
}

static bool put(struct station *station, const struct spool_entry *entry, struct rw_arena *arena,
                struct rw_error *err)
{
    char *bytes;
    size_t length;
    bool picture = entry->kind == SPOOL_PICTURE;
    const char *url =
        rw_arena_format(arena, err, "%s/v1/rolls/%s/bags/%s/%s", station->identity.devices,
                        entry->roll, entry->serial, picture ? "picture" : "verdict");
    if (url == NULL ||
        !spool_read(station->spool, entry, STATION_PICTURE_MAX, arena, &bytes, &length, err))
        return false;
    const struct fetch_request request = {
        .method = "PUT",
        .url = url,
        .content_type = picture ? "image/png" : "application/json",
        .body = bytes,
        .body_length = length,
        .timeout_ms = STATION_TIMEOUT_MS,
    };
    struct fetch_answer answer;
    if (!fetch_send(station->fetch, &request, arena, &answer, err))
        return false;
    return (answer.status >= 200 && answer.status < 300) ||
           refused(picture ? "a picture" : "a verdict", answer.status, err);
}

/* Not the body's fault: it is sent again later. */
static bool is_later(const struct rw_error *fault)
{
    return fault->code == RW_UNAVAILABLE || fault->code == RW_UNAUTHENTICATED ||
           fault->code == RW_NO_MEMORY;
}

/* Sends the oldest body. What the service refuses for good is set aside, so that it does not hold
 * up what is behind it; a network that fails is left alone for a while. */
static bool send_oldest(struct station *station, struct rw_error *err)
{
    struct spool_entry entry;
    struct rw_error fault = { 0 };
    if (!spool_oldest(station->spool, &entry))
        return true;
    struct rw_arena *arena = rw_arena_open(STATION_SEND_BYTES);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "the station found no memory");
    bool done = put(station, &entry, arena, &fault);
    rw_arena_close(arena);
    if (done)
        return spool_remove(station->spool, &entry, err);
    if (is_later(&fault))
        station->rest_until_ms = rw_clock_monotonic_ms(&station->clock) + STATION_REST_MS;
    else if (!spool_set_aside(station->spool, &entry, err))
        return false;
    return rw_error_set(err, fault.code, "", "bag %s: %s", entry.serial, fault.text);
}

/* Sends until nothing waits or the network fails; refusals are told, the first of them. */
static bool send_all(struct station *station, struct rw_error *err)
{
    bool good = true;
    for (size_t i = 0; i < STATION_SPOOL_MAX && station_waiting(station) > 0; i++) {
        struct rw_error fault = { 0 };
        if (send_oldest(station, &fault))
            continue;
        if (is_later(&fault))
            break;
        good = rw_error_set(err, fault.code, fault.at, "%s", fault.text);
    }
    return good;
}

bool station_flush(struct station *station, size_t *ret_left, struct rw_error *err)
{
    bool good = send_all(station, err);
    *ret_left = station_waiting(station);
    return good;
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
                                           .timeout_ms = STATION_TIMEOUT_MS };
    struct fetch_answer answer;
    if (!fetch_send(station->fetch, &request, arena, &answer, err))
        return false;
    ret_roll[0] = '\0';
    if (answer.status == 204)
        return true;
    if (answer.status != 200)
        return refused("the question for the next roll", answer.status, err);
    if (!json_parse(arena, answer.body, answer.body_length, &root, err) ||
        !json_text(root, "roll", &roll, err))
        return false;
    return (roll_is_number(roll) && rw_text_copy(ret_roll, ROLL_NUMBER_MAX, roll)) ||
           rw_error_set(err, RW_INVALID, "/roll", "\"%.32s\" is no roll number", roll);
}

bool station_claim(struct station *station, char ret_roll[ROLL_NUMBER_MAX], struct rw_error *err)
{
    if (!send_all(station, err))
        return false;
    if (station_waiting(station) > 0)
        return rw_error_set(err, RW_UNAVAILABLE, "",
                            "%zu verdicts and pictures could not be sent yet",
                            station_waiting(station));
    struct rw_arena *arena = rw_arena_open(STATION_ARENA_BYTES);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "the station found no memory");
    bool done = ask_claim(station, arena, ret_roll, err);
    rw_arena_close(arena);
    return done;
}

static bool hand_over(struct station *station, const struct spool_entry *entry, const void *bytes,
                      size_t length, struct rw_error *err)
{
    if (!roll_is_number(entry->roll) || strlen(entry->serial) != BAG_SERIAL_DIGITS ||
        !rw_text_is_digits(entry->serial))
        return rw_error_set(err, RW_INVALID, "", "\"%.32s\" is no bag of roll \"%.32s\"",
                            entry->serial, entry->roll);
    if (length > STATION_PICTURE_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "%zu bytes are too many for one bag", length);
    if (!spool_add(station->spool, entry, bytes, length, err))
        return false;
    /* On the disk it is safe; a network that just failed need not be asked again for each bag. */
    return rw_clock_monotonic_ms(&station->clock) < station->rest_until_ms ||
           send_all(station, err);
}

bool station_verdict(struct station *station, const char *roll, const char *serial,
                     const char *body, size_t length, struct rw_error *err)
{
    struct spool_entry entry = { .kind = SPOOL_VERDICT };
    return (rw_text_copy(entry.roll, sizeof entry.roll, roll) &&
            rw_text_copy(entry.serial, sizeof entry.serial, serial) &&
            hand_over(station, &entry, body, length, err)) ||
           rw_error_set(err, RW_INVALID, "", "\"%.32s\" is no bag of roll \"%.32s\"", serial, roll);
}

bool station_picture(struct station *station, const char *roll, const char *serial, const void *png,
                     size_t length, struct rw_error *err)
{
    struct spool_entry entry = { .kind = SPOOL_PICTURE };
    return (rw_text_copy(entry.roll, sizeof entry.roll, roll) &&
            rw_text_copy(entry.serial, sizeof entry.serial, serial) &&
            hand_over(station, &entry, png, length, err)) ||
           rw_error_set(err, RW_INVALID, "", "\"%.32s\" is no bag of roll \"%.32s\"", serial, roll);
}
