/* SPDX-License-Identifier: Apache-2.0 */
/* Writes findings: in rolls, plans and answers of the service alike. */
#ifndef RW_CORE_JSON_FINDING_JSON_H
#define RW_CORE_JSON_FINDING_JSON_H

#include "core/base/diag.h"
#include "core/json/json_write.h"

/* The member "findings", a list in the order in which they were found. */
void finding_json_write(struct json_writer *writer, const struct rw_diag *findings);

#endif
