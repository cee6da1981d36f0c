/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the folders of a TIFF file: sizes, pages, and where pixels lie. */
#ifndef RW_VERIFIER_TIFF_H
#define RW_VERIFIER_TIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attributes.h"

#define TIFF_TAGS_MAX 4096    /* entries of one folder */
#define TIFF_STRIPS_MAX 65536 /* strips or tiles of one page */

struct tiff_header {
    int64_t width;
    int64_t height;
    bool several;    /* pages, small copies of the first one left out */
    bool fractional; /* samples that are no whole numbers of at most 16 bits */
};

/* False when a folder, a strip or a tile does not lie in the file. */
RW_MUST_USE bool tiff_header_read(const uint8_t *bytes, size_t length,
                                  struct tiff_header *ret_header);

#endif
