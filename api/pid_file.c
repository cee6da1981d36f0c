/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what a PostgreSQL server says of itself in its postmaster.pid. */
#define _GNU_SOURCE
#include "api/pid_file.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/text.h"

/* The lines of the file; PostgreSQL has them in pidfile.h (LOCK_FILE_LINE_PID and so on). */
enum { LINE_PID = 0, LINE_SOCKET = 4, LINE_STATUS = 7, LINE_COUNT = 8 };

#define LINE_MAX_BYTES 1040   /* a path of PostgreSQL has 1024 bytes at most */
#define UNWATCHED_MS 10       /* between two looks without a watch */
#define EVENTS_MAX_BYTES 4096 /* taken at once; what is left wakes the next wait */

/* "" for a line that is not there, or not yet. */
static void read_lines(const char *data_folder, char ret_lines[LINE_COUNT][LINE_MAX_BYTES])
{
    char path[RW_FILE_PATH_MAX];
    memset(ret_lines, 0, LINE_COUNT * sizeof *ret_lines);
    if (!rw_file_join(path, data_folder, "postmaster.pid", NULL))
        return;
    FILE *file = fopen(path, "re");
    if (!file)
        return;
    for (int i = 0; i < LINE_COUNT && fgets(ret_lines[i], LINE_MAX_BYTES, file); i++)
        ret_lines[i][strcspn(ret_lines[i], " \n")] = '\0'; /* the status is padded */
    (void)fclose(file);
}

static pid_t pid_of(const char *line)
{
    int64_t pid = 0;
    return rw_text_to_int(line, 2, INT32_MAX, &pid) ? (pid_t)pid : 0;
}

pid_t pid_file_pid(const char *data_folder)
{
    char lines[LINE_COUNT][LINE_MAX_BYTES];
    read_lines(data_folder, lines);
    return pid_of(lines[LINE_PID]);
}

bool pid_file_is_ready(const char *data_folder, pid_t pid, const char *socket_folder)
{
    char lines[LINE_COUNT][LINE_MAX_BYTES];
    read_lines(data_folder, lines);
    return pid_of(lines[LINE_PID]) == pid && rw_text_equal(lines[LINE_SOCKET], socket_folder) &&
           rw_text_equal(lines[LINE_STATUS], "ready");
}

int pid_file_watch(const char *data_folder)
{
    int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (watch >= 0 &&
        inotify_add_watch(watch, data_folder, IN_CREATE | IN_MODIFY | IN_DELETE) < 0) {
        (void)close(watch); /* nothing was written to it */
        watch = -1;
    }
    return watch;
}

void pid_file_wait(int watch, int32_t timeout_ms)
{
    char events[EVENTS_MAX_BYTES];
    struct pollfd one = { .fd = watch, .events = POLLIN }; /* one below 0 is passed over */
    if (poll(&one, 1, watch < 0 ? UNWATCHED_MS : timeout_ms) > 0)
        (void)!read(watch, events, sizeof events); /* that something changed is all */
}
