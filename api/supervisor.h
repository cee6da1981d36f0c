/* SPDX-License-Identifier: Apache-2.0 */
/* Talks with who started us, as systemd does: state, sockets, watchdog. */
#ifndef RW_API_SUPERVISOR_H
#define RW_API_SUPERVISOR_H

#include <stdbool.h>

#define SUPERVISOR_SOCKETS_MAX 16

/* Sends "READY=1" and the like to NOTIFY_SOCKET (sd_notify(3)); without one nothing happens. */
void supervisor_tell(const char *state);
/* A sign of life, where one is expected (WATCHDOG_USEC): in each wait that may be long. */
void supervisor_beat(void);
/* The listening socket that was handed over under this name (sd_listen_fds_with_names(3)), -1
 * without one. It stays open in who started us: callers wait there while we start anew. */
int supervisor_socket(const char *name);

#endif
