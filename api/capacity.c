/* SPDX-License-Identifier: Apache-2.0 */
/* Finds how many connections and threads the machine lets us have. */
#define _GNU_SOURCE
#include "api/capacity.h"

#include <sched.h>
#include <sys/resource.h>

#include "api/http.h"

#define CONNECTIONS_MIN 64
#define PEOPLE_PART 8     /* of the files, for the door of people and programs */
#define FILES_OF_OURS 200 /* database, logs, libraries */

int32_t capacity_raise_files(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    rlim_t files = setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before;
    if (files < FILES_OF_OURS)
        return 0;
    return files > INT32_MAX ? INT32_MAX : (int32_t)(files - FILES_OF_OURS);
}

/* Devices are many and stay, people are few. */
int32_t capacity_connections(int32_t files, enum exchange_listener listener)
{
    int32_t people = files / PEOPLE_PART;
    int32_t count = listener == EXCHANGE_DEVICES ? files - people : people;
    if (count < CONNECTIONS_MIN)
        return CONNECTIONS_MIN;
    return count > HTTP_CONNECTIONS_MAX ? HTTP_CONNECTIONS_MAX : count;
}

/* Devices ask for little that is waited for: more threads than processors to run them would only
 * take turns, and find less of what they need in the caches. */
int32_t capacity_device_threads(void)
{
    cpu_set_t ours;
    int count = sched_getaffinity(0, sizeof ours, &ours) == 0 ? CPU_COUNT(&ours) : 0;
    if (count < CAPACITY_THREADS_MIN)
        return CAPACITY_THREADS_MIN;
    return count > CAPACITY_THREADS_MAX ? CAPACITY_THREADS_MAX : count;
}
