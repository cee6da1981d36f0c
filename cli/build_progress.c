/* SPDX-License-Identifier: Apache-2.0 */
/* Shows a person at a terminal how far a long run is. */
#define _POSIX_C_SOURCE 200809L
#include "cli/build_progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define FEWEST 50      /* of less there is nothing to wait for */
#define MS_BETWEEN 200 /* two lines */
#define MS_A_SECOND 1000

static int64_t now_ms(void)
{
    struct timespec now = { 0 };
    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* it always exists here */
    return (int64_t)now.tv_sec * MS_A_SECOND + now.tv_nsec / 1000000;
}

void build_progress_begin(struct build_progress *progress, const struct options *options,
                          const char *what, size_t count)
{
    *progress = (struct build_progress){ .what = what, .count = count };
    progress->shown = !options->quiet && count >= FEWEST && isatty(STDERR_FILENO);
    progress->mixed = progress->shown && isatty(STDOUT_FILENO);
    if (progress->shown)
        progress->began_ms = now_ms();
}

void build_progress_tell(struct build_progress *progress, size_t done)
{
    if (!progress->shown || done == 0)
        return;
    const int64_t now = now_ms();
    if (now - progress->told_ms < MS_BETWEEN && done != progress->count)
        return;
    const int64_t ms = now - progress->began_ms + 1;
    const int64_t left_ms = ms * (int64_t)(progress->count - done) / (int64_t)done;
    progress->told_ms = now;
    progress->written = true;
    fprintf(stderr, "\r%zu of %zu %s, %lld a second, %lld s left\033[K", done, progress->count,
            progress->what, (long long)((int64_t)done * MS_A_SECOND / ms),
            (long long)((left_ms + MS_A_SECOND - 1) / MS_A_SECOND));
}

void build_progress_clear(struct build_progress *progress)
{
    if (progress->written)
        fputs("\r\033[K", stderr);
    progress->written = false;
}
