/* SPDX-License-Identifier: Apache-2.0 */
/* Finds out who asks. */
#ifndef RW_API_ACCESS_H
#define RW_API_ACCESS_H

#include <stdbool.h>

#include "api/exchange.h"
#include "api/role.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

struct service;

/* Finds who asks: at the people's door by the bearer token, at the devices' by the certificate.
 * No token at all is ROLE_NOBODY and no error; a wrong one is RW_UNAUTHENTICATED. */
RW_MUST_USE bool access_authenticate(struct service *service, struct exchange *exchange,
                                     struct rw_error *err);

#endif
