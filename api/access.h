/* SPDX-License-Identifier: Apache-2.0 */
/* Who may do what: the roles, and how a caller proves one. */
#ifndef RW_API_ACCESS_H
#define RW_API_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "api/exchange.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

struct service;

/* Bits: a route names all that may use it. */
enum access_role {
    ACCESS_NOBODY = 0,
    ACCESS_ADMINISTRATOR = 1,
    ACCESS_APOTHEKER = 2,
    ACCESS_ASSISTENT = 4,
    ACCESS_OPERATOR = 8,
    ACCESS_CARE = 16,
    ACCESS_LINE = 32,
    ACCESS_DISPENSER = 64
};

/* Roles that a bearer token may have, and those that a certificate gives. */
#define ACCESS_TOKENS \
    (ACCESS_ADMINISTRATOR | ACCESS_APOTHEKER | ACCESS_ASSISTENT | ACCESS_OPERATOR | ACCESS_CARE)
#define ACCESS_DEVICES (ACCESS_LINE | ACCESS_DISPENSER)

const char *access_word(uint32_t role); /* of one bit; "nobody" */
bool access_from_word(const char *word, uint32_t *ret_role);

/* Finds who asks: at the people's door by the bearer token, at the devices' by the certificate.
 * No token at all is ACCESS_NOBODY and no error; a wrong one is RW_UNAUTHENTICATED. */
RW_MUST_USE bool access_authenticate(struct service *service, struct exchange *exchange,
                                     struct rw_error *err);

#endif
