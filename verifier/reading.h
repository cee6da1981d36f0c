/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the symbol at one place of a picture. */
#ifndef RW_VERIFIER_READING_H
#define RW_VERIFIER_READING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "verifier/decode.h"
#include "verifier/fit.h"
#include "verifier/grid.h"
#include "verifier/symbology.h"

/* One symbol. Its bytes live in the arena of the picture. */
struct reading {
    struct grid grid;
    bool inverted; /* light on dark */
    bool gs1;
    const uint8_t *bytes; /* FNC1 as 0x1D, without the leading one */
    size_t length;
    const uint8_t *words; /* the corrected codewords */
    int errors;           /* codewords that were wrong */
    int unused;           /* check words that no correction used up */
};

/* What is prepared once for all places; lives in the arena it was opened in. */
struct reading_tools;

/* What is looked for. */
struct reading_wish {
    bool sizes[SYMBOLOGY_COUNT];
    bool is_sure; /* small symbols only with a frame that nothing else is like */
};
struct reading_place {
    const struct picture *picture; /* print is dark in it */
    const struct picture_quad *quad;
    enum fit_source from;
    bool inverted; /* the print is light in what was given */
};

RW_MUST_USE bool reading_open(struct decode *decode, struct rw_arena *arena,
                              struct reading_tools **ret_tools, struct rw_error *err);
/* `ret_reading` is written where something was found. */
RW_MUST_USE bool reading_make(struct reading_tools *tools, const struct reading_wish *wish,
                              const struct reading_place *place, struct rw_arena *arena,
                              bool *ret_found, struct reading *ret_reading, struct rw_error *err);

#endif
