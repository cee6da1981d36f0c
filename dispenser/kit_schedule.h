/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of the kit about the schedule, the waiting and the stream. */
#ifndef RW_DISPENSER_KIT_SCHEDULE_H
#define RW_DISPENSER_KIT_SCHEDULE_H

#include <stdbool.h>

#include "core/base/attributes.h"
#include "core/base/error.h"
#include "dispenser/kit_call.h"

/* Each is false, and says why, when the service breaks it. */
RW_MUST_USE bool kit_schedule_is_given(struct kit_call *kit, struct rw_error *err);
RW_MUST_USE bool kit_schedule_is_known(struct kit_call *kit, struct rw_error *err);
RW_MUST_USE bool kit_schedule_is_known_in_a_list(struct kit_call *kit, struct rw_error *err);
RW_MUST_USE bool kit_schedule_is_given_at_once(struct kit_call *kit, struct rw_error *err);
RW_MUST_USE bool kit_schedule_is_waited_for(struct kit_call *kit, struct rw_error *err);
RW_MUST_USE bool kit_schedule_is_streamed(struct kit_call *kit, struct rw_error *err);
RW_MUST_USE bool kit_schedule_is_streamed_again(struct kit_call *kit, struct rw_error *err);
RW_MUST_USE bool kit_schedule_never_falls(struct kit_call *kit, struct rw_error *err);

#endif
