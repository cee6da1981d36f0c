/* SPDX-License-Identifier: Apache-2.0 */
/* Looks at a connection string before it is used. */
#ifndef RW_DB_CONNINFO_H
#define RW_DB_CONNINFO_H

#include <stdbool.h>

#include "core/base/attributes.h"
#include "core/base/error.h"

/* RW_USAGE when libpq cannot read it, when it holds a password (a command line is open to every
 * account of the machine), or when it names several servers and takes any of them. */
RW_MUST_USE bool conninfo_check(const char *text, struct rw_error *err);

#endif
