/* SPDX-License-Identifier: Apache-2.0 */
/* What stands on the empty bags before and behind a roll's doses. */
#ifndef RW_LABELS_OUTER_LABEL_H
#define RW_LABELS_OUTER_LABEL_H

#include "labels/compose.h"

/* With `names`, the header lists every product outside the roll; it never lists only some. */
void outer_label_compose(struct compose *compose, bool names);

#endif
