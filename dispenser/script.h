/* SPDX-License-Identifier: Apache-2.0 */
/* Drives a dispenser by lines of JSON, with a clock that jumps. */
#ifndef RW_DISPENSER_SCRIPT_H
#define RW_DISPENSER_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "dispenser/device.h"

#define SCRIPT_LINES_MAX 100000
#define SCRIPT_BYTES_MAX ((size_t)8 * 1024 * 1024)
#define SCRIPT_STEPS_MAX 100000 /* instants of one "until" */

/* A clock that a script may take over: it shows the machine's time until `simulated` is set. */
struct script_clock {
    struct rw_clock real;
    bool simulated;
    int64_t utc_ms;
};
struct rw_clock script_clock_port(struct script_clock *clock);

/* Runs every line. `ret_good` is false when a line did not come out as it should: a schedule that
 * was waited for did not come. False with an error: a line cannot be read, or the disk failed. */
RW_MUST_USE bool script_run(struct device *device, struct script_clock *clock, const char *bytes,
                            size_t length, bool *ret_good, struct rw_error *err);

#endif
