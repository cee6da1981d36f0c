/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded by tests: shows its program another time of day. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* Seconds, in the file that RW_WARP names; a test changes them while the program runs. The clocks
 * that nobody can set go on as they are. */
static _Atomic int64_t *warp_s;

__attribute__((constructor)) static void open_warp(void)
{
    const char *path = getenv("RW_WARP");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *room = mmap(NULL, sizeof *warp_s, PROT_READ, MAP_SHARED, file, 0);
    (void)close(file);
    if (room != MAP_FAILED)
        warp_s = room;
}

int clock_gettime(clockid_t id, struct timespec *ret_now)
{
    int status = (int)syscall(SYS_clock_gettime, id, ret_now);
    if (status == 0 && warp_s && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
        ret_now->tv_sec += atomic_load(warp_s);
    return status;
}

int gettimeofday(struct timeval *ret_now, void *nothing)
{
    struct timespec now = { 0 };
    int status = clock_gettime(CLOCK_REALTIME, &now);
    (void)nothing;
    *ret_now = (struct timeval){ .tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000 };
    return status;
}

time_t time(time_t *ret_now)
{
    struct timespec now = { 0 };
    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (ret_now)
        *ret_now = now.tv_sec;
    return now.tv_sec;
}
