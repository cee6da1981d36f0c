/* SPDX-License-Identifier: Apache-2.0 */
/* The words for refusing an order, in the order in which they win. */
#include "roll-builder/reasons.h"

#include <string.h>

#include "core/base/attributes.h"
#include "core/base/text.h"

/* The first rows are the order of the contract; the others follow as its list names them. */
static const struct {
    const char *word;
    const char *id;
} rows[] = {
    { "malformed-input", "D9" },
    { "unknown-modifier-extension", "D9" },
    { "not-an-order", "A14" },
    { "status-", "A14" },
    { "cancelled-agreement", "A2" },
    { "stop-agreement", "A2" },
    { "do-not-perform", "D9" },
    { "conditional-period", "A13" },
    { "as-needed", "D14" },
    { "rate", "D6" },
    { "not-oral", "D6" },
    { "external-schedule", "D23" },
    { "free-text-only", "A8" },
    { "no-timing", "D15" },
    { "dose-range", "D15" },
    { "no-dose", "D15" },
    { "unit-missing", "A17" },
    { "unit-not-countable", "D6" },
    { "unit-conflict", "A19" },
    { "fraction", "D40" },
    { "frequency-range", "D15" },
    { "period-range", "D15" },
    { "has-administration-duration", "D6" },
    { "invalid-timing", "D17" },
    { "no-anchor", "D13" },
    { "unanchored-frequency", "A7" },
    { "interval-needs-clock-anchor", "D18" },
    { "unmapped-moment", "A11" },
    { "too-many-intakes", "A16" },
    { "frequency-conflict", "A20" },
    { "sequence-without-duration", "A4" },
    { "phase-too-short", "A12" },
    { "unknown-timing-code", "D17" },
    { "when-and-time-of-day", "D17" },
    { "month-duration", "D22" },
    { "bounds-range", "D15" },
    { "count-range", "D15" },
    { "multiple-doses", "D15" },
    { "unclear-repetition", "D19" },
};

size_t reasons_rank(const char *word)
{
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        size_t length = strlen(rows[i].word);
        bool begins = rows[i].word[length - 1] == '-';
        if (begins ? rw_text_starts_with(word, rows[i].word) : strcmp(word, rows[i].word) == 0)
            return i;
    }
    return RW_COUNT(rows);
}

const char *reasons_id(const char *word)
{
    size_t rank = reasons_rank(word);
    return rank < RW_COUNT(rows) ? rows[rank].id : "D9";
}

const struct rw_finding *reasons_first(const struct rw_diag *diag)
{
    const struct rw_finding *first = NULL;
    for (size_t i = 0; i < diag->count; i++) {
        const struct rw_finding *finding = &diag->findings[i];
        if (finding->severity == RW_BLOCKS &&
            (first == NULL || reasons_rank(finding->reason) < reasons_rank(first->reason)))
            first = finding;
    }
    return first;
}
