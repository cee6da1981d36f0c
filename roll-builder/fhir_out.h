/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a roll as FHIR R4: what went out, and what was taken out. */
#ifndef RW_ROLL_BUILDER_FHIR_OUT_H
#define RW_ROLL_BUILDER_FHIR_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/roll.h"
#include "roll-builder/products.h"

#define FHIR_OUT_PRODUCTS_MAX 512 /* products of one roll, each with its batches */
#define FHIR_OUT_BYTES_MAX ((size_t)16 * 1024 * 1024)

/* What became of one bag. */
struct fhir_out_bag {
    const char *serial;
    bool taken_out;     /* else it was missed */
    const char *at_utc; /* when it was taken out; NULL when it was missed */
};

/* What a service knows beyond the roll. Texts are borrowed. */
struct fhir_out_facts {
    enum roll_state state;
    const char *prepared_utc;        /* when every bag was found good; NULL = not yet */
    const char *handed_over_utc;     /* when its dispenser took it in; NULL = not yet */
    const struct products *products; /* for codes of other systems; may be NULL */
    const struct fhir_out_bag *bags; /* NULL: no administrations are written */
    size_t bag_count;
};

/* A Bundle of type collection: the Patient, the Organization, and for each product and batch of the
 * roll a MedicationDispense with its dosage and quantity; where asked for, a
 * MedicationAdministration for each product of each bag that was settled. No BSN is in it. A bag
 * that was taken out is `completed` only because the site agreed to read it so: the note says that
 * nobody saw it taken. Same roll and facts, same bytes. */
RW_MUST_USE bool fhir_out_write(const struct roll *roll, const struct fhir_out_facts *facts,
                                struct rw_arena *arena, const char **ret_bytes, size_t *ret_length,
                                struct rw_error *err);

#endif
