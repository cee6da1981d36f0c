/* SPDX-License-Identifier: Apache-2.0 */
/* Runs another program under an account without rights. */
#define _GNU_SOURCE
#include "api/child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/text.h"

#define EXIT_COULD_NOT_DROP 126
#define EXIT_COULD_NOT_START 127
#define POLL_STEP_MS 5

/* Looked up here: in a child between its fork and its program the look-up, which takes memory and
 * locks that another thread may hold at the fork, can hang for ever. */
static void find_groups(struct child_account *account)
{
    account->group_count = CHILD_GROUPS_MAX;
    if (getgrouplist(account->name, account->gid, account->groups, &account->group_count) >= 0)
        return;
    account->groups[0] = account->gid;
    account->group_count = 1;
}

bool child_account_find(struct child_account *ret_account, struct rw_error *err)
{
    struct child_account account = { .uid = geteuid(), .gid = getegid() };
    if (geteuid() == 0) {
        struct passwd *found = getpwnam("postgres");
        if (!found)
            found = getpwnam("nobody");
        if (!found) {
            return rw_error_set(
                err, RW_UNAVAILABLE, "",
                "could not find the account postgres or nobody to run the database");
        }
        account.drop = true;
        account.uid = found->pw_uid;
        account.gid = found->pw_gid;
        (void)rw_text_copy(account.name, sizeof account.name, found->pw_name);
        find_groups(&account);
    }
    *ret_account = account;
    return true;
}

static bool drop_rights(const struct child_account *account)
{
    if (!account->drop)
        return true;
    return setgroups((size_t)account->group_count, account->groups) == 0 &&
           setgid(account->gid) == 0 && setuid(account->uid) == 0;
}

/* Never returns. After fork only calls that are safe there are made. */
static void become(const struct child_account *account, const char *const *args, int log,
                   int death_signal, pid_t parent)
{
    char *environment[] = { (char[]){ "LC_ALL=C.UTF-8" }, (char[]){ "TZ=UTC" },
                            (char[]){ "PATH=/usr/bin:/bin" }, NULL };
    sigset_t none;
    sigemptyset(&none);
    int nothing = open("/dev/null", O_RDONLY);
    if (setsid() < 0 || !drop_rights(account) || prctl(PR_SET_PDEATHSIG, death_signal) != 0 ||
        getppid() != parent || nothing < 0 || sigprocmask(SIG_SETMASK, &none, NULL) != 0 ||
        dup2(nothing, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0 || chdir("/") != 0)
        _exit(EXIT_COULD_NOT_DROP);
    (void)umask(077);
    (void)close_range(3, ~0U, 0); /* no connection or key file leaks into the child */
    /* execve does not write to its arguments, whatever its type says */
    execve(args[0], (char *const *)(uintptr_t)args, environment);
    _exit(EXIT_COULD_NOT_START);
}

bool child_start(const struct child_account *account, const char *const *args, const char *log_path,
                 int death_signal, pid_t *ret_pid, struct rw_error *err)
{
    int log = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (log < 0) {
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not open %s: %s", log_path,
                            strerror(errno));
    }
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0)
        become(account, args, log, death_signal, parent);
    (void)close(log);
    if (pid < 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not start %s: %s", args[0],
                            strerror(errno));
    *ret_pid = pid;
    return true;
}

bool child_wait(pid_t pid, int32_t timeout_ms, int *ret_status)
{
    const struct timespec step = { .tv_nsec = POLL_STEP_MS * 1000000L };
    for (int32_t waited = 0; waited <= timeout_ms; waited += POLL_STEP_MS) {
        pid_t ended = waitpid(pid, ret_status, WNOHANG);
        if (ended == pid || (ended < 0 && errno == ECHILD))
            return true;
        (void)nanosleep(&step, NULL);
    }
    return false;
}

bool child_stop_asked(void)
{
    sigset_t waiting;
    return sigpending(&waiting) == 0 &&
           (sigismember(&waiting, SIGTERM) == 1 || sigismember(&waiting, SIGINT) == 1 ||
            sigismember(&waiting, SIGHUP) == 1);
}

bool child_may_enter(const struct child_account *account, const char *path)
{
    if (!account->drop)
        return access(path, X_OK) == 0;
    pid_t pid = fork();
    if (pid == 0)
        _exit(drop_rights(account) && access(path, X_OK) == 0 ? 0 : 1);
    int status = 1;
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}
