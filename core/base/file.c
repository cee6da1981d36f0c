/* SPDX-License-Identifier: Apache-2.0 */
/* Reads files whole, and writes them whole or not at all. */
#define _POSIX_C_SOURCE 200809L /* O_CLOEXEC */
#include "core/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/draft.h"

#define FILE_READ_FIRST ((size_t)64 * 1024) /* room for the first piece of a pipe */
#define FILE_WRITER_TRIES 20 /* times that a pipe is asked whether somebody writes to it … */
#define FILE_WRITER_MS 100   /* … and how far apart */

static bool read_failed(const char *path, int cause, struct rw_error *err)
{
    return rw_error_set(err, RW_UNREADABLE, "", "could not read \"%s\": %s", path, strerror(cause));
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

bool rw_file_write(const char *path, const void *bytes, size_t length, int mode,
                   struct rw_error *err)
{
    struct rw_draft draft;
    if (!rw_draft_begin(&draft, path, mode, err))
        return false;
    return rw_draft_fill(&draft, bytes, length, err) && rw_draft_commit(&draft, err);
}

static bool folder_failed(const char *path, int cause, struct rw_error *err)
{
    return rw_error_set(err, RW_UNAVAILABLE, "", "could not make the folder \"%s\": %s", path,
                        strerror(cause));
}

bool rw_file_make_folder(const char *path, int mode, struct rw_error *err)
{
    char part[RW_FILE_PATH_MAX];
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof part)
        return folder_failed(path, length == 0 ? ENOENT : ENAMETOOLONG, err);
    memcpy(part, path, length + 1);
    for (size_t i = 1; i <= length; i++) {
        if (part[i] != '/' && part[i] != '\0')
            continue;
        part[i] = '\0';
        struct stat about;
        if (mkdir(part, (mode_t)mode) != 0 &&
            (errno != EEXIST || stat(part, &about) != 0 || !S_ISDIR(about.st_mode)))
            return folder_failed(path, errno == EEXIST ? ENOTDIR : errno, err);
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
