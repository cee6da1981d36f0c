/* SPDX-License-Identifier: Apache-2.0 */
/* Notices that the clock was set, and waits before it believes it. */
#ifndef RW_API_JUMPS_H
#define RW_API_JUMPS_H

#include <stdbool.h>
#include <stdint.h>

#define JUMPS_MS_MIN 30000                   /* less is a clock that is kept right */
#define JUMPS_QUIET_MS (INT64_C(10) * 60000) /* as after a start */

/* Plain bytes; zero is one that has seen no time yet. A clock that is set forward by mistake would
 * make every moment of that time a missed one: until it has stood for a while, or was set back,
 * nothing is concluded from it. */
struct jumps {
    int64_t utc_ms; /* when it was last looked at */
    int64_t monotonic_ms;
    int64_t quiet_until_ms; /* monotonic; 0 = not quiet */
};

/* By how much the clock was set since the last look: 0 where it just went on. */
int64_t jumps_look(struct jumps *jumps, int64_t utc_ms, int64_t monotonic_ms);
bool jumps_is_quiet(const struct jumps *jumps, int64_t monotonic_ms);

#endif
