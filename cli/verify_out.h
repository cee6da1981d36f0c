/* SPDX-License-Identifier: Apache-2.0 */
/* Draws and writes the pictures of bags that verify shows a person. */
#ifndef RW_CLI_VERIFY_OUT_H
#define RW_CLI_VERIFY_OUT_H

#include <stdbool.h>

#include "cli/verify_line.h"
#include "verifier/inspect.h"

/* Where pictures and verdicts go. */
struct verify_out {
    const char *folder; /* NULL = none */
    const struct inspect *inspect;
    struct station *station; /* NULL = no service */
    struct rw_arena *arena;  /* reset for each bag */
};

/* Pictures with what was found in them: into the folder (bag-012.png) for the bags that are not
 * good; to the service go the verdict and the picture of every bag. */
RW_MUST_USE bool verify_out_hand_over(const struct verify_out *out,
                                      const struct verdict_report *report, struct rw_error *err);

#endif
