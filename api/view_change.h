/* SPDX-License-Identifier: Apache-2.0 */
/* Shows what a plan changes in the roll that it replaces. */
#ifndef RW_API_VIEW_CHANGE_H
#define RW_API_VIEW_CHANGE_H

#include "api/change.h"
#include "api/page.h"

/* An object "change"; what changed on the list comes first. */
void view_change_write(struct page *page, const struct change *change);

#endif
