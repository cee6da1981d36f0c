/* SPDX-License-Identifier: Apache-2.0 */
/* The description of the routes, docs/openapi.yaml, in the program. */
#ifndef RW_API_OPENAPI_H
#define RW_API_OPENAPI_H

#include "core/base/embedded.h"

/* One file. */
extern const struct rw_embedded openapi_files[];

#endif
