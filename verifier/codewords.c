/* SPDX-License-Identifier: Apache-2.0 */
/* Turns modules into codewords and corrects their errors. */
#include "verifier/codewords.h"

#include <assert.h>
#include <string.h>

#include "verifier/reed_solomon.h"

#define BITS 8
#define BLOCKS_MAX 10 /* of 144x144 */
#define UNPLACED INT16_MAX

/* Rows and columns, relative to the lower right bit, of the eight bits of a codeword. */
static const int8_t utah[BITS][2] = {
    { -2, -2 }, { -2, -1 }, { -1, -2 }, { -1, -1 }, { -1, 0 }, { 0, -2 }, { 0, -1 }, { 0, 0 },
};

/* The four broken shapes at the corners (annex F, figures F.3 to F.6): rows and columns, where a
 * negative number counts from the end. */
static const int8_t corners[4][BITS][2] = {
    { { -1, 0 }, { -1, 1 }, { -1, 2 }, { 0, -2 }, { 0, -1 }, { 1, -1 }, { 2, -1 }, { 3, -1 } },
    { { -3, 0 }, { -2, 0 }, { -1, 0 }, { 0, -4 }, { 0, -3 }, { 0, -2 }, { 0, -1 }, { 1, -1 } },
    { { -3, 0 }, { -2, 0 }, { -1, 0 }, { 0, -2 }, { 0, -1 }, { 1, -1 }, { 2, -1 }, { 3, -1 } },
    { { -1, 0 }, { -1, -1 }, { 0, -3 }, { 0, -2 }, { 0, -1 }, { 1, -3 }, { 1, -2 }, { 1, -1 } },
};

static void place_bit(struct codewords_layout *layout, int row, int col, int bit)
{
    if (row < 0) {
        row += layout->map_rows;
        col += 4 - (layout->map_rows + 4) % 8;
    }
    if (col < 0) {
        col += layout->map_cols;
        row += 4 - (layout->map_cols + 4) % 8;
    }
    if (row >= layout->map_rows) /* of long rectangles alone (ISO/IEC 21471 annex A) */
        row -= layout->map_rows;
    assert(row >= 0 && row < layout->map_rows && col >= 0 && col < layout->map_cols);
    layout->bit_of[row * layout->map_cols + col] = (int16_t)bit;
}

static void place_utah(struct codewords_layout *layout, int row, int col, int word)
{
    for (int bit = 0; bit < BITS; bit++)
        place_bit(layout, row + utah[bit][0], col + utah[bit][1], word * BITS + bit);
}

static void place_corner(struct codewords_layout *layout, int corner, int word)
{
    for (int bit = 0; bit < BITS; bit++) {
        int row = corners[corner][bit][0];
        int col = corners[corner][bit][1];
        row += row < 0 ? layout->map_rows : 0;
        col += col < 0 ? layout->map_cols : 0;
        place_bit(layout, row, col, word * BITS + bit);
    }
}

/* The corner shape that starts at this place, or -1. */
static int corner_at(const struct codewords_layout *layout, int row, int col)
{
    int rows = layout->map_rows;
    int cols = layout->map_cols;

    if (row == rows && col == 0)
        return 0;
    if (row == rows - 2 && col == 0 && cols % 4 != 0)
        return 1;
    if (row == rows - 2 && col == 0 && cols % 8 == 4)
        return 2;
    if (row == rows + 4 && col == 2 && cols % 8 == 0)
        return 3;
    return -1;
}

static bool is_free(const struct codewords_layout *layout, int row, int col)
{
    return layout->bit_of[row * layout->map_cols + col] == UNPLACED;
}

/* One diagonal, upwards to the right or downwards to the left; gives the next free codeword. */
static int place_diagonal(struct codewords_layout *layout, int *row, int *col, int step, int word)
{
    bool more = true;
    while (more) {
        bool inside = *row >= 0 && *row < layout->map_rows && *col >= 0 && *col < layout->map_cols;
        if (inside && is_free(layout, *row, *col))
            place_utah(layout, *row, *col, word++);
        *row -= step;
        *col += step;
        more =
            step > 0 ? *row >= 0 && *col < layout->map_cols : *row < layout->map_rows && *col >= 0;
    }
    return word;
}

static int place_all(struct codewords_layout *layout)
{
    int row = 4;
    int col = 0;
    int word = 0;

    while (row < layout->map_rows || col < layout->map_cols) {
        int corner = corner_at(layout, row, col);
        if (corner >= 0)
            place_corner(layout, corner, word++);
        word = place_diagonal(layout, &row, &col, 2, word);
        row += 1;
        col += 3;
        word = place_diagonal(layout, &row, &col, -2, word);
        row += 3;
        col += 1;
    }
    return word;
}

bool codewords_lay_out(const struct symbology *size, struct rw_arena *arena,
                       struct codewords_layout *ret_layout, struct rw_error *err)
{
    struct codewords_layout layout = {
        .size = size,
        .map_rows = size->rows - 2 * size->regions_down,
        .map_cols = size->cols - 2 * size->regions_across,
    };
    int cells = layout.map_rows * layout.map_cols;

