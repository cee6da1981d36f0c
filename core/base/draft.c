/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are written beside, or nameless, until they are whole. */
#define _GNU_SOURCE /* sync_file_range, syncfs, O_TMPFILE */
#include "core/base/draft.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DRAFT_SYNC_TOGETHER 16 /* from so many files on */
#define DRAFT_NAME_TRIES 64
#define DRAFT_DESCRIPTORS "/proc/self/fd"

static bool write_failed(const char *path, int cause, struct rw_error *err)
{
    if (cause == ENOSPC || cause == EDQUOT)
        return rw_error_set(err, RW_UNAVAILABLE, "",
                            "could not write \"%s\": no space is left on its disk", path);
    return rw_error_set(err, RW_UNAVAILABLE, "", "could not write \"%s\": %s", path,
                        strerror(cause));
}

static bool write_all(int descriptor, const char *path, const char *bytes, size_t length,
                      struct rw_error *err)
{
    size_t done = 0;
    while (done < length) {
        ssize_t count = write(descriptor, bytes + done, length - done);
        if (count < 0 && errno != EINTR)
            return write_failed(path, errno, err);
        if (count > 0)
            done += (size_t)count;
    }
    return true;
}

bool rw_draft_fill(struct rw_draft *draft, const void *bytes, size_t length, struct rw_error *err)
{
    if (write_all(draft->descriptor, draft->path, bytes, length, err))
        return true;
    rw_draft_abandon(draft);
    return false;
}

/* Devices and pipes are written straight; a link is followed, so that the link itself stays. */
static bool find_target(struct rw_draft *draft, const char *path, struct rw_error *err)
{
    draft->is_straight = false;
    struct stat about;
    char resolved[PATH_MAX];
    const char *target = path;
    if (stat(path, &about) == 0) {
        if (S_ISDIR(about.st_mode))
            return write_failed(path, EISDIR, err);
        draft->is_straight = !S_ISREG(about.st_mode);
        if (realpath(path, resolved) != NULL)
            target = resolved;
    }
    int length = snprintf(draft->path, sizeof draft->path, "%s", target);
    if (length < 0 || (size_t)length >= sizeof draft->path)
        return write_failed(path, ENAMETOOLONG, err);
    return true;
}

/* The folder that `path` lies in. */
static void find_folder(const char *path, char ret_folder[RW_DRAFT_PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL || slash == path)
        (void)snprintf(ret_folder, RW_DRAFT_PATH_MAX, "%s", slash == NULL ? "." : "/");
    else
        (void)snprintf(ret_folder, RW_DRAFT_PATH_MAX, "%.*s", (int)(slash - path), path);
}

/* The next name beside the file that no draft of this process has had. */
static bool next_name(struct rw_draft *draft, struct rw_error *err)
{
    static atomic_uint counter;
    unsigned number = atomic_fetch_add(&counter, 1);
    int length = snprintf(draft->draft, sizeof draft->draft, "%s.%ld-%u.draft", draft->path,
                          (long)getpid(), number);
    return (length >= 0 && (size_t)length < sizeof draft->draft) ||
           write_failed(draft->path, ENAMETOOLONG, err);
}

/* A draft without a name is gone when its process is. Not every file system has such files, and
 * giving one its name goes through /proc. */
static bool open_nameless(struct rw_draft *draft, int mode)
{
    char folder[RW_DRAFT_PATH_MAX];
    if (access(DRAFT_DESCRIPTORS, X_OK) != 0)
        return false;
    find_folder(draft->path, folder);
    draft->descriptor = open(folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, (mode_t)mode);
    return draft->descriptor >= 0;
}

