/* SPDX-License-Identifier: Apache-2.0 */
/* Gives one frame after the other: from files, a video or a camera. */
#define _POSIX_C_SOURCE 200809L
#include "verifier/frames.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/base/file.h"
#include "verifier/image.h"
#include "verifier/video.h"

struct frames {
    struct frames_source source;
    struct video video; /* none open: files */
    size_t next;
    struct frames_frame held[FRAMES_HELD_MAX]; /* as a ring, while they are held */
    size_t held_count;                         /* since the beginning */
    size_t again;                              /* the next of them to be given */
    bool is_again;
    int looks; /* for a camera that is gone */
};

bool frames_open(const struct frames_source *source, struct rw_arena *arena,
                 struct frames **ret_frames, struct rw_error *err)
{
    struct frames *frames = rw_arena_alloc(arena, sizeof *frames, err);
    bool camera = source->camera != NULL;

    if (frames == NULL)
        return false;
    *frames = (struct frames){ .source = *source };
    if ((camera || source->video != NULL) &&
        !video_open(camera ? source->camera : source->video, camera, &frames->video, err))
        return false;
    *ret_frames = frames;
    return true;
}

static bool read_file(struct frames *frames, struct rw_arena *arena, struct frames_frame *ret_frame,
                      struct rw_error *err)
{
    const char *file = frames->source.files[frames->next++];
    char *bytes = NULL;
    size_t length = 0;

    (void)snprintf(ret_frame->name, sizeof ret_frame->name, "%s", file);
    return rw_file_read(file, RW_FILE_INPUT_MAX, arena, &bytes, &length, err) &&
           image_read((const uint8_t *)bytes, length, arena, &ret_frame->picture, err);
}

/* A fault of the file itself may pass; without memory nothing can go on. */
static bool give_file(struct frames *frames, struct rw_arena *arena, struct frames_frame *ret_frame,
                      struct rw_error *err)
{
    struct rw_error fault = { 0 };
    if (read_file(frames, arena, ret_frame, &fault))
        return true;
    if (!frames->source.passes_faults || fault.code == RW_NO_MEMORY)
        return rw_error_set(err, fault.code, fault.at, "%s", fault.text);
    ret_frame->fault = fault;
    return true;
}

/* A camera, or a video out of a pipe. */
static bool comes_once(const struct frames *frames)
{
    return frames->source.camera != NULL || frames->video.is_pipe;
}

bool frames_hold(struct frames *frames, const struct frames_frame *frame, struct rw_arena *arena,
                 struct rw_error *err)
{
    if (!comes_once(frames))
        return true;
    struct frames_frame *kept = &frames->held[frames->held_count % FRAMES_HELD_MAX];
    bool fits = kept->picture.pixels != NULL && kept->picture.width == frame->picture.width &&
                kept->picture.height == frame->picture.height;
    if (!fits &&
        !picture_make_room(arena, frame->picture.width, frame->picture.height, &kept->picture, err))
        return false;
    memcpy(kept->name, frame->name, sizeof kept->name);
    for (int32_t y = 0; y < frame->picture.height; y++)
        memcpy(kept->picture.pixels + (ptrdiff_t)y * kept->picture.stride,
               frame->picture.pixels + (ptrdiff_t)y * frame->picture.stride,
               (size_t)frame->picture.width);
    frames->held_count++;
    return true;
}

bool frames_again(struct frames *frames, struct rw_error *err)
{
    size_t lost = frames->held_count > FRAMES_HELD_MAX ? frames->held_count - FRAMES_HELD_MAX : 0;
    frames->is_again = true;
    frames->again = lost;
    if (comes_once(frames))
        return true;
    frames->next = 0;
    video_close(&frames->video);
    return frames->source.video == NULL ||
           video_open(frames->source.video, false, &frames->video, err);
}

/* A file that is given as a camera has an end; a stream or a device may come back. */
static bool may_come_back(const struct frames_source *source)
{
    const char *camera = source->camera;
    return camera != NULL && source->is_awaited &&
           (strstr(camera, "://") != NULL || camera_is_named(camera));
}

/* One that shows nothing is at fault, where nobody waits for it. */
static bool check_shown(const struct frames *frames, const char *why, struct rw_error *err)
{
    if (frames->source.camera == NULL || frames->source.is_awaited || frames->video.has_shown)
        return true;
    return rw_error_set(err, RW_UNAVAILABLE, "", "the camera gave no picture%s%s",
                        why[0] != '\0' ? ": " : "", why);
}

/* Is it there again? One that is not is no error. */
static bool look_for_camera(struct frames *frames)
{
    const struct timespec pause = { 1, 0 };
    struct rw_error none_there = { 0 };

    frames->looks++;
    (void)nanosleep(&pause, NULL); /* a signal only makes the wait shorter */
    return video_open(frames->source.camera, true, &frames->video, &none_there);
}

static bool next_of_video(struct frames *frames, struct rw_arena *arena,
                          struct frames_frame *ret_frame, bool *ret_end, struct rw_error *err)
{
    bool comes_back = may_come_back(&frames->source);
    char why[VISION_VIDEO_FAULT_MAX] = "";

    *ret_end = !video_is_open(&frames->video) && !(comes_back && look_for_camera(frames));
    if (!*ret_end && !video_next(&frames->video, arena, &ret_frame->picture, ret_end, why, err))
        return false;
    if (!*ret_end) {
        frames->looks = 0;
        ret_frame->lost = frames->video.camera.lost;
        return true;
    }
    if (video_is_open(&frames->video) && !check_shown(frames, why, err))
        return false;
    if (why[0] != '\0')
        rw_error_set(&ret_frame->fault, RW_UNAVAILABLE, "", "%s", why);
    video_close(&frames->video);
    ret_frame->is_gone = comes_back && frames->looks < FRAMES_LOOKS_MAX;
    *ret_end = !ret_frame->is_gone;
    return true;
}

bool frames_next(struct frames *frames, struct rw_arena *arena, struct frames_frame *ret_frame,
                 bool *ret_end, struct rw_error *err)
{
    const char *camera = frames->source.camera;

    ret_frame->is_gone = false;
    ret_frame->lost = 0;
    ret_frame->fault = (struct rw_error){ 0 };
    if (frames->is_again && frames->again < frames->held_count) {
        *ret_frame = frames->held[frames->again++ % FRAMES_HELD_MAX];
        *ret_end = false;
        return true;
    }
    if (camera == NULL && frames->source.video == NULL) {
        *ret_end = frames->next == frames->source.file_count;
        return *ret_end || give_file(frames, arena, ret_frame, err);
    }
    (void)snprintf(ret_frame->name, sizeof ret_frame->name, "%.480s#%zu",
                   camera != NULL ? "camera" : frames->source.video, ++frames->next);
    return next_of_video(frames, arena, ret_frame, ret_end, err);
}

bool frames_are_moving(const struct frames *frames)
{
    return frames->source.camera != NULL || frames->source.video != NULL;
}

void frames_close(struct frames *frames)
{
    if (frames != NULL)
        video_close(&frames->video);
}
