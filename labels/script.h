/* SPDX-License-Identifier: Apache-2.0 */
/* Which font holds the letters of a script that few labels need. */
#ifndef RW_LABELS_SCRIPT_H
#define RW_LABELS_SCRIPT_H

#include <stdint.h>

#define SCRIPT_COUNT 31

struct script {
    uint32_t first; /* its block of Unicode */
    uint32_t last;
    const char *family; /* "Noto Sans Thai" */
    const char *file;   /* "Sans" or "Serif" and the rest: "SansThai" */
};

/* The number of the script whose block holds the character, or -1: the usual fonts must have it. */
int32_t script_find(uint32_t character);
const struct script *script_at(int32_t number);

#endif
