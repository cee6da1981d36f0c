/* SPDX-License-Identifier: Apache-2.0 */
/* Finds how many connections and threads the machine lets us have. */
#ifndef RW_API_CAPACITY_H
#define RW_API_CAPACITY_H

#include <stdint.h>

#include "api/exchange.h"

#define CAPACITY_THREADS_MIN 2 /* one goes on while another waits for the database */
#define CAPACITY_THREADS_MAX 16

/* The files that we may open, less what we use ourselves; the limit is raised as far as it goes. */
int32_t capacity_raise_files(void);
/* Of these files, for connections at one door. */
int32_t capacity_connections(int32_t files, enum exchange_listener listener);
/* That serve devices. */
int32_t capacity_device_threads(void);

#endif
