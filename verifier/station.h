/* SPDX-License-Identifier: Apache-2.0 */
/* The line's talk with the service: rolls in, verdicts out. */
#ifndef RW_VERIFIER_STATION_H
#define RW_VERIFIER_STATION_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/model/roll.h"

#define STATION_SPOOL_MAX 8192 /* bodies that wait on the disk */
#define STATION_REST_MS 5000   /* after a failure the network is left alone this long */
#define STATION_PICTURE_MAX ((size_t)8 * 1024 * 1024) /* bytes of one PNG */

/* The line was enrolled before: `state_folder` holds ca.pem, client.pem, client.key and device.json
 * (core/net/enrol.h). What cannot be sent at once waits in `state_folder`/spool and survives a
 * crash; it is sent in the order in which it was made. Not thread-safe. */
struct station;

RW_MUST_USE bool station_open(const char *state_folder, const struct rw_clock *clock,
                              struct station **ret_station, struct rw_error *err);
void station_close(struct station *station);
/* The id that the service gave this line. */
const char *station_line(const struct station *station);

/* The roll file, byte for byte as `build` wrote it (read it with roll_json_read). Needs the
 * network: RW_UNAVAILABLE without one, RW_NOT_FOUND for a roll that the line may not see. */
RW_MUST_USE bool station_roll(struct station *station, const char *roll, struct rw_arena *arena,
                              const char **ret_bytes, size_t *ret_length, struct rw_error *err);

/* The number of the next roll that this line should check; the same again until each of its bags
 * has a verdict. Empty when none waits. The service gives it to no other line meanwhile; posting
 * verdicts keeps it. What waits in the spool is sent first, so that nothing is checked twice.
 * RW_UNAVAILABLE without a network; a refused verdict that is found then is told as by
 * station_flush, and asking again goes on. */
RW_MUST_USE bool station_claim(struct station *station, char ret_roll[ROLL_NUMBER_MAX],
                               struct rw_error *err);

/* `body` is what verdict_json_write_bag made, `png` a whole PNG file. True once the bytes are safe:
 * with the service, or in the spool. False: the service refused them for good (the bytes are kept
 * in `state_folder`/refused), or the disk could not take them. */
RW_MUST_USE bool station_verdict(struct station *station, const char *roll, const char *serial,
                                 const char *body, size_t length, struct rw_error *err);
RW_MUST_USE bool station_picture(struct station *station, const char *roll, const char *serial,
                                 const void *png, size_t length, struct rw_error *err);

/* Sends what waits, at once; `ret_left` is what still waits because of the network. */
RW_MUST_USE bool station_flush(struct station *station, size_t *ret_left, struct rw_error *err);
/* How many bodies wait. */
size_t station_waiting(const struct station *station);

#endif
