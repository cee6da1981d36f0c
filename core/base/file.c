/* SPDX-License-Identifier: Apache-2.0 */
/* Reads files whole, and writes them beside until they are whole. */
#define _GNU_SOURCE /* sync_file_range, syncfs, O_TMPFILE */
#include "core/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_SYNC_TOGETHER 16               /* from so many files on */
#define FILE_READ_FIRST ((size_t)64 * 1024) /* room for the first piece of a pipe */
#define FILE_DRAFT_TRIES 64
#define FILE_WRITER_TRIES 20 /* times that a pipe is asked whether somebody writes to it … */
#define FILE_WRITER_MS 100   /* … and how far apart */
#define FILE_DESCRIPTORS "/proc/self/fd"

static bool read_failed(const char *path, int cause, struct rw_error *err)
{
    return rw_error_set(err, RW_UNREADABLE, "", "could not read \"%s\": %s", path, strerror(cause));
}

static bool write_failed(const char *path, int cause, struct rw_error *err)
{
    if (cause == ENOSPC || cause == EDQUOT)
        return rw_error_set(err, RW_UNAVAILABLE, "",
                            "could not write \"%s\": no space is left on its disk", path);
    return rw_error_set(err, RW_UNAVAILABLE, "", "could not write \"%s\": %s", path,
                        strerror(cause));
}

static bool too_large(const char *path, size_t max, struct rw_error *err)
{
    return rw_error_set(err, RW_TOO_LARGE, "", "\"%s\" has more than %zu bytes", path, max);
}

struct file_bytes {
    char *bytes;
    size_t length;
    size_t room;
};

/* Doubles the room, at most to one byte above `max`: that byte tells that the file is too long. */
static bool widen(struct file_bytes *read_so_far, size_t max, struct rw_arena *arena,
                  struct rw_error *err)
{
    size_t room = read_so_far->room <= max / 2 ? read_so_far->room * 2 : max + 1;
    char *wider = rw_arena_alloc(arena, room + 1, err);
    if (wider == NULL)
        return false;
    memcpy(wider, read_so_far->bytes, read_so_far->length);
    read_so_far->bytes = wider;
    read_so_far->room = room;
    return true;
}

static bool read_all(int descriptor, const char *path, size_t max, struct rw_arena *arena,
                     struct file_bytes *inout, struct rw_error *err)
{
    for (;;) {
        if (inout->length > max)
            return too_large(path, max, err);
        if (inout->length == inout->room && !widen(inout, max, arena, err))
            return false;
        ssize_t count = read(descriptor, inout->bytes + inout->length, inout->room - inout->length);
        if (count == 0)
            return true;
        if (count < 0 && errno != EINTR)
            return read_failed(path, errno, err);
        if (count > 0)
            inout->length += (size_t)count;
    }
}

/* A pipe on the disk may have nobody at its other end; one that has is then read as long as it
 * takes. The descriptor does not block yet. */
static bool await_writer(int descriptor, const char *path, struct file_bytes *inout,
                         struct rw_error *err)
{
    for (int i = 0; i < FILE_WRITER_TRIES; i++) {
        ssize_t count = read(descriptor, inout->bytes, inout->room);
        if (count > 0)
            inout->length = (size_t)count;
        if (count > 0 || (count < 0 && errno == EAGAIN))
            return true;
        if (count < 0 && errno != EINTR)
            return read_failed(path, errno, err);
        (void)poll(NULL, 0, FILE_WRITER_MS); /* a signal only makes the wait shorter */
    }
    return rw_error_set(err, RW_UNREADABLE, "",
                        "could not read \"%s\": nothing writes to this pipe", path);
}

