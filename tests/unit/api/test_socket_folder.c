/* SPDX-License-Identifier: Apache-2.0 */
/* Tests where the socket of the own database lies, under systemd too. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/socket_folder.h"
#include "core/base/text.h"
#include "tests/support/scratch.h"

struct top {
    char base[SCRATCH_PATH_MAX];
    char runtime[96];
    struct child_account ourselves;
};

static int make_top(void **state)
{
    static struct top top;
    if (!scratch_make(top.base))
        return -1;
    (void)snprintf(top.runtime, sizeof top.runtime, "%s/runtime", top.base);
    top.ourselves = (struct child_account){ .uid = geteuid(), .gid = getegid() };
    *state = &top;
    return mkdir(top.runtime, 0755);
}

static int remove_top(void **state)
{
    const struct top *top = *state;
    char command[128];
    (void)unsetenv("RUNTIME_DIRECTORY");
    (void)snprintf(command, sizeof command, "rm -rf %s", top->base);
    return system(command);
}

static void make(const struct top *top, char folder[SOCKET_FOLDER_MAX])
{
    struct rw_error err = { 0 };
    struct stat held;
    if (!socket_folder_make(&top->ourselves, top->base, folder, &err))
        fail_msg("%s", err.text);
    assert_int_equal(stat(folder, &held), 0);
    assert_int_equal(held.st_mode & 0777, 0700);
}

/* There /tmp may be one that nobody else sees: a backup would not find the database. */
static void under_systemd_it_lies_where_others_see_it(void **state)
{
    const struct top *top = *state;
    char folder[SOCKET_FOLDER_MAX];
    char both[256];
    (void)snprintf(both, sizeof both, "%s:/run/another", top->runtime);
    assert_int_equal(setenv("RUNTIME_DIRECTORY", both, 1), 0);
    make(top, folder);
    assert_true(rw_text_starts_with(folder, top->runtime));
    socket_folder_remove(folder);
    assert_int_not_equal(access(folder, F_OK), 0);
}

static void a_runtime_folder_that_cannot_be_used_is_left_alone(void **state)
{
    const struct top *top = *state;
    static const char *const useless[] = {
        "", "/nonexistent", "/a/path/that/is/much/too/long/for/what/a/socket/may/be/called/at/all"
    };
    for (size_t i = 0; i < RW_COUNT(useless); i++) {
        char folder[SOCKET_FOLDER_MAX];
        assert_int_equal(setenv("RUNTIME_DIRECTORY", useless[i], 1), 0);
        make(top, folder);
        assert_true(rw_text_starts_with(folder, "/run/rolwacht-") ||
                    rw_text_starts_with(folder, "/tmp/rolwacht-"));
        socket_folder_remove(folder);
    }
}

static void what_was_left_behind_is_taken_away(void **state)
{
    const struct top *top = *state;
    char left[SOCKET_FOLDER_MAX];
    char socket[128];
    char folder[SOCKET_FOLDER_MAX];
    assert_int_equal(setenv("RUNTIME_DIRECTORY", top->runtime, 1), 0);
    make(top, left);
    (void)snprintf(socket, sizeof socket, "%s/.s.PGSQL.5432", left);
    FILE *file = fopen(socket, "we");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    make(top, folder);
    assert_int_not_equal(access(left, F_OK), 0);
    socket_folder_remove(folder);
}

/* What SystemCallFilter=~@privileged does to chown and its like. */
static bool forbid_chown(void)
{
    struct sock_filter rows[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#ifdef SYS_chown
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_chown, 1, 0),
#endif
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fchownat, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1 /* EPERM */),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = { sizeof rows / sizeof *rows, rows };
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static void it_is_made_where_chown_is_forbidden(void **state)
{
    const struct top *top = *state;
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        struct rw_error err = { 0 };
        char folder[SOCKET_FOLDER_MAX];
        if (!forbid_chown())
            _exit(3);
        if (chown(top->runtime, geteuid(), getegid()) == 0)
            _exit(4);
        bool made = socket_folder_make(&top->ourselves, top->base, folder, &err);
        if (made)
            socket_folder_remove(folder);
        _exit(made ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(under_systemd_it_lies_where_others_see_it, make_top,
                                        remove_top),
        cmocka_unit_test_setup_teardown(a_runtime_folder_that_cannot_be_used_is_left_alone,
                                        make_top, remove_top),
        cmocka_unit_test_setup_teardown(what_was_left_behind_is_taken_away, make_top, remove_top),
        cmocka_unit_test_setup_teardown(it_is_made_where_chown_is_forbidden, make_top, remove_top),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
