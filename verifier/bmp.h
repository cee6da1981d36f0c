/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes BMP pictures to grey. */
#ifndef RW_VERIFIER_BMP_H
#define RW_VERIFIER_BMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

struct bmp_header {
    int64_t width;
    int64_t height;
    bool from_top;     /* the first row stands first */
    int bits;          /* of a pixel */
    bool runs;         /* stored as runs of equal pixels */
    uint32_t masks[3]; /* of red, green, blue, in pixels of 16 and 32 bits */
    size_t palette_at;
    size_t colour_bytes; /* of an entry of the palette */
    size_t colours;
    size_t pixels_at;
};

/* False when it is none of the kinds that are read, or the rows of a plain picture do not lie in
 * the file. The size may be anything. */
RW_MUST_USE bool bmp_header_read(const uint8_t *bytes, size_t length,
                                 struct bmp_header *ret_header);
/* The caller has checked the size in the header. */
RW_MUST_USE bool bmp_decode_grey(const uint8_t *bytes, size_t length, struct rw_arena *arena,
                                 struct picture *ret_picture, struct rw_error *err);

#endif
