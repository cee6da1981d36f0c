/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the moments that are written in a sentence. */
#ifndef RW_API_INSTANT_H
#define RW_API_INSTANT_H

#include <stddef.h>
#include <stdint.h>

/* As the journal writes them: "2026-11-23T08:00+01:00", "2026-11-23T07:00:00.000Z". */
struct instant {
    const char *at; /* where in the sentence it begins */
    size_t length;
    int64_t utc_ms;
};

/* The first of them; all zero without one. */
struct instant instant_find(const char *sentence);

#endif
