/* SPDX-License-Identifier: Apache-2.0 */
/* Reads cameras and video files by a module that is loaded then. */
#ifndef RW_VERIFIER_VIDEO_H
#define RW_VERIFIER_VIDEO_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "verifier/camera.h"
#include "verifier/vision_video.h"

/* A camera of this machine is read from its driver. What reads films and streams pulls in two
 * hundred libraries, which took 0.2 seconds of every start: a module, that lies in lib/rolwacht
 * beside the folder of the program. */
struct video {
    struct camera camera; /* of this machine, in place of what follows */
    const struct vision_video_calls *calls;
    struct vision_video *open; /* NULL: none */
    const char *file;          /* NULL: a camera, which may come late */
    bool is_pipe;              /* what was read of it is gone */
    int pipe;                  /* its descriptor while it is open, else 0 */
    bool has_shown;            /* a frame of it was given */
};

/* A file (or numbered pictures, "f%04d.png"), or with `camera` a number, a device or the address
 * of a stream. */
RW_MUST_USE bool video_open(const char *name, bool camera, struct video *ret_video,
                            struct rw_error *err);
bool video_is_open(const struct video *video);
/* The next frame in grey, as a copy in the arena; `ret_end` = there is none any more, and `ret_why`
 * says why, or is empty where nobody knows. */
RW_MUST_USE bool video_next(struct video *video, struct rw_arena *arena,
                            struct picture *ret_picture, bool *ret_end,
                            char ret_why[VISION_VIDEO_FAULT_MAX], struct rw_error *err);
void video_close(struct video *video);

#endif
