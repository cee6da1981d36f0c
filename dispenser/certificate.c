/* SPDX-License-Identifier: Apache-2.0 */
/* Looks after the certificate of a dispenser. */
#include "dispenser/certificate.h"

#include "core/base/arena.h"
#include "core/base/clock.h"

#define CERTIFICATE_ARENA_BYTES (2 * RW_ARENA_MIB)

static void complain(const struct device *device, const struct rw_error *fault)
{
    device_say(device, (struct device_note){ .what = "certificate",
                                             .word = rw_error_id(fault->code),
                                             .number = -1,
                                             .text = fault->text });
}

void certificate_tend(const struct enrol_identity *identity, struct device *device)
{
    struct rw_error fault = { 0 };
    const struct rw_clock clock = rw_clock_system(); /* handshakes go by it, never by a script's */
    int64_t until_ms = 0;
    char until[RW_CLOCK_TEXT_MAX];
    struct rw_arena *arena = rw_arena_open(CERTIFICATE_ARENA_BYTES);
    if (arena == NULL)
        (void)rw_error_set(&fault, RW_NO_MEMORY, "", "a certificate found no memory");
    if (arena == NULL ||
        !enrol_renew(identity, rw_clock_utc_ms(&clock), arena, &until_ms, &fault)) {
        complain(device, &fault);
    } else if (until_ms > 0) {
        rw_clock_write_utc(until_ms, until);
        device_say(device,
                   (struct device_note){
                       .what = "certificate", .word = "renewed", .number = -1, .text = until });
    }
    rw_arena_close(arena);
}
