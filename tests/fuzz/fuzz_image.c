/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever is read as a picture keeps to its header and the ceilings. */
#include <assert.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "verifier/image.h"
#include "verifier/upright.h"
#include "verifier/vision.h"

#define PIXELS_MAX 4000000 /* larger ones are well-formed and only slow */
#define ARENA_BYTES (64 * RW_ARENA_MIB)

/* A camera that was held on its side changes the sides. */
static void check_size(const struct picture *picture, const struct image_header *header,
                       int orientation)
{
    bool is_on_side = orientation >= 5;
    assert(picture->width == (is_on_side ? header->height : header->width));
    assert(picture->height == (is_on_side ? header->width : header->height));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct rw_error err = { 0 };
    struct image_header header;
    struct picture picture;

    if (!image_header_read(bytes, length, &header, &err)) {
        assert(err.code != RW_OK);
        return 0;
    }
    assert(header.width > 0 && header.width <= PICTURE_SIDE_MAX);
    assert(header.height > 0 && header.width * header.height <= PICTURE_PIXELS_MAX);
    if (header.width * header.height > PIXELS_MAX)
        return 0;
    struct rw_arena *arena = rw_arena_open(ARENA_BYTES);
    assert(arena != NULL);
    bool is_started = vision_start(&err);
    assert(is_started);
    if (image_read(bytes, length, arena, &picture, &err))
        check_size(&picture, &header, upright_orientation(bytes, length));
    else
        assert(err.code != RW_OK);
    rw_arena_close(arena);
    return 0;
}
