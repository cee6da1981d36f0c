/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes WebP pictures to grey; the door to libwebp. */
#include "verifier/webp.h"

#include <webp/decode.h>

#include "verifier/shade.h"

#define SAMPLES 4 /* of a pixel: red, green, blue, opacity */

/* The size that the library found: it may differ from the one in the first chunk. */
static bool is_bounded(const WebPBitstreamFeatures *features)
{
    return features->width > 0 && features->height > 0 && features->width <= PICTURE_SIDE_MAX &&
           features->height <= PICTURE_PIXELS_MAX / features->width;
}

bool webp_decode_grey(const uint8_t *bytes, size_t length, struct rw_arena *arena,
                      struct picture *ret_picture, struct rw_error *err)
{
    WebPBitstreamFeatures features;
    struct picture picture;
    int width = 0;
    int height = 0;

    if (WebPGetFeatures(bytes, length, &features) != VP8_STATUS_OK || !is_bounded(&features))
        return rw_error_set(err, RW_UNREADABLE, "", "the picture is cut off or damaged");
    if (!picture_make(arena, features.width, features.height, &picture, err))
        return false;
    uint8_t *colours = WebPDecodeRGBA(bytes, length, &width, &height);
    if (colours == NULL || width != picture.width || height != picture.height) {
        WebPFree(colours);
        return rw_error_set(err, RW_UNREADABLE, "", "the picture is cut off or damaged");
    }
    const uint8_t *colour = colours;
    for (int32_t y = 0; y < height; y++)
        for (int32_t x = 0; x < width; x++, colour += SAMPLES)
            picture.pixels[(ptrdiff_t)y * picture.stride + x] = shade_on_paper(
                shade_of_colour(colour[0], colour[1], colour[2]), colour[SAMPLES - 1]);
    WebPFree(colours);
    *ret_picture = picture;
    return true;
}
