/* SPDX-License-Identifier: Apache-2.0 */
/* Measures how well a camera sees symbols; says what to change. */
#ifndef RW_VERIFIER_OPTICS_H
#define RW_VERIFIER_OPTICS_H

#include <stddef.h>
#include <stdint.h>

#include "core/model/picture.h"
#include "verifier/modules.h"
#include "verifier/reader.h"

enum optics_advice {
    OPTICS_NO_SYMBOL, /* nothing was read at all */
    OPTICS_TOO_SMALL, /* fewer than five pixels a module (docs/VERIFYING.md) */
    OPTICS_SOFT,
    OPTICS_DARK,
    OPTICS_BRIGHT,
    OPTICS_PALE,
    OPTICS_TILTED,
    OPTICS_ADVICE_COUNT
};

/* Of one frame. Thousandths, but for the module. */
struct optics {
    size_t symbols;
    int32_t module_px_milli;
    int32_t focus_milli;    /* contrast from module to module for that of whole areas */
    int32_t light_milli;    /* level of light modules, 1000 = white */
    int32_t contrast_milli; /* of dark to light, for light */
    int32_t tilt_milli;     /* by which opposite sides of a symbol differ */
    int32_t burnt_milli;    /* part of the frame that is plain white */
};

/* The means over all symbols. `modules` is scratch space. */
void optics_measure(const struct picture *picture, const struct readings *readings,
                    struct modules *modules, struct optics *ret_optics);
/* Which advice holds, as bits 1 << OPTICS_…; 0 = nothing to change. */
uint32_t optics_advise(const struct optics *optics);
const char *optics_advice_word(enum optics_advice advice);
const char *optics_advice_text(enum optics_advice advice);

#endif
