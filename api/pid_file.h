/* SPDX-License-Identifier: Apache-2.0 */
/* What a PostgreSQL server says of itself in its postmaster.pid. */
#ifndef RW_API_PID_FILE_H
#define RW_API_PID_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* 0 when no server of this folder ever started, or the last one ended well. */
pid_t pid_file_pid(const char *data_folder);
/* Does it say that this very server takes connections, at a socket in this folder? What a server
 * left that was killed says so of another one. */
bool pid_file_is_ready(const char *data_folder, pid_t pid, const char *socket_folder);

/* Wakes when a file of the folder changes; -1 where the system has no more of these. */
int pid_file_watch(const char *data_folder);
/* Waits for a change since the last call, `timeout_ms` at most; without a watch a short moment. */
void pid_file_wait(int watch, int32_t timeout_ms);

#endif
