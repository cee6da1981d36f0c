/* SPDX-License-Identifier: Apache-2.0 */
/* Says of each finding of a roll which medicine its place speaks of. */
#ifndef RW_ROLL_BUILDER_ABOUT_H
#define RW_ROLL_BUILDER_ABOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/diag.h"
#include "roll-builder/line.h"

/* "/entry/1" holds "/entry/1/dosageInstruction/0" and not "/entry/12"; the label of a resource that
 * is a whole file is empty and holds all of it. */
bool about_holds(const char *label, const char *pointer);
/* Where the words of a finding name that order: "/entry/1" does not stand in "/entry/12 gives
 * nothing". NULL = nowhere. The label is not empty. */
const char *about_find(const char *label, const char *text);
/* A finding that points at an order, or into it, is about the medicine of that order; one about
 * the client or the film is about none. Names are borrowed from the lines. */
void about_findings(const struct line *lines, size_t count, struct rw_diag *diag);

#endif
