/* SPDX-License-Identifier: Apache-2.0 */
/* Turns the bytes of a picture file into a grey picture. */
#ifndef RW_VERIFIER_IMAGE_H
#define RW_VERIFIER_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

#define IMAGE_PNG_CHUNKS_MAX 65536

enum image_kind { IMAGE_NONE, IMAGE_PNG, IMAGE_JPEG, IMAGE_PGM, IMAGE_TIFF, IMAGE_BMP, IMAGE_WEBP };

struct image_header {
    enum image_kind kind;
    int64_t width;
    int64_t height;
    bool several;        /* pages or moving pictures, small copies of the first one left out */
    const char *refusal; /* why a picture that is whole is not read; NULL = it is */
};

/* What the structure of the file says, read without any library: RW_UNREADABLE when it is none of
 * the formats, is cut off or has several pages, RW_TOO_LARGE when its size is beyond the ceilings
 * of a picture. */
RW_MUST_USE bool image_header_read(const uint8_t *bytes, size_t length,
                                   struct image_header *ret_header, struct rw_error *err);
/* Checks the header, decodes the pixels and turns them as the camera noted that it was held. */
RW_MUST_USE bool image_read(const uint8_t *bytes, size_t length, struct rw_arena *arena,
                            struct picture *ret_picture, struct rw_error *err);

#endif
