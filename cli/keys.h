/* SPDX-License-Identifier: Apache-2.0 */
/* The pharmacy's secret key in the state folder. */
#ifndef RW_CLI_KEYS_H
#define RW_CLI_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/error.h"

/* Reads STATE/keys/pharmacy.hmac. `make`: one that is not there is made first (folder 0700, file
 * 0600); of two programs that make it at once, both read the same one. Without `make` an absent
 * key is RW_NOT_FOUND. `given` is --state or NULL. */
RW_MUST_USE bool keys_pharmacy(const char *given, bool make, uint8_t ret_key[RW_HMAC_KEY_BYTES],
                               struct rw_error *err);

#endif
