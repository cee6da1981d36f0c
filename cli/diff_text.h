/* SPDX-License-Identifier: Apache-2.0 */
/* Says in words what happens to a roll that is out. */
#ifndef RW_CLI_DIFF_TEXT_H
#define RW_CLI_DIFF_TEXT_H

#include "core/base/text.h"
#include "core/model/roll.h"
#include "roll-builder/absence.h"
#include "roll-builder/amend.h"

/* What to do with the old roll, and the administration list of the new one: what changed first. */
void diff_text_change(struct rw_text *text, const struct roll *old_roll,
                      const struct roll *new_roll, const struct amendment *amendment);
/* The bags of a day away or a pause, and how it goes on. */
void diff_text_absence(struct rw_text *text, const struct absence_request *request,
                       const struct absence *absence);

#endif
