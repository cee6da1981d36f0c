/* SPDX-License-Identifier: Apache-2.0 */
/* The line's talk with the service: rolls in, verdicts out. */
#ifndef RW_VERIFIER_STATION_H
#define RW_VERIFIER_STATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/model/roll.h"
#include "verifier/sender.h"

/* The line was enrolled before: `state_folder` holds ca.pem, client.pem, client.key and device.json
 * (core/net/enrol.h). What is told of bags goes to `state_folder`/spool first and survives a crash;
 * it is sent in the order in which it was made, while a roll is judged by a thread of the station.
 * All functions are called by one thread. */
struct station;

RW_MUST_USE bool station_open(const char *state_folder, const struct rw_clock *clock,
                              struct station **ret_station, struct rw_error *err);
void station_close(struct station *station);
/* The id that the service gave this line. */
const char *station_line(const struct station *station);

/* The roll file, byte for byte as `build` wrote it (read it with roll_json_read). */
struct station_roll {
    const char *bytes;
    size_t length;
    bool is_offline;  /* the service could not be asked: it is what it gave last, and … */
    int64_t given_ms; /* … when (UTC). Whether it changed or was withdrawn since is not known */
};
/* RW_NOT_FOUND for a roll that the line may not see. RW_UNAVAILABLE without a network, for a roll
 * that this line was not given before or may not have any more. RW_CONFLICT for a version older
 * than the newest that was seen. */
RW_MUST_USE bool station_roll(struct station *station, const char *roll, struct rw_arena *arena,
                              struct station_roll *ret_roll, struct rw_error *err);
/* Asks once more for a roll that was judged offline: false in `ret_known` while there is no
 * network. RW_CONFLICT when it is no longer the one that was judged. */
RW_MUST_USE bool station_confirm(struct station *station, const struct roll *roll, bool *ret_known,
                                 struct rw_error *err);

/* The number of the next roll that this line should check; the same again until each of its bags
 * has a verdict. Empty when none waits. The service gives it to no other line meanwhile; posting
 * verdicts keeps it. What waits in the spool is sent first, so that nothing is checked twice.
 * RW_UNAVAILABLE without a network; a refused verdict that is found then is told as by
 * station_flush, and asking again goes on. */
RW_MUST_USE bool station_claim(struct station *station, char ret_roll[ROLL_NUMBER_MAX],
                               struct rw_error *err);

/* From here on what waits is sent by a thread. `ret_before` is the roll of a run that did not come
 * to its station_end (killed, or out of power), else empty. */
RW_MUST_USE bool station_begin(struct station *station, const char *roll,
                               char ret_before[ROLL_NUMBER_MAX], struct rw_error *err);
/* All verdicts of the roll were told. */
RW_MUST_USE bool station_end(struct station *station, struct rw_error *err);

/* `body` is what verdict_json_write_bag made, `png` a whole PNG file. A glance is what is known
 * before the film's end. True once the bytes are on the disk; the network is not waited for. */
RW_MUST_USE bool station_tell(struct station *station, const struct spool_entry *entry,
                              const void *bytes, size_t length, struct rw_error *err);

/* Sends what waits, at once; `ret_left` is what still waits because of the network. False: the
 * service refused something for good, now or since station_begin (it is kept in
 * `state_folder`/refused). */
RW_MUST_USE bool station_flush(struct station *station, size_t *ret_left, struct rw_error *err);
/* How many bodies wait. */
size_t station_waiting(const struct station *station);

/* RW_UNAUTHENTICATED once the certificate of the line has ended: the service takes nothing then. */
RW_MUST_USE bool station_check(const struct station *station, struct rw_error *err);
/* The last act of a run, once nothing waits: asks for the next certificate when it is time
 * (core/net/enrol.h). `ret_until_ms` is when the new one ends (UTC), 0 when it was not time. False:
 * the one that is there stays. */
RW_MUST_USE bool station_renew(struct station *station, int64_t *ret_until_ms,
                               struct rw_error *err);

#endif
