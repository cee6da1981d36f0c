/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the short folder in which the own database has its socket. */
#ifndef RW_API_SOCKET_FOLDER_H
#define RW_API_SOCKET_FOLDER_H

#include <stdbool.h>

#include "api/child.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define SOCKET_FOLDER_MAX 64 /* a socket's path has 107 bytes at most */

/* In the folder that systemd made for us ($RUNTIME_DIRECTORY), which others see too: /tmp may be
 * one of our own there. Else under /run or /tmp. Only the account enters it. Its name stands in the
 * file `socket` of `base`; what a service that was killed left there is taken away. */
RW_MUST_USE bool socket_folder_make(const struct child_account *account, const char *base,
                                    char ret_folder[SOCKET_FOLDER_MAX], struct rw_error *err);
void socket_folder_remove(const char *folder);

#endif
