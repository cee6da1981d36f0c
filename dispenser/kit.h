/* SPDX-License-Identifier: Apache-2.0 */
/* Checks that a service keeps the rules of docs/DISPENSER.md. */
#ifndef RW_DISPENSER_KIT_H
#define RW_DISPENSER_KIT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attributes.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/net/enrol.h"

enum kit_outcome { KIT_BROKEN, KIT_KEPT, KIT_SKIPPED, KIT_OUTCOME_COUNT };

/* What was found about one rule. `why` is "" for a rule that is kept. */
struct kit_finding {
    size_t n; /* from 1 */
    const char *rule;
    const char *todo; /* what a dispenser has to do about it */
    enum kit_outcome outcome;
    const char *why;
};

/* It plays the dispenser of `identity`, which was enrolled for this trial alone and has a schedule:
 * it reports events ("online") that a real dispenser would have to number after. */
struct kit_settings {
    const struct enrol_identity *identity;
    const struct enrol_identity *revoked; /* one whose certificate was revoked; NULL: skipped */
    struct rw_clock clock;
    void *self;
    void (*tell)(void *self, const struct kit_finding *finding);
};

extern const size_t kit_rule_count;

/* Checks every rule and tells each; `ret_good` when none is broken. False only when the kit itself
 * could not work. */
RW_MUST_USE bool kit_run(const struct kit_settings *settings, bool *ret_good, struct rw_error *err);

#endif
