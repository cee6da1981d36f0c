/* SPDX-License-Identifier: Apache-2.0 */
/* How a camera lays down its pictures, and which way is the best. */
#include "verifier/camera_mode.h"

#include "verifier/image.h"

#define LETTERS(a, b, c, d) \
    ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)
#define BLACK_NARROW 16 /* of 0 … 219 above it */
#define WHITE_NARROW 219

/* Where the grey of a pixel lies. Colours that have a plane of their own come behind all of it. */
struct laying {
    uint32_t format;
    int32_t step; /* bytes from pixel to pixel; 0 = a JPEG picture */
    int32_t first;
};

static const struct laying layings[] = {
    { LETTERS('G', 'R', 'E', 'Y'), 1, 0 }, { LETTERS('Y', 'U', 'Y', 'V'), 2, 0 },
    { LETTERS('U', 'Y', 'V', 'Y'), 2, 1 }, { LETTERS('N', 'V', '1', '2'), 1, 0 },
    { LETTERS('N', 'V', '2', '1'), 1, 0 }, { LETTERS('Y', 'U', '1', '2'), 1, 0 },
    { LETTERS('Y', 'V', '1', '2'), 1, 0 }, { LETTERS('M', 'J', 'P', 'G'), 0, 0 },
    { LETTERS('J', 'P', 'E', 'G'), 0, 0 },
};

static const struct laying *find_laying(uint32_t format)
{
    for (size_t i = 0; i < RW_COUNT(layings); i++)
        if (layings[i].format == format)
            return &layings[i];
    return NULL;
}

bool camera_mode_is_read(uint32_t format)
{
    return find_laying(format) != NULL;
}

static bool is_fast(const struct camera_mode *mode)
{
    return mode->rate_milli == 0 || mode->rate_milli >= CAMERA_MODE_RATE_LEAST;
}

/* Of pictures that are larger than useful, the smaller is the better. */
static int64_t use_of(const struct camera_mode *mode)
{
    int64_t pixels = (int64_t)mode->width * mode->height;
    return pixels <= CAMERA_MODE_PIXELS_USEFUL ? pixels : -pixels;
}

bool camera_mode_is_better(const struct camera_mode *mode, const struct camera_mode *other)
{
    bool packed = find_laying(mode->format)->step == 0;
    bool other_packed = find_laying(other->format)->step == 0;

    if (is_fast(mode) != is_fast(other))
        return is_fast(mode);
    if (use_of(mode) != use_of(other))
        return use_of(mode) > use_of(other);
    if (packed != other_packed)
        return other_packed;
    return mode->rate_milli > other->rate_milli;
}

static uint8_t widen(int grey)
{
    int wide = ((grey - BLACK_NARROW) * 255 + WHITE_NARROW / 2) / WHITE_NARROW;
    return (uint8_t)(wide < 0 ? 0 : wide > 255 ? 255 : wide);
}

static void copy_grey(const struct camera_mode *mode, const struct laying *laying,
                      const uint8_t *bytes, struct picture *picture)
{
    uint8_t shades[256];
    for (int i = 0; i < 256; i++)
        shades[i] = mode->is_narrow ? widen(i) : (uint8_t)i;
    for (int32_t y = 0; y < picture->height; y++) {
        const uint8_t *from = bytes + (ptrdiff_t)y * mode->stride + laying->first;
        uint8_t *to = picture->pixels + (ptrdiff_t)y * picture->stride;
        for (int32_t x = 0; x < picture->width; x++)
            to[x] = shades[from[(ptrdiff_t)x * laying->step]];
    }
}

bool camera_mode_grey(const struct camera_mode *mode, const uint8_t *bytes, size_t length,
                      struct rw_arena *arena, struct picture *ret_picture, struct rw_error *err)
{
    const struct laying *laying = find_laying(mode->format);
    struct picture picture;

    if (laying->step == 0)
        return image_read(bytes, length, arena, ret_picture, err);
    int64_t row = (int64_t)mode->width * laying->step;
    if (row > mode->stride || (int64_t)(mode->height - 1) * mode->stride + row > (int64_t)length)
        return rw_error_set(err, RW_UNREADABLE, "", "the picture is cut off");
    if (!picture_make_room(arena, mode->width, mode->height, &picture, err))
        return false;
    copy_grey(mode, laying, bytes, &picture);
    *ret_picture = picture;
    return true;
}
