/* SPDX-License-Identifier: Apache-2.0 */
/* Writes files whole or not at all, on full disks too. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/draft.h"
#include "core/base/file.h"
#include "tests/support/scratch.h"

static char folder[SCRATCH_PATH_MAX];
static struct rw_arena *arena;

static int open_all(void **state)
{
    (void)state;
    arena = rw_arena_open(16 * RW_ARENA_MIB);
    return arena != NULL && scratch_make(folder) ? 0 : -1;
}

static int close_all(void **state)
{
    char command[128];
    (void)state;
    rw_arena_close(arena);
    (void)snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static const char *path_of(const char *name)
{
    static char path[RW_FILE_PATH_MAX];
    struct rw_error err = { 0 };
    assert_true(rw_file_join(path, folder, name, &err));
    return path;
}

static int count_files(void)
{
    int count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir))
        count += entry->d_name[0] != '.';
    (void)closedir(dir);
    return count;
}

static const char *content_of(const char *name)
{
    struct rw_error err = { 0 };
    char *bytes = NULL;
    size_t length = 0;
    assert_true(rw_file_read(path_of(name), 1000, arena, &bytes, &length, &err));
    assert_int_equal(strlen(bytes), length);
    return bytes;
}

static void what_was_written_is_read_again(void **state)
{
    struct rw_error err = { 0 };
    struct stat about;
    (void)state;
    assert_true(rw_file_write(path_of("a"), "first", 5, 0600, &err));
    assert_string_equal(content_of("a"), "first");
    assert_int_equal(stat(path_of("a"), &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_true(rw_file_write(path_of("a"), "second", 6, 0600, &err));
    assert_string_equal(content_of("a"), "second");
    assert_true(rw_file_write(path_of("empty"), "", 0, 0644, &err));
    assert_string_equal(content_of("empty"), "");
    assert_int_equal(count_files(), 2);
}

static void an_abandoned_draft_leaves_nothing(void **state)
{
    struct rw_error err = { 0 };
    struct rw_draft draft;
    int before = count_files();
    (void)state;
    assert_true(rw_draft_begin(&draft, path_of("b"), 0600, &err));
    assert_int_equal(write(draft.descriptor, "half", 4), 4);
    assert_int_not_equal(access(path_of("b"), F_OK), 0);
    rw_draft_abandon(&draft);
    assert_int_equal(count_files(), before);
}

/* In a child, because the limit on file sizes cannot be taken back. */
/* REQ-020: the old file stays whole when the new one cannot be written. */
static void a_disk_that_is_full_leaves_the_old_file(void **state)
{
    struct rw_error err = { 0 };
    (void)state;
    assert_true(rw_file_write(path_of("kept"), "old", 3, 0600, &err));
    int before = count_files();
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        static char large[10000];
        struct rlimit limit = { .rlim_cur = 4096, .rlim_max = 4096 };
        (void)signal(SIGXFSZ, SIG_IGN);
        (void)setrlimit(RLIMIT_FSIZE, &limit);
        bool refused = !rw_file_write(path_of("kept"), large, sizeof large, 0600, &err);
        _exit(refused && err.code == RW_UNAVAILABLE ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(count_files(), before);
    assert_string_equal(content_of("kept"), "old");
}

static void a_full_device_is_told_in_plain_words(void **state)
{
    struct rw_error err = { 0 };
    (void)state;
    if (access("/dev/full", W_OK) != 0)
        skip();
    assert_false(rw_file_write("/dev/full", "x", 1, 0600, &err));
    assert_int_equal(err.code, RW_UNAVAILABLE);
    assert_string_equal(err.text, "could not write \"/dev/full\": no space is left on its disk");
    struct stat about;
    assert_int_equal(stat("/dev/full", &about), 0);
    assert_true(S_ISCHR(about.st_mode));
}

static void a_link_stays_a_link(void **state)
{
    struct rw_error err = { 0 };
    struct stat about;
    char target[RW_FILE_PATH_MAX];
    (void)state;
    (void)snprintf(target, sizeof target, "%s", path_of("target"));
    assert_true(rw_file_write(target, "1", 1, 0600, &err));
    assert_int_equal(symlink(target, path_of("link")), 0);
    assert_true(rw_file_write(path_of("link"), "2", 1, 0600, &err));
    assert_int_equal(lstat(path_of("link"), &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    assert_string_equal(content_of("target"), "2");
}

static void what_cannot_be_read_is_told(void **state)
{
    char *bytes;
    size_t length;
    struct rw_error err = { 0 };
    (void)state;
    assert_false(rw_file_read(path_of("absent"), 10, arena, &bytes, &length, &err));
    assert_int_equal(err.code, RW_UNREADABLE);
    err = (struct rw_error){ 0 };
    assert_false(rw_file_read(folder, 10, arena, &bytes, &length, &err));
    assert_int_equal(err.code, RW_UNREADABLE);
    err = (struct rw_error){ 0 };
    assert_true(rw_file_write(path_of("eleven"), "12345678901", 11, 0600, &err));
    assert_false(rw_file_read(path_of("eleven"), 10, arena, &bytes, &length, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    err = (struct rw_error){ 0 };
    assert_true(rw_file_read(path_of("eleven"), 11, arena, &bytes, &length, &err));
    assert_int_equal(length, 11);
}

static void a_pipe_is_read_to_its_end_or_its_ceiling(void **state)
{
    char path[64];
    static char large[200000];
    (void)state;
    for (int round = 0; round < 2; round++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            (void)close(ends[0]);
            (void)signal(SIGPIPE, SIG_IGN);
            memset(large, 'p', sizeof large);
            ssize_t written = write(ends[1], large, sizeof large);
            _exit(written < 0);
        }
        (void)close(ends[1]);
        (void)snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
        struct rw_error err = { 0 };
        char *bytes;
        size_t length = 0;
        size_t max = round == 0 ? sizeof large : sizeof large - 1;
        bool done = rw_file_read(path, max, arena, &bytes, &length, &err);
        assert_int_equal(done, round == 0);
        assert_int_equal(round == 0 ? length : 0, round == 0 ? sizeof large : 0);
        assert_int_equal(err.code, round == 0 ? RW_OK : RW_TOO_LARGE);
        (void)close(ends[0]);
        (void)waitpid(child, NULL, 0);
    }
}

static void a_pipe_that_nobody_writes_to_is_told(void **state)
{
    struct rw_error err = { 0 };
    char *bytes = NULL;
    size_t length = 0;
    (void)state;
    assert_int_equal(mkfifo(path_of("pipe"), 0600), 0);
    assert_false(rw_file_read(path_of("pipe"), 1000, arena, &bytes, &length, &err));
    assert_int_equal(err.code, RW_UNREADABLE);
    assert_non_null(strstr(err.text, "nothing writes to this pipe"));
}

static void what_cannot_be_written_is_told(void **state)
{
    struct rw_error err = { 0 };
    (void)state;
    assert_false(rw_file_write(path_of("no/such/folder"), "x", 1, 0600, &err));
    assert_int_equal(err.code, RW_UNAVAILABLE);
    err = (struct rw_error){ 0 };
    assert_false(rw_file_write(folder, "x", 1, 0600, &err));
    assert_int_equal(err.code, RW_UNAVAILABLE);
    static char name[RW_FILE_PATH_MAX + 10];
    memset(name, 'n', sizeof name - 1);
    err = (struct rw_error){ 0 };
    assert_false(rw_file_write(name, "x", 1, 0600, &err));
    assert_false(rw_file_join(name, folder, name, NULL));
}

static void folders_are_made_with_their_parents(void **state)
{
    struct rw_error err = { 0 };
    struct stat about;
    (void)state;
    assert_true(rw_file_make_folder(path_of("x/y/z"), 0700, &err));
    assert_true(rw_file_make_folder(path_of("x/y/z"), 0700, &err));
    assert_int_equal(stat(path_of("x/y/z"), &about), 0);
    assert_true(rw_file_write(path_of("x/file"), "", 0, 0600, &err));
    assert_false(rw_file_make_folder(path_of("x/file/z"), 0700, &err));
    assert_false(rw_file_make_folder("", 0700, NULL));
}

static void memory_that_ends_is_told(void **state)
{
    struct rw_error err = { 0 };
    char *bytes;
    size_t length;
    (void)state;
    assert_true(rw_file_write(path_of("m"), "0123456789", 10, 0600, &err));
    struct rw_arena *small = rw_arena_open(0);
    assert_false(rw_file_read(path_of("m"), 100, small, &bytes, &length, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
    rw_arena_close(small);
}

/* A name without a folder means the working folder; "-" means standard output. */
static void a_bare_name_lies_in_the_working_folder(void **state)
{
    char before[RW_FILE_PATH_MAX];
    struct rw_error err = { 0 };
    (void)state;
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(folder), 0);
    const bool written = rw_file_write("bare", "here", 4, 0600, &err);
    assert_int_equal(chdir(before), 0);
    assert_true(written);
    assert_string_equal(content_of("bare"), "here");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_again),
        cmocka_unit_test(an_abandoned_draft_leaves_nothing),
        cmocka_unit_test(a_disk_that_is_full_leaves_the_old_file),
        cmocka_unit_test(a_full_device_is_told_in_plain_words),
        cmocka_unit_test(a_link_stays_a_link),
        cmocka_unit_test(what_cannot_be_read_is_told),
        cmocka_unit_test(a_pipe_is_read_to_its_end_or_its_ceiling),
        cmocka_unit_test(a_pipe_that_nobody_writes_to_is_told),
        cmocka_unit_test(what_cannot_be_written_is_told),
        cmocka_unit_test(folders_are_made_with_their_parents),
        cmocka_unit_test(memory_that_ends_is_told),
        cmocka_unit_test(a_bare_name_lies_in_the_working_folder),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
