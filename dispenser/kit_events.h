/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of the kit about what a dispenser reports. */
#ifndef RW_DISPENSER_KIT_EVENTS_H
#define RW_DISPENSER_KIT_EVENTS_H

#include <stdbool.h>

#include "core/base/attributes.h"
#include "core/base/error.h"
#include "dispenser/kit_call.h"

/* Each is false, and says why, when the service breaks it. */
RW_MUST_USE bool kit_events_with_a_gap_are_refused(struct kit_call *kit, struct rw_error *err);
RW_MUST_USE bool kit_events_are_kept(struct kit_call *kit, struct rw_error *err);
RW_MUST_USE bool kit_events_that_repeat_are_skipped(struct kit_call *kit, struct rw_error *err);
RW_MUST_USE bool kit_events_of_a_wrong_clock_are_kept(struct kit_call *kit, struct rw_error *err);
RW_MUST_USE bool kit_events_must_be_readable(struct kit_call *kit, struct rw_error *err);
RW_MUST_USE bool kit_events_must_be_known(struct kit_call *kit, struct rw_error *err);
RW_MUST_USE bool kit_events_have_a_limit(struct kit_call *kit, struct rw_error *err);
RW_MUST_USE bool kit_events_have_a_size(struct kit_call *kit, struct rw_error *err);

#endif
