/* SPDX-License-Identifier: Apache-2.0 */
/* Holds each address to a number of connections that asked nothing. */
#ifndef RW_API_CROWD_H
#define RW_API_CROWD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define CROWD_PLACES 4096 /* addresses that fall into one place share what it allows */
#define CROWD_NOWHERE (-1)

/* How many connections of each address are in their handshake or before the end of their first
 * request. Who asked once is no part of it: so many devices may be held behind one address, and a
 * flood of half-open connections ends with itself. Thread-safe; all zero is an empty one. */
struct crowd {
    int64_t max; /* 0 = any number */
    atomic_int places[CROWD_PLACES];
    atomic_llong refused;
};

/* CROWD_NOWHERE when the address has its number already; else the place that is left again. */
int32_t crowd_enter(struct crowd *crowd, const char *address);
void crowd_leave(struct crowd *crowd, int32_t place); /* CROWD_NOWHERE is allowed */
/* How many were refused since the last time that this was asked. */
int64_t crowd_refused(struct crowd *crowd);

#endif
