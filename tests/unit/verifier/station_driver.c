/* SPDX-License-Identifier: Apache-2.0 */
/* Lets a test speak to the service as a line does, one act a run. */
#include <stdio.h>
#include <string.h>

#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/roll_json.h"
#include "core/net/enrol.h"
#include "verifier/station.h"

static struct rw_error err;

/* The roll file is the one that was judged while there was no network. */
static bool confirm(struct station *station, struct rw_arena *arena, const char *path)
{
    struct roll *roll;
    char *bytes;
    size_t length;
    bool is_known = false;
    return rw_file_read(path, ROLL_JSON_BYTES_MAX, arena, &bytes, &length, &err) &&
           roll_json_read(bytes, length, arena, &roll, &err) &&
           station_confirm(station, roll, &is_known, &err) &&
           printf("%s\n", is_known ? "holds" : "not known") > 0;
}

static bool act(struct station *station, struct rw_arena *arena, char **words)
{
    struct station_roll roll;
    struct spool_entry entry = { .kind = SPOOL_GLANCE };
    char *body;
    size_t length;
    size_t left;
    int64_t until_ms = 0;
    char number[ROLL_NUMBER_MAX];
    if (strcmp(words[0], "roll") == 0)
        return station_roll(station, words[1], arena, &roll, &err) &&
               fprintf(stderr, "%s\n", roll.is_offline ? "offline" : "given") > 0 &&
               fwrite(roll.bytes, 1, roll.length, stdout) == roll.length;
    if (strcmp(words[0], "begin") == 0)
        return station_begin(station, words[1], number, &err) && printf("%s\n", number) > 0;
    if (strcmp(words[0], "end") == 0)
        return station_end(station, &err);
    if (strcmp(words[0], "claim") == 0)
        return station_claim(station, number, &err) && printf("%s\n", number) > 0;
    if (strcmp(words[0], "flush") == 0) {
        bool done = station_flush(station, &left, &err);
        printf("%zu\n", left);
        return done;
    }
    if (strcmp(words[0], "confirm") == 0)
        return confirm(station, arena, words[1]);
    if (strcmp(words[0], "renew") == 0)
        return station_check(station, &err) && station_renew(station, &until_ms, &err) &&
               printf("%s\n", until_ms > 0 ? "renewed" : "good") > 0;
    if (strcmp(words[0], "waiting") == 0)
        return printf("%zu\n", station_waiting(station)) > 0;
    if (!rw_file_read(words[3], SENDER_BODY_MAX, arena, &body, &length, &err))
        return false;
    if (strcmp(words[0], "verdict") == 0)
        entry.kind = SPOOL_VERDICT;
    if (strcmp(words[0], "picture") == 0)
        entry.kind = SPOOL_PICTURE;
    if (!rw_text_copy(entry.roll, sizeof entry.roll, words[1]) ||
        !rw_text_copy(entry.serial, sizeof entry.serial, words[2]))
        return rw_error_set(&err, RW_INVALID, "", "\"%.32s\" is no bag", words[2]);
    return station_tell(station, &entry, body, length, &err) && station_flush(station, &left, &err);
}

/* station_driver STATE enrol SERVER CODE CA, or STATE ACT ROLL SERIAL FILE. */
int main(int argc, char **argv)
{
    static char nothing[1];
    char *words[] = { argc > 2 ? argv[2] : nothing, argc > 3 ? argv[3] : nothing,
                      argc > 4 ? argv[4] : nothing, argc > 5 ? argv[5] : nothing };
    struct rw_arena *arena = rw_arena_open(64 * RW_ARENA_MIB);
    struct rw_clock clock = rw_clock_system();
    struct enrol_identity identity;
    struct station *station = NULL;
    bool done = argc > 2 && arena != NULL && rw_crypto_init(&err);
    if (done && strcmp(words[0], "enrol") == 0) {
        const struct enrol_order order = {
            .server = words[1], .code = words[2], .ca_file = words[3], .state_folder = argv[1]
        };
        done = enrol_run(&order, arena, &identity, &err);
    } else if (done) {
        done = station_open(argv[1], &clock, &station, &err) && act(station, arena, words);
    }
    station_close(station);
    rw_arena_close(arena);
    if (!done)
        fprintf(stderr, "%s: %s\n", rw_error_id(err.code), err.text);
    return done ? 0 : 1;
}
