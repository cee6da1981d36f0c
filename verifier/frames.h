/* SPDX-License-Identifier: Apache-2.0 */
/* Gives one frame after the other: from files, a video or a camera. */
#ifndef RW_VERIFIER_FRAMES_H
#define RW_VERIFIER_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

#define FRAMES_NAME_MAX 512
#define FRAMES_HELD_MAX 16  /* the last of those that are held */
#define FRAMES_LOOKS_MAX 20 /* for a camera that is gone, a second apart; each may last seconds */

/* Where frames come from; the first that is set counts. All is borrowed. */
struct frames_source {
    const char *camera;       /* number, /dev/videoN or rtsp://… */
    const char *video;        /* file */
    const char *const *files; /* pictures, one a frame */
    size_t file_count;
    bool is_awaited;    /* a camera that breaks off is looked for again */
    bool passes_faults; /* a picture that cannot be read is a frame with a fault, and no failure */
};

struct frames_frame {
    char name[FRAMES_NAME_MAX]; /* the file, or "VIDEO#12" */
    struct picture picture;
    int32_t lost;          /* pictures of a camera that did not arrive before this one */
    bool is_gone;          /* no picture: the camera is gone and was looked for in vain */
    struct rw_error fault; /* no picture: why this one could not be read, or none came */
};

struct frames;

RW_MUST_USE bool frames_open(const struct frames_source *source, struct rw_arena *arena,
                             struct frames **ret_frames, struct rw_error *err);
/* The next frame; its pixels and what reading them took live in `arena`. `ret_end` = there is none
 * any more. The name is set also where this fails. An awaited camera that is not there gives a
 * frame that says so, at once and then each time that it was looked for; after FRAMES_LOOKS_MAX it
 * ended.
 */
RW_MUST_USE bool frames_next(struct frames *frames, struct rw_arena *arena,
                             struct frames_frame *ret_frame, bool *ret_end, struct rw_error *err);
/* Keeps a frame of a camera or of a pipe, a copy of its pixels in `arena`: when that is begun
 * again, held frames come first. Of files nothing need be held. */
RW_MUST_USE bool frames_hold(struct frames *frames, const struct frames_frame *frame,
                             struct rw_arena *arena, struct rw_error *err);
/* Begins again: files and videos with their first frame, what comes once with those held. */
RW_MUST_USE bool frames_again(struct frames *frames, struct rw_error *err);
/* Do the frames follow each other so closely that each thing is seen in several? */
bool frames_are_moving(const struct frames *frames);
void frames_close(struct frames *frames);

#endif
