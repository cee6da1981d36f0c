/* SPDX-License-Identifier: Apache-2.0 */
/* What a Bundle asks to be done with its resource. */
#ifndef RW_ROLL_BUILDER_INTAKE_FHIR_ENTRY_H
#define RW_ROLL_BUILDER_INTAKE_FHIR_ENTRY_H

#include "roll-builder/intake/tree.h"

#define FHIR_ENTRY_DELETES_MAX 1000 /* entries of one document that delete something */

/* The entries of a document that delete a resource, in its order. Borrowed from the tree. */
struct fhir_entry_deletes {
    const struct tree **entries;
    size_t count;
    size_t room;
};

RW_MUST_USE bool fhir_entry_deletes_find(const struct tree *root, struct rw_arena *arena,
                                         struct fhir_entry_deletes *ret_deletes,
                                         struct rw_error *err);
/* The member that takes the resource out of use or only asks for it: the method of its own entry
 * (DELETE, GET, HEAD), or a DELETE of the same resource in another entry of its Bundle. In a
 * history, whose newest entry is the first, a DELETE behind the resource is older and does not
 * count. NULL when there is none. */
const struct tree *fhir_entry_withdrawal(const struct fhir_entry_deletes *deletes,
                                         const struct tree *resource);

#endif
