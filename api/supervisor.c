/* SPDX-License-Identifier: Apache-2.0 */
/* Talks with who started us, as systemd does: state, sockets, watchdog. */
#define _GNU_SOURCE
#include "api/supervisor.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/text.h"

#define FIRST_SOCKET 3 /* SD_LISTEN_FDS_START */

void supervisor_tell(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un there = { .sun_family = AF_UNIX };
    if (!path || (path[0] != '/' && path[0] != '@') ||
        !rw_text_copy(there.sun_path, sizeof there.sun_path, path))
        return;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    if (path[0] == '@')
        there.sun_path[0] = '\0'; /* an address without a file */
    int wire = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (wire < 0)
        return;
    (void)!sendto(wire, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&there,
                  size); /* who does not listen is not told */
    (void)close(wire);
}

void supervisor_beat(void)
{
    if (getenv("WATCHDOG_USEC"))
        supervisor_tell("WATCHDOG=1");
}

static bool is_number(const char *name, int64_t max, int64_t *ret_number)
{
    const char *text = getenv(name);
    return text && rw_text_to_int(text, 0, max, ret_number);
}

int supervisor_socket(const char *name)
{
    int64_t count = 0;
    int64_t pid = 0;
    const char *names = getenv("LISTEN_FDNAMES");
    if (!names || !is_number("LISTEN_FDS", SUPERVISOR_SOCKETS_MAX, &count) ||
        !is_number("LISTEN_PID", INT32_MAX, &pid) || pid != getpid())
        return -1;
    for (int at = 0; at < (int)count && names; at++) {
        size_t length = strcspn(names, ":");
        if (length == strlen(name) && strncmp(names, name, length) == 0) {
            (void)fcntl(FIRST_SOCKET + at, F_SETFD, FD_CLOEXEC);
            return FIRST_SOCKET + at;
        }
        names = names[length] ? names + length + 1 : NULL;
    }
    return -1;
}
