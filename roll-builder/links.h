/* SPDX-License-Identifier: Apache-2.0 */
/* How agreements of one client point to each other. */
#ifndef RW_ROLL_BUILDER_LINKS_H
#define RW_ROLL_BUILDER_LINKS_H

#include <stdbool.h>

#include "core/model/order.h"

/* Does this link (a full identifier "SYSTEM|VALUE" or a FHIR reference) mean the order? A NULL
 * link means none. */
bool links_mean(const char *link, const struct order *order);
/* Does one of the order's own links lead to the target? Never to itself. */
bool links_lead(const struct order *order, const struct order *target);
/* One agreement twice: the same identifier or, where one has none, the same resource of one
 * document (the history of a server). What is contained has an id of its container alone. */
bool links_are_versions(const struct order *left, const struct order *right);
/* Both state the same treatment (MBH id). */
bool links_share_treatment(const struct order *left, const struct order *right);

#endif
