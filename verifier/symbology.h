/* SPDX-License-Identifier: Apache-2.0 */
/* The sizes of Data Matrix ECC 200 and the pattern that frames them. */
#ifndef RW_VERIFIER_SYMBOLOGY_H
#define RW_VERIFIER_SYMBOLOGY_H

#include <stdbool.h>
#include <stdint.h>

#define SYMBOLOGY_CLASSIC 30     /* 24 square, then 6 rectangular sizes (ISO/IEC 16022 table 7) */
#define SYMBOLOGY_COUNT 48       /* with the long rectangles of ISO/IEC 21471 */
#define SYMBOLOGY_SIDE_MAX 144   /* modules of the longest side */
#define SYMBOLOGY_WORDS_MAX 2178 /* data and check codewords of 144x144 */
#define SYMBOLOGY_BLOCK_CHECK_MAX 68

/* Rows and columns count the frames of all regions. */
struct symbology {
    int16_t rows;
    int16_t cols;
    int16_t regions_down;
    int16_t regions_across;
    int16_t data_words;
    int16_t check_words;
    int16_t blocks;
};

enum symbology_part {
    SYMBOLOGY_DATA,
    SYMBOLOGY_DARK,  /* L of a region, or a dark module of its clock track */
    SYMBOLOGY_LIGHT, /* a light module of a clock track */
    SYMBOLOGY_PART_COUNT
};

/* The index is that of the standards' tables: squares by size, then rectangles, then long ones.
 * Below SYMBOLOGY_CLASSIC it is libdmtx's too. */
const struct symbology *symbology_get(int size);
/* The size with these rows and columns, or -1. */
int symbology_find(int rows, int cols);
/* What stands at this module; row 0 is the top, the L lies left and at the bottom. */
enum symbology_part symbology_part_at(const struct symbology *size, int row, int col);
/* Sizes that `read` reports only when asked: a symbol of so few modules may be noise. */
bool symbology_is_small(const struct symbology *size);

#endif
