/* SPDX-License-Identifier: Apache-2.0 */
/* Turns modules into codewords and corrects their errors. */
#ifndef RW_VERIFIER_CODEWORDS_H
#define RW_VERIFIER_CODEWORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "verifier/symbology.h"

#define CODEWORDS_BIT_LIGHT (-1) /* a cell of no codeword that is always light … */
#define CODEWORDS_BIT_DARK (-2)  /* … or always dark */

/* Where each bit of each codeword lies (ISO/IEC 16022 annex F). `bit_of` has one entry for each
 * cell of the mapping matrix, row by row: codeword * 8 + bit (0 = the highest), or a constant. */
struct codewords_layout {
    const struct symbology *size;
    int map_rows;
    int map_cols;
    int16_t *bit_of;
};

struct codewords {
    uint8_t words[SYMBOLOGY_WORDS_MAX];
    int errors;    /* codewords that had to be corrected, in all blocks */
    int unused;    /* check words left over in the block with the fewest: d - 2e */
    int check_max; /* check words of one block */
};

RW_MUST_USE bool codewords_lay_out(const struct symbology *size, struct rw_arena *arena,
                                   struct codewords_layout *ret_layout, struct rw_error *err);
/* The cell of the mapping matrix under a data module. */
int codewords_cell(const struct codewords_layout *layout, int row, int col);

/* `dark` has a byte for each module of the symbol, row by row, 0 or 1. False when some block has
 * more errors than its check words can mend; then `ret` is not written. The check words of 144x144
 * are found in both of the orders that are drawn, and given in that of codewords_protect. */
RW_MUST_USE bool codewords_read(const struct codewords_layout *layout, const uint8_t *dark,
                                struct codewords *ret);
/* The modules that an encoder makes of these codewords, frame included. */
void codewords_draw(const struct codewords_layout *layout, const uint8_t *words, uint8_t *ret_dark);
/* Appends the check words to data words. */
void codewords_protect(const struct symbology *size, uint8_t *words);

#endif
