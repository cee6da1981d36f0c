/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a Data Matrix back with libdmtx, the peer of our writer. */
#ifndef RW_TESTS_SUPPORT_DMTX_READER_H
#define RW_TESTS_SUPPORT_DMTX_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/model/picture.h"

#define DMTX_READER_BYTES_MAX 512

struct dmtx_reading {
    bool gs1;                          /* the first codeword is FNC1 */
    int modules;                       /* of one side */
    char bytes[DMTX_READER_BYTES_MAX]; /* without the leading FNC1; others are 0x1D */
    size_t length;
};

/* The first symbol of the picture. False when there is none. */
bool dmtx_reader_read(const struct picture *picture, struct dmtx_reading *ret_reading);

#endif