    layout.bit_of = rw_arena_array(arena, (size_t)cells, sizeof *layout.bit_of, err);
    if (layout.bit_of == NULL)
        return false;
    for (int i = 0; i < cells; i++)
        layout.bit_of[i] = UNPLACED;
    int words = place_all(&layout);
    assert(words == size->data_words + size->check_words);
    (void)words;
    if (is_free(&layout, layout.map_rows - 1, layout.map_cols - 1)) {
        layout.bit_of[cells - 1] = CODEWORDS_BIT_DARK;
        layout.bit_of[cells - 2 - layout.map_cols] = CODEWORDS_BIT_DARK;
        layout.bit_of[cells - 2] = CODEWORDS_BIT_LIGHT;
        layout.bit_of[cells - 1 - layout.map_cols] = CODEWORDS_BIT_LIGHT;
    }
    *ret_layout = layout;
    return true;
}

int codewords_cell(const struct codewords_layout *layout, int row, int col)
{
    int height = layout->size->rows / layout->size->regions_down;
    int width = layout->size->cols / layout->size->regions_across;
    int map_row = row - 1 - 2 * (row / height);
    int map_col = col - 1 - 2 * (col / width);

    assert(symbology_part_at(layout->size, row, col) == SYMBOLOGY_DATA);
    return map_row * layout->map_cols + map_col;
}

/* Copies one of the interleaved blocks out of the words, or back into them. */
static int block_copy(const struct symbology *size, int index, uint8_t *words, uint8_t *block,
                      bool back)
{
    int length = 0;
    int start[2] = { index, size->data_words + index };
    int end[2] = { size->data_words, size->data_words + size->check_words };

    for (int part = 0; part < 2; part++)
        for (int i = start[part]; i < end[part]; i += size->blocks) {
            if (back)
                words[i] = block[length++];
            else
                block[length++] = words[i];
        }
    return length;
}

static bool mend_blocks(const struct symbology *size, struct codewords *inout)
{
    inout->errors = 0;
    inout->unused = INT16_MAX;
    inout->check_max = size->check_words / size->blocks;
    for (int i = 0; i < size->blocks; i++) {
        uint8_t block[REED_SOLOMON_BLOCK_MAX];
        int length = block_copy(size, i, inout->words, block, false);
        int errors = reed_solomon_mend(block, length, inout->check_max);
        if (errors < 0)
            return false;
        (void)block_copy(size, i, inout->words, block, true); /* the length is the same */
        inout->errors += errors;
        if (inout->check_max - 2 * errors < inout->unused)
            inout->unused = inout->check_max - 2 * errors;
    }
    return true;
}

/* Where blocks differ in length, which is in 144x144 alone, many programs that draw symbols go on
 * with the block that is next after the data instead of beginning anew with the first one. */
static void begin_anew(const struct symbology *size, uint8_t *words)
{
    int begun = size->data_words % size->blocks;

    for (int i = size->data_words; i < size->data_words + size->check_words; i += size->blocks) {
        uint8_t row[BLOCKS_MAX];
        memcpy(row, words + i, (size_t)size->blocks);
        for (int k = 0; k < size->blocks; k++)
            words[i + k] = row[(k + size->blocks - begun) % size->blocks];
    }
}

bool codewords_read(const struct codewords_layout *layout, const uint8_t *dark,
                    struct codewords *ret)
{
    const struct symbology *size = layout->size;
    struct codewords found = { .errors = 0 };

    for (int row = 0; row < size->rows; row++)
        for (int col = 0; col < size->cols; col++) {
            if (symbology_part_at(size, row, col) != SYMBOLOGY_DATA)
                continue;
            int bit = layout->bit_of[codewords_cell(layout, row, col)];
            if (bit >= 0 && dark[row * size->cols + col])
                found.words[bit / BITS] |= (uint8_t)(0x80 >> (bit % BITS));
        }
    struct codewords other = found;
    if (mend_blocks(size, &found)) {
        *ret = found;
        return true;
    }
    if (size->data_words % size->blocks == 0)
        return false;
    begin_anew(size, other.words);
    if (!mend_blocks(size, &other))
        return false;
    *ret = other;
    return true;
}

void codewords_draw(const struct codewords_layout *layout, const uint8_t *words, uint8_t *ret_dark)
{
    const struct symbology *size = layout->size;

    for (int row = 0; row < size->rows; row++)
        for (int col = 0; col < size->cols; col++) {
            enum symbology_part part = symbology_part_at(size, row, col);
            uint8_t *module = &ret_dark[row * size->cols + col];
            *module = part == SYMBOLOGY_DARK;
            if (part != SYMBOLOGY_DATA)
                continue;
            int bit = layout->bit_of[codewords_cell(layout, row, col)];
            *module = bit == CODEWORDS_BIT_DARK;
            if (bit >= 0)
                *module = (words[bit / BITS] >> (BITS - 1 - bit % BITS)) & 1;
        }
}

void codewords_protect(const struct symbology *size, uint8_t *words)
{
    for (int i = 0; i < size->blocks; i++) {
        uint8_t block[REED_SOLOMON_BLOCK_MAX] = { 0 };
        int length = block_copy(size, i, words, block, false);
        reed_solomon_protect(block, length, size->check_words / size->blocks);
        (void)block_copy(size, i, words, block, true); /* the length is the same */
    }
}
