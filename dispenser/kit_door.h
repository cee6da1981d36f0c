/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of the kit about certificates and who may come in. */
#ifndef RW_DISPENSER_KIT_DOOR_H
#define RW_DISPENSER_KIT_DOOR_H

#include <stdbool.h>

#include "core/base/attributes.h"
#include "core/base/error.h"
#include "dispenser/kit_call.h"

/* Each is false, and says why, when the service breaks it. */
RW_MUST_USE bool kit_door_hides_others(struct kit_call *kit, struct rw_error *err);
RW_MUST_USE bool kit_door_wants_a_certificate(struct kit_call *kit, struct rw_error *err);
RW_MUST_USE bool kit_door_refuses_old_tls(struct kit_call *kit, struct rw_error *err);
/* Renews the certificate of the state folder, which then holds the new one. */
RW_MUST_USE bool kit_door_renews(struct kit_call *kit, struct rw_error *err);
RW_MUST_USE bool kit_door_refuses_the_revoked(struct kit_call *kit, struct rw_error *err);

#endif
