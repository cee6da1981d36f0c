/* SPDX-License-Identifier: Apache-2.0 */
/* Reads cameras and video files by a module that is loaded then. */
#ifndef RW_VERIFIER_VIDEO_H
#define RW_VERIFIER_VIDEO_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "verifier/vision_video.h"

/* What reads videos pulls in two hundred libraries, which took 0.2 seconds of every start. The
 * module lies in lib/rolwacht beside the folder of the program. */
struct video {
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
/* The next frame in grey, as a copy in the arena; `ret_end` = there is none any more. */
RW_MUST_USE bool video_next(struct video *video, struct rw_arena *arena,
                            struct picture *ret_picture, bool *ret_end, struct rw_error *err);
void video_close(struct video *video);

#endif