static bool open_draft(struct rw_draft *draft, int mode, struct rw_error *err)
{
    if (open_nameless(draft, mode))
        return true;
    for (int i = 0; i < DRAFT_NAME_TRIES; i++) {
        if (!next_name(draft, err))
            return false;
        draft->descriptor =
            open(draft->draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
        if (draft->descriptor >= 0)
            return true;
        if (errno != EEXIST)
            return write_failed(draft->path, errno, err);
    }
    return write_failed(draft->path, EEXIST, err);
}

bool rw_draft_begin(struct rw_draft *draft, const char *path, int mode, struct rw_error *err)
{
    *draft = (struct rw_draft){ .descriptor = STDOUT_FILENO, .is_straight = true };
    if (strcmp(path, "-") == 0) {
        draft->path[0] = '-';
        return true;
    }
    if (!find_target(draft, path, err))
        return false;
    if (!draft->is_straight)
        return open_draft(draft, mode, err);
    draft->descriptor = open(draft->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    return draft->descriptor >= 0 || write_failed(path, errno, err);
}

/* The new name is safe only once its folder is on the disk too. */
static bool sync_folder(const char *path, struct rw_error *err)
{
    char folder[RW_DRAFT_PATH_MAX];
    find_folder(path, folder);
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return write_failed(path, errno, err);
    /* Some file systems have no such thing as syncing a folder (EINVAL). */
    bool done = fsync(descriptor) == 0 || errno == EINVAL || write_failed(path, errno, err);
    (void)close(descriptor);
    return done;
}

static bool sync_draft(struct rw_draft *draft, struct rw_error *err)
{
    if (draft->is_straight || fsync(draft->descriptor) == 0)
        return true;
    (void)write_failed(draft->path, errno, err);
    rw_draft_abandon(draft);
    return false;
}

/* Gives a draft without a name the one of its file, or one beside it where there is a file. */
static bool link_nameless(struct rw_draft *draft, struct rw_error *err)
{
    char held[sizeof DRAFT_DESCRIPTORS + 16];
    (void)snprintf(held, sizeof held, "%s/%d", DRAFT_DESCRIPTORS, draft->descriptor);
    if (linkat(AT_FDCWD, held, AT_FDCWD, draft->path, AT_SYMLINK_FOLLOW) == 0)
        return true;
    for (int i = 0; i < DRAFT_NAME_TRIES && errno == EEXIST; i++) {
        if (!next_name(draft, err))
            return false;
        if (linkat(AT_FDCWD, held, AT_FDCWD, draft->draft, AT_SYMLINK_FOLLOW) == 0)
            return true;
    }
    draft->draft[0] = '\0'; /* a name that is not ours is not removed */
    return write_failed(draft->path, errno, err);
}

/* Gives the draft its name; what is written straight is only closed. */
static bool name_draft(struct rw_draft *draft, struct rw_error *err)
{
    const int descriptor = draft->descriptor;
    if (descriptor == STDOUT_FILENO)
        return true;
    bool done = draft->is_straight || draft->draft[0] != '\0' || link_nameless(draft, err);
    draft->descriptor = -1;
    done = (close(descriptor) == 0 || write_failed(draft->path, errno, err)) && done;
    if (done && (draft->draft[0] == '\0' || rename(draft->draft, draft->path) == 0 ||
                 write_failed(draft->path, errno, err)))
        return true;
    rw_draft_abandon(draft);
    return false;
}

bool rw_draft_commit(struct rw_draft *draft, struct rw_error *err)
{
    return rw_draft_commit_all(draft, 1, err);
}

/* Many files of one file system are put on its disk together: singly, each would wait for the disk
 * to empty its cache. */
static bool sync_drafts(struct rw_draft *drafts, size_t count, struct rw_error *err)
{
    struct stat first = { 0 };
    struct stat about;
    bool done = true;
    const bool together = count >= DRAFT_SYNC_TOGETHER && !drafts[0].is_straight &&
                          fstat(drafts[0].descriptor, &first) == 0;
    for (size_t i = 0; i < count && done; i++) {
        if (!together || fstat(drafts[i].descriptor, &about) != 0 || about.st_dev != first.st_dev)
            done = sync_draft(&drafts[i], err);
    }
    done = done && (!together || syncfs(drafts[0].descriptor) == 0 ||
                    write_failed(drafts[0].path, errno, err));
    for (size_t i = 0; i < count && together; i++) /* memory is for what is read, not for these */
        (void)posix_fadvise(drafts[i].descriptor, 0, 0, POSIX_FADV_DONTNEED);
    return done;
}

bool rw_draft_commit_all(struct rw_draft *drafts, size_t count, struct rw_error *err)
{
    const char *folder = NULL;
    /* Begins to write all of them, so that the first sync waits for many. */
    for (size_t i = 0; i < count && count > 1; i++)
        (void)sync_file_range(drafts[i].descriptor, 0, 0, SYNC_FILE_RANGE_WRITE);
    bool done = sync_drafts(drafts, count, err);
    for (size_t i = 0; i < count; i++) {
        if (done && !drafts[i].is_straight)
            folder = drafts[i].path;
        done = done && name_draft(&drafts[i], err);
        if (!done)
            rw_draft_abandon(&drafts[i]);
    }
    return done && (folder == NULL || sync_folder(folder, err));
}

void rw_draft_abandon(struct rw_draft *draft)
{
    if (draft->descriptor >= 0 && draft->descriptor != STDOUT_FILENO)
        (void)close(draft->descriptor); /* what was written is thrown away */
    if (draft->draft[0] != '\0')
        (void)unlink(draft->draft);
    draft->descriptor = -1;
}
