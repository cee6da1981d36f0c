/* SPDX-License-Identifier: Apache-2.0 */
/* Photographs bags that never were: camera, light, lens and sensor. */
#ifndef RW_TESTS_SUPPORT_PHOTO_H
#define RW_TESTS_SUPPORT_PHOTO_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/random.h"
#include "core/model/picture.h"
#include "tests/support/ripple.h"
#include "tests/support/sheet.h"

/* A frame as a line's camera gives it: one bag, a little askew, 15.2 pixels to the millimetre, so
 * that a module of 0.34 mm is 5.1 pixels wide. */
#define PHOTO_WIDTH 1160
#define PHOTO_HEIGHT 1000
#define PHOTO_SIDE_MAX 8192 /* pixels */
#define PHOTO_COLOUR 3      /* channels */
#define PHOTO_GREY 1

/* How camera, light and printer are. */
struct photo_look {
    int32_t width;
    int32_t height;
    float px_per_mm;
    float turn;      /* radians, of the camera about its axis */
    float tilt[2];   /* change of scale a millimetre */
    float off_mm[2]; /* of the frame's middle from the bag's */
    float light[3];  /* level, and its slopes over the frame */
    float blur_px;
    float motion_px; /* along the strip, while the shutter is open */
    float noise;
    float ink;  /* reflectance of a printed dot */
    float gain; /* part of a dot that ink grows at each edge; negative: shrinks */
    struct ripple ripple;
};

enum photo_style {
    PHOTO_PERFECT, /* straight, evenly lit, sharp, without noise */
    PHOTO_USUAL,   /* a line that is set up well */
    PHOTO_ANY, /* 11 to 19 pixels a millimetre, darker, blurred, turned, tilted, waved, any ink */
    PHOTO_STYLE_COUNT
};
struct photo_look photo_look_make(enum photo_style style, struct rw_random *random);
/* The same camera at the next bag: the film lies a little otherwise. */
struct photo_look photo_look_next(const struct photo_look *look, struct rw_random *random);

struct photo_request {
    const struct sheet *sheets; /* bags as they follow each other down the strip */
    size_t sheet_count;         /* at least 1 */
    float along_mm;             /* of the frame's middle, from the upper cut of the first */
    struct photo_look look;
    int32_t channels;
    uint64_t seed; /* of the noise */
};

struct photo {
    uint8_t *bytes; /* width * height * channels */
    int32_t width;
    int32_t height;
    int32_t channels;
};

RW_MUST_USE bool photo_take(const struct photo_request *request, struct rw_arena *arena,
                            struct photo *ret_photo, struct rw_error *err);
/* Where the bag and its symbol lie in the frame. */
void photo_quads(const struct photo_request *request, size_t sheet, struct picture_quad *ret_bag,
                 struct picture_quad *ret_symbol);
/* What a grey camera would have seen. */
RW_MUST_USE bool photo_grey(const struct photo *photo, struct rw_arena *arena,
                            struct picture *ret_picture, struct rw_error *err);

#endif
