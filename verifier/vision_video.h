/* SPDX-License-Identifier: Apache-2.0 */
/* What the module that reads cameras and video files offers. */
#ifndef RW_VERIFIER_VISION_VIDEO_H
#define RW_VERIFIER_VISION_VIDEO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VISION_VIDEO_CALLS "vision_video_calls" /* the name of the table below */
#define VISION_VIDEO_PIPE "pipe:"               /* before the descriptor of an open pipe */
#define VISION_VIDEO_FAULT_MAX 256              /* bytes of a sentence, NUL included */

/* The module is loaded by verifier/video.c and calls nothing of the program. */
struct vision_video;

/* Grey pixels, until the next frame is asked for. */
struct vision_video_frame {
    const uint8_t *pixels;
    size_t stride;
    int32_t width;
    int32_t height;
};

enum vision_video_outcome {
    VISION_VIDEO_FAILED, /* the fault says why */
    VISION_VIDEO_FRAME,
    VISION_VIDEO_END,
    VISION_VIDEO_OUTCOME_COUNT
};

struct vision_video_calls {
    /* NULL: it could not be opened; the fault says why, or is empty where nobody knows. */
    struct vision_video *(*open)(const char *name, bool camera, char fault[VISION_VIDEO_FAULT_MAX]);
    /* The fault says also where a film breaks off before its own end. */
    enum vision_video_outcome (*next)(struct vision_video *video,
                                      struct vision_video_frame *ret_frame,
                                      char fault[VISION_VIDEO_FAULT_MAX]);
    void (*close)(struct vision_video *video);
};
extern const struct vision_video_calls vision_video_calls;

#endif
