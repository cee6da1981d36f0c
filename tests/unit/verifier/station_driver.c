/* SPDX-License-Identifier: Apache-2.0 */
/* Lets a test speak to the service as a line does, one act a run. */
#include <stdio.h>
#include <string.h>

#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/net/enrol.h"
#include "verifier/station.h"

static struct rw_error err;

static bool act(struct station *station, struct rw_arena *arena, char **words)
{
    const char *bytes;
    char *body;
    size_t length;
    size_t left;
    char number[ROLL_NUMBER_MAX];
    if (strcmp(words[0], "roll") == 0)
        return station_roll(station, words[1], arena, &bytes, &length, &err) &&
               fwrite(bytes, 1, length, stdout) == length;
    if (strcmp(words[0], "claim") == 0)
        return station_claim(station, number, &err) && printf("%s\n", number) > 0;
    if (strcmp(words[0], "flush") == 0) {
        bool done = station_flush(station, &left, &err);
        printf("%zu\n", left);
        return done;
    }
    if (strcmp(words[0], "waiting") == 0)
        return printf("%zu\n", station_waiting(station)) > 0;
    if (!rw_file_read(words[3], STATION_PICTURE_MAX, arena, &body, &length, &err))
        return false;
    return strcmp(words[0], "verdict") == 0
               ? station_verdict(station, words[1], words[2], body, length, &err)
               : station_picture(station, words[1], words[2], body, length, &err);
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
