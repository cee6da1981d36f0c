/* SPDX-License-Identifier: Apache-2.0 */
/* What stands on a bag that holds medicine. */
#ifndef RW_LABELS_DOSE_LABEL_H
#define RW_LABELS_DOSE_LABEL_H

#include "labels/compose.h"

void dose_label_compose(struct compose *compose);

#endif
