/* SPDX-License-Identifier: Apache-2.0 */
/* The file docs/openapi.yaml inside the program. */
#ifndef RW_API_OPENAPI_H
#define RW_API_OPENAPI_H

#include "core/base/embedded.h"

/* One file. */
extern const struct rw_embedded openapi_files[];

#endif
