/* SPDX-License-Identifier: Apache-2.0 */
/* Reads cameras and video files by a module that is loaded then. */
#define _POSIX_C_SOURCE 200809L
#include "verifier/video.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"

#define TOLD_MAX 256                      /* bytes of an address as it is told, NUL included */
#define WRITER_MS 5000                    /* until something must come out of a pipe */
#define PIPE_NAME_MAX 32                  /* bytes of what the library calls it, NUL included */
#define MODULE "../lib/rolwacht/video.so" /* seen from the program's folder */

_Static_assert(CAMERA_REASON_MAX == VISION_VIDEO_FAULT_MAX, "both say why nothing comes");

static bool find_module(char ret_path[RW_FILE_PATH_MAX], struct rw_error *err)
{
    char own[RW_FILE_PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);

    own[length < 0 ? 0 : length] = '\0';
    char *slash = strrchr(own, '/');
    if (slash == NULL)
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not find where this program lies");
    *slash = '\0';
    return rw_file_join(ret_path, own, MODULE, err);
}

/* It stays loaded: some of its libraries do not bear to be taken away. */
static bool load(const struct vision_video_calls **ret_calls, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    if (!find_module(path, err))
        return false;
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const void *calls = module == NULL ? NULL : dlsym(module, VISION_VIDEO_CALLS);
    if (calls == NULL)
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not load what reads videos: %.256s",
                            dlerror());
    *ret_calls = calls;
    return true;
}

/* An address may hold a password, before its host or behind: scheme and host alone are told. Where
 * an @ stands behind the host, who knows what the password is: then the scheme alone. */
static void write_told(const char *name, char ret_told[TOLD_MAX])
{
    const char *scheme_end = strstr(name, "://");
    if (scheme_end == NULL) {
        (void)snprintf(ret_told, TOLD_MAX, "%s", name);
        return;
    }
    const char *host = scheme_end + 3;
    int scheme = (int)(host - name);
    size_t length = strcspn(host, "/?#");
    const char *at = strrchr(host, '@');
    if (at != NULL && at > host + length)
        length = 0;
    else if (at != NULL) {
        length -= (size_t)(at + 1 - host);
        host = at + 1;
    }
    (void)snprintf(ret_told, TOLD_MAX, "%.*s%.*s", scheme, name, (int)length, host);
}

/* A file that is not there is no concern of the library's; numbered pictures have no such name. */
static const char *why(const char *name, const char *fault)
{
    bool is_file = strstr(name, "://") == NULL && strchr(name, '%') == NULL;
    if (fault[0] != '\0')
        return fault;
    return is_file && access(name, R_OK) != 0 ? strerror(errno) : "";
}

/* A film that cannot be opened, or has not one frame. */
static bool refuse(const char *name, const char *fault, struct rw_error *err)
{
    const char *reason = why(name, fault);
    char told[TOLD_MAX];

    write_told(name, told);
    return rw_error_set(err, RW_UNREADABLE, "", "\"%s\" is no video that can be read%s%s", told,
                        reason[0] != '\0' ? ": " : "", reason);
}

/* The library would open a pipe on the disk anew, and wait without end for one that nobody writes
 * to any more. So it is opened here, and read where what is written to it lies. */
static bool open_pipe(const char *name, struct video *video, char fault[VISION_VIDEO_FAULT_MAX])
{
    struct stat about;
    if (stat(name, &about) != 0 || !S_ISFIFO(about.st_mode))
        return true;
    video->is_pipe = true;
    int opened = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct pollfd wanted = { .fd = opened, .events = POLLIN };
    if (opened < 0) {
        (void)snprintf(fault, VISION_VIDEO_FAULT_MAX, "%s", strerror(errno));
        return false;
    }
    video->pipe = opened;
    if (poll(&wanted, 1, WRITER_MS) <= 0)
        (void)snprintf(fault, VISION_VIDEO_FAULT_MAX, "nothing writes to this pipe");
    return fault[0] == '\0';
}

static void open_named(struct video *video, const char *name, bool camera,
                       char fault[VISION_VIDEO_FAULT_MAX])
{
    char pipe[PIPE_NAME_MAX];
    if (!open_pipe(name, video, fault))
        return;
    (void)snprintf(pipe, sizeof pipe, VISION_VIDEO_PIPE "%d", video->pipe);
    video->open = video->calls->open(video->is_pipe ? pipe : name, camera, fault);
}

bool video_open(const char *name, bool camera, struct video *ret_video, struct rw_error *err)
{
    struct video video = { .file = camera ? NULL : name };
    char fault[VISION_VIDEO_FAULT_MAX] = "";
    char told[TOLD_MAX];

    *ret_video = video;
    if (camera && camera_is_named(name))
        return camera_open(name, &ret_video->camera, err);
    write_told(name, told);
    if (!load(&video.calls, err))
        return false;
    open_named(&video, name, camera, fault);
    if (video.open == NULL)
        video_close(&video);
    if (video.open == NULL && !camera)
        return refuse(name, fault, err);
    if (video.open == NULL) {
        const char *reason = why(name, fault);
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not open the camera \"%s\"%s%s", told,
                            reason[0] != '\0' ? ": " : "", reason);
    }
    *ret_video = video;
    return true;
}

bool video_is_open(const struct video *video)
{
    return video->open != NULL || video->camera.is_open;
}

static bool next_of_library(struct video *video, struct rw_arena *arena,
                            struct picture *ret_picture, bool *ret_end, char *fault,
                            struct rw_error *err)
{
    struct vision_video_frame frame = { 0 };
    struct picture picture;
    enum vision_video_outcome outcome = video->calls->next(video->open, &frame, fault);

    if (outcome == VISION_VIDEO_FAILED)
        return rw_error_set(err, RW_UNREADABLE, "", "%s", fault);
    if (outcome == VISION_VIDEO_END && video->file != NULL && !video->has_shown)
        return refuse(video->file, fault, err);
    *ret_end = outcome == VISION_VIDEO_END;
    if (*ret_end)
        return true;
    if (!picture_make_room(arena, frame.width, frame.height, &picture, err))
        return false;
    for (int32_t y = 0; y < frame.height; y++)
        memcpy(picture.pixels + (ptrdiff_t)y * picture.stride,
               frame.pixels + (size_t)y * frame.stride, (size_t)frame.width);
    *ret_picture = picture;
    return true;
}

bool video_next(struct video *video, struct rw_arena *arena, struct picture *ret_picture,
                bool *ret_end, char ret_why[VISION_VIDEO_FAULT_MAX], struct rw_error *err)
{
    ret_why[0] = '\0';
    bool done = video->camera.is_open
                    ? camera_next(&video->camera, arena, ret_picture, ret_end, ret_why, err)
                    : next_of_library(video, arena, ret_picture, ret_end, ret_why, err);
    video->has_shown = video->has_shown || (done && !*ret_end);
    return done;
}

void video_close(struct video *video)
{
    camera_close(&video->camera);
    if (video->open != NULL)
        video->calls->close(video->open);
    if (video->pipe > 0)
        (void)close(video->pipe);
    video->open = NULL;
    video->pipe = 0;
}
