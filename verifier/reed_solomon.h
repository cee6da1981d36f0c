/* SPDX-License-Identifier: Apache-2.0 */
/* Mends one block of codewords with its check words. */
#ifndef RW_VERIFIER_REED_SOLOMON_H
#define RW_VERIFIER_REED_SOLOMON_H

#include <stdint.h>

#define REED_SOLOMON_BLOCK_MAX 255 /* words of one block over GF(256) */

/* The field of ECC 200: polynomial 0x12D, generator roots 2^1 … 2^check. The first word is the
 * highest power. Gives the number of words mended, or -1 when there are too many errors; the block
 * is then unchanged. */
int reed_solomon_mend(uint8_t *block, int length, int check);
/* Computes the last `check` words from those before. */
void reed_solomon_protect(uint8_t *block, int length, int check);

#endif
