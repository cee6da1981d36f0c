/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps findings in the order in which they were made. */
#include "core/base/diag.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "core/base/text.h"

#define DIAG_TEXT_MAX 1024

void rw_diag_init(struct rw_diag *diag, struct rw_arena *arena)
{
    *diag = (struct rw_diag){ .arena = arena };
}

void rw_diag_add(struct rw_diag *diag, const char *id, const char *reason,
                 enum rw_severity severity, const char *pointer, const char *format, ...)
{
    assert(id != NULL && reason != NULL && severity < RW_SEVERITY_COUNT);
    struct rw_text text;
    rw_text_init(&text, diag->arena, DIAG_TEXT_MAX);
    va_list list;
    va_start(list, format);
    rw_text_format_v(&text, format, list);
    va_end(list);

    /* A sentence beyond its ceiling must not lose the finding: its reason stays. */
    const char *sentence = text.failure == RW_TOO_LARGE ? reason : text.bytes;
    struct rw_finding finding = { .severity = severity, .text = sentence };
    finding.id = rw_arena_text(diag->arena, id, NULL);
    finding.reason = rw_arena_text(diag->arena, reason, NULL);
    finding.pointer = rw_arena_text(diag->arena, pointer != NULL ? pointer : "", NULL);
    bool kept = text.failure != RW_NO_MEMORY && finding.id != NULL && finding.reason != NULL &&
                finding.pointer != NULL &&
                rw_arena_grow(diag->arena, &diag->findings, &diag->room, diag->count,
                              sizeof *diag->findings, RW_DIAG_FINDINGS_MAX, NULL);
    if (!kept) {
        diag->lost++;
        diag->starved = diag->starved || diag->count < RW_DIAG_FINDINGS_MAX;
        return;
    }
    diag->findings[diag->count++] = finding;
}

bool rw_diag_has(const struct rw_diag *diag, enum rw_severity at_least)
{
    if (diag->lost > 0)
        return true;
    for (size_t i = 0; i < diag->count; i++) {
        if (diag->findings[i].severity >= at_least)
            return true;
    }
    return false;
}

static const char *const severity_letters[] = {
    [RW_INFORMS] = "I",
    [RW_OVERRIDABLE] = "O",
    [RW_BLOCKS] = "B",
};
_Static_assert(RW_COUNT(severity_letters) == RW_SEVERITY_COUNT, "one letter each");

const char *rw_severity_letter(enum rw_severity severity)
{
    assert(severity < RW_SEVERITY_COUNT);
    return severity_letters[severity];
}

bool rw_severity_from_letter(const char *letter, enum rw_severity *ret_severity)
{
    for (int i = 0; i < RW_SEVERITY_COUNT; i++) {
        if (letter != NULL && strcmp(letter, severity_letters[i]) == 0) {
            *ret_severity = (enum rw_severity)i;
            return true;
        }
    }
    return false;
}