static bool read_open(int descriptor, const char *path, size_t max, struct rw_arena *arena,
                      struct file_bytes *ret, struct rw_error *err)
{
    struct stat about;
    if (fstat(descriptor, &about) != 0)
        return read_failed(path, errno, err);
    if (S_ISDIR(about.st_mode))
        return read_failed(path, EISDIR, err);
    size_t room = FILE_READ_FIRST;
    if (S_ISREG(about.st_mode) && about.st_size > 0) {
        if ((uintmax_t)about.st_size > max)
            return too_large(path, max, err);
        room = (size_t)about.st_size + 1;
    }
    if (room > max)
        room = max + 1;
    *ret = (struct file_bytes){ .bytes = rw_arena_alloc(arena, room + 1, err), .room = room };
    if (ret->bytes == NULL)
        return false;
    if (descriptor != STDIN_FILENO && S_ISFIFO(about.st_mode) &&
        !await_writer(descriptor, path, ret, err))
        return false;
    if (descriptor != STDIN_FILENO && !S_ISREG(about.st_mode) && fcntl(descriptor, F_SETFL, 0) != 0)
        return read_failed(path, errno, err);
    return read_all(descriptor, path, max, arena, ret, err);
}

bool rw_file_read(const char *path, size_t max, struct rw_arena *arena, char **ret_bytes,
                  size_t *ret_length, struct rw_error *err)
{
    bool standard = strcmp(path, "-") == 0;
    int descriptor =
        standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (descriptor < 0)
        return read_failed(path, errno, err);
    struct file_bytes result = { .bytes = NULL };
    bool done = read_open(descriptor, path, max, arena, &result, err);
    if (!standard)
        (void)close(descriptor); /* nothing was written to it */
    if (!done)
        return false;
    result.bytes[result.length] = '\0';
    *ret_bytes = result.bytes;
    *ret_length = result.length;
    return true;
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

bool rw_file_write(const char *path, const void *bytes, size_t length, int mode,
                   struct rw_error *err)
{
    struct rw_file_draft draft;
    if (!rw_file_begin(&draft, path, mode, err))
        return false;
    return rw_file_fill(&draft, bytes, length, err) && rw_file_commit(&draft, err);
}

bool rw_file_fill(struct rw_file_draft *draft, const void *bytes, size_t length,
                  struct rw_error *err)
{
    if (write_all(draft->descriptor, draft->path, bytes, length, err))
        return true;
    rw_file_abandon(draft);
    return false;
}

/* Devices and pipes are written straight; a link is followed, so that the link itself stays. */
static bool find_target(struct rw_file_draft *draft, const char *path, struct rw_error *err)
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
static void find_folder(const char *path, char ret_folder[RW_FILE_PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - path);
    const char *folder = length > 0 ? path : slash == NULL ? "." : "/";
    (void)snprintf(ret_folder, RW_FILE_PATH_MAX, "%.*s", length > 0 ? (int)length : 1, folder);
}

/* The next name beside the file that no draft of this process has had. */
static bool next_name(struct rw_file_draft *draft, struct rw_error *err)
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
static bool open_nameless(struct rw_file_draft *draft, int mode)
{
    char folder[RW_FILE_PATH_MAX];
    if (access(FILE_DESCRIPTORS, X_OK) != 0)
        return false;
    find_folder(draft->path, folder);
    draft->descriptor = open(folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, (mode_t)mode);
    return draft->descriptor >= 0;
}

static bool open_draft(struct rw_file_draft *draft, int mode, struct rw_error *err)
{
    if (open_nameless(draft, mode))
        return true;
    for (int i = 0; i < FILE_DRAFT_TRIES; i++) {
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

bool rw_file_begin(struct rw_file_draft *draft, const char *path, int mode, struct rw_error *err)
{
    *draft = (struct rw_file_draft){ .descriptor = STDOUT_FILENO, .is_straight = true };
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
    char folder[RW_FILE_PATH_MAX];
    find_folder(path, folder);
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return write_failed(path, errno, err);
    /* Some file systems have no such thing as syncing a folder (EINVAL). */
    bool done = fsync(descriptor) == 0 || errno == EINVAL || write_failed(path, errno, err);
    (void)close(descriptor);
    return done;
}

static bool sync_draft(struct rw_file_draft *draft, struct rw_error *err)
{
    if (draft->is_straight || fsync(draft->descriptor) == 0)
        return true;
    (void)write_failed(draft->path, errno, err);
    rw_file_abandon(draft);
    return false;
}

/* Gives a draft without a name the one of its file, or one beside it where there is a file. */
static bool link_nameless(struct rw_file_draft *draft, struct rw_error *err)
{
    char held[sizeof FILE_DESCRIPTORS + 16];
    (void)snprintf(held, sizeof held, "%s/%d", FILE_DESCRIPTORS, draft->descriptor);
    if (linkat(AT_FDCWD, held, AT_FDCWD, draft->path, AT_SYMLINK_FOLLOW) == 0)
        return true;
    for (int i = 0; i < FILE_DRAFT_TRIES && errno == EEXIST; i++) {
        if (!next_name(draft, err))
            return false;
        if (linkat(AT_FDCWD, held, AT_FDCWD, draft->draft, AT_SYMLINK_FOLLOW) == 0)
            return true;
    }
    draft->draft[0] = '\0'; /* a name that is not ours is not removed */
    return write_failed(draft->path, errno, err);
}

/* Gives the draft its name; what is written straight is only closed. */
static bool name_draft(struct rw_file_draft *draft, struct rw_error *err)
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
    rw_file_abandon(draft);
    return false;
}

bool rw_file_commit(struct rw_file_draft *draft, struct rw_error *err)
{
    return rw_file_commit_all(draft, 1, err);
}

/* Many files of one file system are put on its disk together: singly, each would wait for the disk
 * to empty its cache. */
static bool sync_drafts(struct rw_file_draft *drafts, size_t count, struct rw_error *err)
{
    struct stat first = { 0 };
    struct stat about;
    bool done = true;
    const bool together = count >= FILE_SYNC_TOGETHER && !drafts[0].is_straight &&
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

bool rw_file_commit_all(struct rw_file_draft *drafts, size_t count, struct rw_error *err)
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
            rw_file_abandon(&drafts[i]);
    }
    return done && (folder == NULL || sync_folder(folder, err));
}

void rw_file_abandon(struct rw_file_draft *draft)
{
    if (draft->descriptor >= 0 && draft->descriptor != STDOUT_FILENO)
        (void)close(draft->descriptor); /* what was written is thrown away */
    if (draft->draft[0] != '\0')
        (void)unlink(draft->draft);
    draft->descriptor = -1;
}

bool rw_file_make_folder(const char *path, int mode, struct rw_error *err)
{
    char part[RW_FILE_PATH_MAX];
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof part)
        return write_failed(path, length == 0 ? ENOENT : ENAMETOOLONG, err);
    memcpy(part, path, length + 1);
    for (size_t i = 1; i <= length; i++) {
        if (part[i] != '/' && part[i] != '\0')
            continue;
        part[i] = '\0';
        struct stat about;
        if (mkdir(part, (mode_t)mode) != 0 &&
            (errno != EEXIST || stat(part, &about) != 0 || !S_ISDIR(about.st_mode)))
            return rw_error_set(err, RW_UNAVAILABLE, "", "could not make the folder \"%s\": %s",
                                path, strerror(errno == EEXIST ? ENOTDIR : errno));
        part[i] = path[i];
    }
    return true;
}

bool rw_file_join(char ret_path[RW_FILE_PATH_MAX], const char *folder, const char *name,
                  struct rw_error *err)
{
    bool slash = folder[0] != '\0' && folder[strlen(folder) - 1] == '/';
    int length = snprintf(ret_path, RW_FILE_PATH_MAX, "%s%s%s", folder, slash ? "" : "/", name);
    if (length < 0 || length >= RW_FILE_PATH_MAX)
        return rw_error_set(err, RW_UNAVAILABLE, "", "the path of \"%.64s\" is too long", name);
    return true;
}
