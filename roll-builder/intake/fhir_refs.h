/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the resources that references of one FHIR document point to. */
#ifndef RW_ROLL_BUILDER_INTAKE_FHIR_REFS_H
#define RW_ROLL_BUILDER_INTAKE_FHIR_REFS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/client.h"
#include "core/model/medicine.h"
#include "roll-builder/intake/tree.h"

#define FHIR_REFS_MAX ((size_t)1000000) /* resources of one document */

struct fhir_ref;

/* All resources of a document by fullUrl and by "Type/id". Lives in the arena. */
struct fhir_refs {
    struct fhir_ref *refs;
    size_t count;
    size_t room;
};

RW_MUST_USE bool fhir_refs_read(const struct tree *root, struct rw_arena *arena,
                                struct fhir_refs *ret_refs, struct rw_error *err);
/* The resource a Reference of `owner` points to, NULL when it is not in the document. "#id" is
 * looked up in the resource that contains `owner`. */
const struct tree *fhir_refs_find(const struct fhir_refs *refs, const struct tree *owner,
                                  const char *reference);

/* What the order says about its product and its patient. */
RW_MUST_USE bool fhir_refs_medicine(const struct fhir_refs *refs, const struct tree *order,
                                    struct rw_arena *arena, struct medicine *ret_medicine,
                                    struct rw_error *err);
RW_MUST_USE bool fhir_refs_client(const struct fhir_refs *refs, const struct tree *order,
                                  struct rw_arena *arena, struct client *ret_client,
                                  struct rw_error *err);

#endif
