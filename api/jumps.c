/* SPDX-License-Identifier: Apache-2.0 */
/* Notices that the clock was set, and waits before it believes it. */
#include "api/jumps.h"

int64_t jumps_look(struct jumps *jumps, int64_t utc_ms, int64_t monotonic_ms)
{
    bool first = jumps->monotonic_ms == 0;
    int64_t jump_ms = (utc_ms - jumps->utc_ms) - (monotonic_ms - jumps->monotonic_ms);
    jumps->utc_ms = utc_ms;
    jumps->monotonic_ms = monotonic_ms;
    if (first || (jump_ms > -JUMPS_MS_MIN && jump_ms < JUMPS_MS_MIN))
        return 0;
    jumps->quiet_until_ms = jump_ms > 0 ? monotonic_ms + JUMPS_QUIET_MS : 0;
    return jump_ms;
}

bool jumps_is_quiet(const struct jumps *jumps, int64_t monotonic_ms)
{
    return monotonic_ms < jumps->quiet_until_ms;
}
