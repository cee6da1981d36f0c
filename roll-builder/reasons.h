/* SPDX-License-Identifier: Apache-2.0 */
/* The words for refusing an order, in the order in which they win. */
#ifndef RW_ROLL_BUILDER_REASONS_H
#define RW_ROLL_BUILDER_REASONS_H

#include <stddef.h>

#include "core/base/diag.h"

/* Where the word stands; a word that is not in the list comes last. "status-stopped" and its kin
 * share one place. */
size_t reasons_rank(const char *word);
/* The id of the rule or decision behind the word: "D15", "A17". */
const char *reasons_id(const char *word);
/* The blocking finding whose word wins; NULL when nothing blocks. */
const struct rw_finding *reasons_first(const struct rw_diag *diag);

#endif
