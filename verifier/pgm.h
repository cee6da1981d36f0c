/* SPDX-License-Identifier: Apache-2.0 */
/* Reads grey pictures of the netpbm family, binary and plain. */
#ifndef RW_VERIFIER_PGM_H
#define RW_VERIFIER_PGM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "core/model/picture.h"

struct pgm_header {
    int64_t width;
    int64_t height;
    int64_t white;  /* the largest sample */
    bool plain;     /* samples are written in digits */
    size_t samples; /* where they begin */
};

/* False when the bytes behind "P5" or "P2" are no header, or are too few for its pixels. */
RW_MUST_USE bool pgm_header_read(const uint8_t *bytes, size_t length,
                                 struct pgm_header *ret_header);
/* Fills a picture of the header's size, white as 255; false when a sample is missing or beyond
 * white. */
RW_MUST_USE bool pgm_decode(const uint8_t *bytes, size_t length, const struct pgm_header *header,
                            struct picture *picture);

#endif
