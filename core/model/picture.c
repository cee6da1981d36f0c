/* SPDX-License-Identifier: Apache-2.0 */
/* A grey picture: bytes, size, and how large a pixel is in the world. */
#include "core/model/picture.h"

static bool is_allowed(int32_t width, int32_t height, struct rw_error *err)
{
    if (width < 1 || height < 1 || width > PICTURE_SIDE_MAX || height > PICTURE_SIDE_MAX ||
        (int64_t)width * height > PICTURE_PIXELS_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "",
                            "a picture of %d by %d pixels is outside what is allowed", (int)width,
                            (int)height);
    return true;
}

bool picture_make(struct rw_arena *arena, int32_t width, int32_t height,
                  struct picture *ret_picture, struct rw_error *err)
{
    uint8_t *pixels = is_allowed(width, height, err)
                          ? rw_arena_array(arena, (size_t)width, (size_t)height, err)
                          : NULL;
    if (pixels == NULL)
        return false;
    *ret_picture =
        (struct picture){ .pixels = pixels, .width = width, .height = height, .stride = width };
    return true;
}

bool picture_make_room(struct rw_arena *arena, int32_t width, int32_t height,
                       struct picture *ret_picture, struct rw_error *err)
{
    uint8_t *pixels = is_allowed(width, height, err)
                          ? rw_arena_room(arena, (size_t)width, (size_t)height, err)
                          : NULL;
    if (pixels == NULL)
        return false;
    *ret_picture =
        (struct picture){ .pixels = pixels, .width = width, .height = height, .stride = width };
    return true;
}
