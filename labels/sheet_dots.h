/* SPDX-License-Identifier: Apache-2.0 */
/* A filled rectangle in whole dots of a printer. */
#ifndef RW_LABELS_SHEET_DOTS_H
#define RW_LABELS_SHEET_DOTS_H

#include <stdint.h>

/* From the upper left corner of the label. */
struct sheet_dots {
    int32_t x;
    int32_t y;
    int32_t width;
    int32_t height;
};

#endif
