/* SPDX-License-Identifier: Apache-2.0 */
/* Photographs bags that never were: print, film, tablets, light. */
#ifndef RW_TESTS_SUPPORT_PHOTO_H
#define RW_TESTS_SUPPORT_PHOTO_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "labels/layout.h"
#include "tests/support/damage.h"
#include "tests/support/tablets.h"

/* A frame as a line's camera gives it: one bag, a little askew, 15.2 pixels to the millimetre, so
 * that a module of 0.34 mm is 5.1 pixels wide. */
#define PHOTO_WIDTH 1160
#define PHOTO_HEIGHT 1000
#define PHOTO_CHANNELS 3

struct photo_request {
    const struct layout_desk *desk;
    const struct roll *roll;
    const struct bag *bag;
    uint64_t seed;
    enum damage_kind damage;
    bool without_tablets;
    bool perfect; /* straight, evenly lit, sharp, without noise */
};

struct photo {
    uint8_t *rgb; /* PHOTO_WIDTH * PHOTO_HEIGHT * PHOTO_CHANNELS */
    struct picture_quad bag;
    struct picture_quad symbol;
    struct tablet tablets[TABLETS_MAX];
    int32_t tablet_count;
};

RW_MUST_USE bool photo_take(const struct photo_request *request, struct rw_arena *arena,
                            struct photo *ret_photo, struct rw_error *err);
/* What a grey camera would have seen. */
RW_MUST_USE bool photo_grey(const struct photo *photo, struct rw_arena *arena,
                            struct picture *ret_picture, struct rw_error *err);
/* The photograph as a PNG file's bytes. */
RW_MUST_USE bool photo_write_png(const struct photo *photo, struct rw_arena *arena,
                                 const char **ret_bytes, size_t *ret_length, struct rw_error *err);

#endif
