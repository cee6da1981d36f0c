/* SPDX-License-Identifier: Apache-2.0 */
/* The roles that callers have. */
#ifndef RW_API_ROLE_H
#define RW_API_ROLE_H

#include <stdbool.h>
#include <stdint.h>

/* Bits: a route names all that may use it. */
enum role {
    ROLE_NOBODY = 0,
    ROLE_ADMINISTRATOR = 1,
    ROLE_APOTHEKER = 2,
    ROLE_ASSISTENT = 4,
    ROLE_OPERATOR = 8,
    ROLE_CARE = 16,
    ROLE_LINE = 32,
    ROLE_DISPENSER = 64,
    ROLE_FAMILY = 128,
    ROLE_AUDITOR = 256,
    ROLE_ENROLLING = 512 /* signed in by password, without a second factor yet */
};

/* Roles that a person or a bearer token may have, and those that a certificate gives. */
#define ROLE_PERSONS                                                                    \
    (ROLE_ADMINISTRATOR | ROLE_APOTHEKER | ROLE_ASSISTENT | ROLE_OPERATOR | ROLE_CARE | \
     ROLE_FAMILY | ROLE_AUDITOR)
#define ROLE_TOKENS ROLE_PERSONS
#define ROLE_DEVICES (ROLE_LINE | ROLE_DISPENSER)
/* They see the clients who agreed to it. */
#define ROLE_FOLLOWERS (ROLE_CARE | ROLE_FAMILY)

const char *role_word(uint32_t role); /* of one bit; "nobody" */
bool role_from_word(const char *word, uint32_t *ret_role);

#endif
