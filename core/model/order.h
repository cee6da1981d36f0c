/* SPDX-License-Identifier: Apache-2.0 */
/* One order line: who, what, on whose authority, and how taken. */
#ifndef RW_CORE_MODEL_ORDER_H
#define RW_CORE_MODEL_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/diag.h"
#include "core/model/client.h"
#include "core/model/dosing.h"
#include "core/model/medicine.h"

#define ORDER_DOSINGS_MAX 64
#define ORDER_LINKS_MAX 16
#define ORDERS_MAX 20000 /* orders of one input file */

/* What the line is in the terms of MP9; ORDER_PLAIN is an order of plain FHIR, CHMED or CSV. */
enum order_kind {
    ORDER_OTHER, /* no order: MVE, VV, MedicationStatement, a plan, a proposal */
    ORDER_PLAIN,
    ORDER_MA,  /* medicatieafspraak */
    ORDER_WDS, /* wisselend doseerschema */
    ORDER_TA,  /* toedieningsafspraak */
    ORDER_VV,  /* verstrekkingsverzoek: no order, but carries the wish "Niet in GDS" */
    ORDER_MVE, /* medicatieverstrekking: no order, a cross-check of quantities */
    ORDER_KIND_COUNT
};

/* Every text is borrowed from the arena of the intake. Absent texts are NULL. */
struct order {
    const char *source;     /* the file's name as given */
    const char *resource;   /* "MedicationRequest"; for other formats "Medicament", "row" */
    const char *pointer;    /* JSON pointer of the line in its file */
    const char *id;         /* Resource.id, else fullUrl less urn:uuid:, else NULL */
    const char *identifier; /* value of the first identifier, else NULL */
    enum order_kind kind;
    struct client client;       /* id NULL when the order names nobody that could be found */
    const char *client_pointer; /* then: JSON pointer to what should name somebody, else NULL */
    struct medicine product;
    const char *status;
    const char *treatment; /* "SYSTEM|VALUE" of the MBH id */
    const char
        *registered;     /* ext-RegistrationDateTime as written; compare with rw_clock_parse_utc */
    const char *full_id; /* "SYSTEM|VALUE" of the first identifier */
    const char
        *links[ORDER_LINKS_MAX]; /* basedOn, authorizingPrescription: full ids or references */
    size_t link_count;
    const char *prior;                /* priorPrescription: full id or reference */
    bool gds;                         /* TA or MVE with distribution form GDS */
    int64_t supplied_milli;           /* MVE: pieces handed over; 0 = none that are counted */
    bool at_next_roll;                /* MA with the wish 7 "Per volgende GDS-rolwissel" */
    bool not_in_gds;                  /* VV with the wish 2 "Niet in GDS" */
    const char *stop_type;            /* SNOMED code of ext-StopType */
    struct dosing_point period_start; /* period of use */
    struct dosing_point period_end;
    struct dosing_duration period_duration;
    struct dosing_duration cycle; /* cyclical schedule on the resource */
    bool conditional;             /* ext-PeriodOfUse.Condition */
    struct dosing *dosings;
    size_t dosing_count;
    const char *free_text; /* dosage text when nothing is structured */
    const char *sentence;  /* the whole dosing as its author's system words it */
    /* What intake itself had to refuse: the first reason in the order of its words, the
     * others stand in `findings` with their pointers. NULL = nothing. */
    const char *refused;
    struct rw_diag findings;
};

enum order_destination { ORDER_EXCLUDED, ORDER_TO_LOOSE, ORDER_TO_ROLL, ORDER_DESTINATION_COUNT };
const char *order_destination_word(enum order_destination destination);

/* All lines of one input file. */
struct order_list {
    struct order *orders;
    size_t count;
    size_t room;
};

#endif
