/* SPDX-License-Identifier: Apache-2.0 */
/* What stands on a bag that holds medicine. */
#ifndef RW_LABELS_DOSE_LABEL_H
#define RW_LABELS_DOSE_LABEL_H

#include "labels/compose.h"

/* How weekday and date are set. */
extern const struct canvas_style dose_label_weekday;
extern const struct canvas_style dose_label_date;

/* Weekday and date where `compose->day` says: the only fields that tell one day from another. */
void dose_label_place_day(struct compose *compose);
void dose_label_compose(struct compose *compose);

#endif
