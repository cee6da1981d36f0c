/* SPDX-License-Identifier: Apache-2.0 */
/* The door to OpenCV's cameras and video files. */
#ifndef RW_VERIFIER_VISION_VIDEO_H
#define RW_VERIFIER_VISION_VIDEO_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

struct vision_video;

/* A file (or numbered pictures, "f%04d.png"), or with `camera` a number, a device or the address
 * of a stream. */
RW_MUST_USE bool vision_video_open(const char *name, bool camera, struct vision_video **ret_video,
                                   struct rw_error *err);
/* The next frame in grey, as a copy in the arena; `ret_end` = there is none any more. */
RW_MUST_USE bool vision_video_next(struct vision_video *video, struct rw_arena *arena,
                                   struct picture *ret_picture, bool *ret_end,
                                   struct rw_error *err);
void vision_video_close(struct vision_video *video);

#endif
