/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts connections that take too long over a request. */
#ifndef RW_API_REAPER_H
#define RW_API_REAPER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

/* One open connection: from reaper_watch to reaper_forget. */
struct reaper_watched {
    int socket;
    atomic_llong until_ms; /* monotonic; 0 = it may take its time */
    struct reaper_watched *next;
    struct reaper_watched *previous;
};

/* Thread-safe. All zero but `lock` is an empty one. */
struct reaper {
    pthread_mutex_t lock;
    struct reaper_watched *first;
};

void reaper_init(struct reaper *reaper);
void reaper_release(struct reaper *reaper);
void reaper_watch(struct reaper *reaper, struct reaper_watched *one, int64_t until_ms);
void reaper_forget(struct reaper *reaper, struct reaper_watched *one);
/* What it does next must end by then. */
void reaper_allow(struct reaper_watched *one, int64_t until_ms);
/* Shuts the sockets of those whose time is up; who watches them closes them. */
void reaper_reap(struct reaper *reaper, int64_t now_ms);

#endif
