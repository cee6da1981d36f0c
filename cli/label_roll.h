/* SPDX-License-Identifier: Apache-2.0 */
/* Draws the labels of one roll in the form that was asked for. */
#ifndef RW_CLI_LABEL_ROLL_H
#define RW_CLI_LABEL_ROLL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/label_output.h"
#include "labels/layout.h"

/* What is the same for all rolls of one call. */
struct label_roll {
    const struct label_output *output;
    const char *media_file; /* NULL = the built-in film that the roll names */
    const uint8_t *key; /* that made the codes, RW_HMAC_KEY_BYTES; NULL = they are not looked at */
    struct canvas *canvas;
    struct rw_arena *arena; /* of one roll */
    bool strip;
    bool progress; /* a person watches */
    size_t number; /* of the roll in hand, from 1, of so many */
    size_t count;
    int64_t *numbers; /* of the rolls so far; room for all */
};

/* True when the form is known. */
bool label_roll_is_form(const char *as, bool strip);
/* Reads a roll file, draws it, and writes or prints it. Of several rolls, each gets a file or a
 * folder in the output's path, named by its number. */
RW_MUST_USE bool label_roll_run(const struct label_roll *job, const char *path,
                                struct rw_error *err);

#endif
