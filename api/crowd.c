/* SPDX-License-Identifier: Apache-2.0 */
/* Holds each address to a number of connections that asked nothing. */
#include "api/crowd.h"

#include <stddef.h>

/* FNV-1a. Who chooses an address to fall into the place of another shares the other's patience. */
static int32_t place_of(const char *address)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; address[i]; i++)
        hash = (hash ^ (unsigned char)address[i]) * 16777619U;
    return (int32_t)(hash % CROWD_PLACES);
}

int32_t crowd_enter(struct crowd *crowd, const char *address)
{
    int32_t place = place_of(address);
    int before = atomic_fetch_add(&crowd->places[place], 1);
    if (crowd->max == 0 || before < crowd->max)
        return place;
    crowd_leave(crowd, place);
    atomic_fetch_add(&crowd->refused, 1);
    return CROWD_NOWHERE;
}

void crowd_leave(struct crowd *crowd, int32_t place)
{
    if (place != CROWD_NOWHERE)
        atomic_fetch_sub(&crowd->places[place], 1);
}

int64_t crowd_refused(struct crowd *crowd)
{
    return atomic_exchange(&crowd->refused, 0);
}
