/* SPDX-License-Identifier: Apache-2.0 */
/* Reads FHIR written as XML into a tree; the door to libxml2. */
#ifndef RW_ROLL_BUILDER_INTAKE_XML_READ_H
#define RW_ROLL_BUILDER_INTAKE_XML_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "roll-builder/intake/tree.h"

#define XML_DEPTH_MAX JSON_DEPTH_MAX

/* Nothing is fetched and no entity is expanded; a document type declaration is refused. The root
 * has a `resource` only when it stands in the namespace of FHIR. Not well-formed: RW_INVALID with
 * the line in the sentence. */
RW_MUST_USE bool xml_read(const char *bytes, size_t length, struct rw_arena *arena,
                          struct tree **ret_root, struct rw_error *err);

#endif
