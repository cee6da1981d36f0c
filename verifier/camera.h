/* SPDX-License-Identifier: Apache-2.0 */
/* Takes pictures from a camera of this machine; the door to V4L2. */
#ifndef RW_VERIFIER_CAMERA_H
#define RW_VERIFIER_CAMERA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "verifier/camera_mode.h"

#define CAMERA_BUFFERS 4      /* pictures that wait in the camera's driver */
#define CAMERA_FORMATS_MAX 32 /* of one camera that are looked at */
#define CAMERA_SIZES_MAX 64   /* of one format */
#define CAMERA_RATES_MAX 64   /* of one size */
#define CAMERA_BROKEN_MAX 100 /* pictures behind each other that are passed over */
#define CAMERA_WAIT_MS 5000   /* for a picture */
#define CAMERA_LOST_MAX 10000 /* pictures at once; a larger step is none of counting */
#define CAMERA_REASON_MAX 256 /* bytes of why it ended, NUL included */

struct camera_buffer {
    uint8_t *bytes; /* of the driver's memory */
    size_t length;
};

struct camera {
    bool is_open;
    bool is_written_over; /* its driver may write to a picture that is being read */
    int file;
    struct camera_mode mode;
    struct camera_buffer buffers[CAMERA_BUFFERS];
    uint32_t buffer_count;
    bool has_number; /* a picture came */
    uint32_t number; /* the driver's, of the last one; always the same where it does not count */
    int32_t lost;    /* pictures that it took between the last two that were given */
};

/* Does this name a camera of this machine: a number N for /dev/videoN, or a path in /dev? */
bool camera_is_named(const char *name);
/* Opens it in its best mode, and it begins to take pictures. RW_UNAVAILABLE: the text says why. */
RW_MUST_USE bool camera_open(const char *name, struct camera *ret_camera, struct rw_error *err);
/* The next picture, as a copy in the arena. One that the driver says is broken, that is not whole,
 * or was written over meanwhile, is passed over: a part of it would be another picture. `ret_end` =
 * none comes any more, and the reason says why. */
RW_MUST_USE bool camera_next(struct camera *camera, struct rw_arena *arena,
                             struct picture *ret_picture, bool *ret_end,
                             char ret_reason[CAMERA_REASON_MAX], struct rw_error *err);
void camera_close(struct camera *camera);

#endif
