/* SPDX-License-Identifier: Apache-2.0 */
/* Collects findings: what is wrong with the input, each with its place. */
#ifndef RW_CORE_BASE_DIAG_H
#define RW_CORE_BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define RW_DIAG_FINDINGS_MAX 512 /* findings of one unit of work; one more is counted, not kept */

/* B blocks, O may be overridden by a named person with a reason, I informs. */
enum rw_severity { RW_INFORMS, RW_OVERRIDABLE, RW_BLOCKS, RW_SEVERITY_COUNT };

/* All texts are borrowed from the list's arena. */
struct rw_finding {
    const char *id;     /* "D15" of the domain rules, "A5" of the dosing decisions */
    const char *reason; /* one word of the contract: "dose-range" */
    enum rw_severity severity;
    const char *pointer; /* JSON pointer into the input, "" = the whole of it */
    const char *text;    /* one sentence, lower case, no full stop */
    const char *about;   /* what stands at the place, for people: a medicine's name; or NULL */
};

struct rw_diag {
    struct rw_arena *arena;
    struct rw_finding *findings;
    size_t count;
    size_t room;
    size_t lost;  /* findings beyond the ceiling, or that no memory was left for */
    bool starved; /* there were some of the latter */
};

void rw_diag_init(struct rw_diag *diag, struct rw_arena *arena);
void rw_diag_add(struct rw_diag *diag, const char *id, const char *reason,
                 enum rw_severity severity, const char *pointer, const char *format, ...)
    RW_PRINTF(6, 7);
/* True when a finding of this severity or a worse one was added. A lost finding counts as B. */
bool rw_diag_has(const struct rw_diag *diag, enum rw_severity at_least);
const char *rw_severity_letter(enum rw_severity severity); /* "I", "O", "B" */
bool rw_severity_from_letter(const char *letter, enum rw_severity *ret_severity);

#endif
