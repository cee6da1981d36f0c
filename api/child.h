/* SPDX-License-Identifier: Apache-2.0 */
/* Runs another program under an account without rights. */
#ifndef RW_API_CHILD_H
#define RW_API_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/attributes.h"
#include "core/base/error.h"

#define CHILD_ARGS_MAX 64
#define CHILD_GROUPS_MAX 64 /* of an account with more a child has its own group alone */

/* Who a child runs as. Without `drop` it stays who we are. */
struct child_account {
    bool drop;
    uid_t uid;
    gid_t gid;
    char name[64];
    gid_t groups[CHILD_GROUPS_MAX];
    int group_count;
};

/* As root: the account postgres, else nobody. Otherwise ourselves. */
RW_MUST_USE bool child_account_find(struct child_account *ret_account, struct rw_error *err);
/* Starts `args[0]` in a session of its own with an empty environment, output appended to
 * `log_path`. `death_signal` reaches it when the thread that started it ends, however it ends. */
RW_MUST_USE bool child_start(const struct child_account *account, const char *const *args,
                             const char *log_path, int death_signal, pid_t *ret_pid,
                             struct rw_error *err);
/* Waits until it ends; false when that took longer. */
bool child_wait(pid_t pid, int32_t timeout_ms, int *ret_status);
/* Was this process told to stop (TERM, INT or HUP, blocked by who starts it) and has not yet? What
 * waits for long while the service starts asks this. */
bool child_stop_asked(void);
/* May this account enter every folder on the way to `path` and itself? Asked by trying. */
bool child_may_enter(const struct child_account *account, const char *path);

#endif
