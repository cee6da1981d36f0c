/* SPDX-License-Identifier: Apache-2.0 */
/* A roll: its bags, what lies outside it, its audit and its life. */
#ifndef RW_CORE_MODEL_ROLL_H
#define RW_CORE_MODEL_ROLL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "core/base/diag.h"
#include "core/model/bag.h"
#include "core/model/client.h"
#include "core/model/roll_time.h"

#define ROLL_BAGS_MAX 998      /* dose bags: serials 001…998 leave one for the trailer */
#define ROLL_OUTSIDE_MAX 512   /* loose and excluded lines together */
#define ROLL_REASONS_MAX 65535 /* dosages and rules behind one roll */
#define ROLL_NUMBER_DIGITS 9
#define ROLL_NUMBER_MAX 10
#define ROLL_FINGERPRINT_MAX 72 /* "sha256:" and 64 hex digits and the NUL */

/* A line that is not packed: handed over loose, or excluded with its reason. */
struct roll_outside {
    const char *order;
    const char *product; /* code, may be NULL */
    const char *name;
    const char *strength;    /* of the product table; NULL where it has none */
    const char *text;        /* dosage text for the toedienlijst; may be NULL */
    const char *reason;      /* "as-needed", "loose-agreement", "not-packable", … */
    int64_t milli;           /* of the window; -1 = not countable (JSON null) */
    const char *by;          /* the order that replaced or ended it, or NULL */
    struct roll_times times; /* when a loose line is taken; none where its order fixes no times */
};

/* What put pieces into bags: one dosage of one order under one rule for its times. */
struct roll_reason {
    const char *order;
    const char *dosage; /* pointer of the dosage; several that follow each other are phases */
    int32_t phase;      /* its `sequence`, where the order has phases; else 0 */
    const char *rule;   /* "P1", "P2", "when", "time-of-day", "event" or "hours" */
    int64_t milli;      /* of one intake */
};

/* A person took a finding of severity O upon them. */
struct roll_override {
    const char *id;
    const char *reason;
    const char *pointer;
    const char *by;
    const char *why;
};

/* What became of one product's thousandths. */
struct roll_balance {
    const char *product; /* code; NULL: all that is not in the product table */
    int64_t ordered_milli;
    int64_t packed_milli;
    int64_t loose_milli;
    int64_t excluded_milli;
};

struct roll_audit {
    int64_t ordered_milli;
    int64_t packed_milli;
    int64_t loose_milli;
    int64_t excluded_milli;
};

struct roll_pharmacy {
    const char *id;
    const char *name;
    const char *phone;
};

/* `bags` holds header, doses and trailer in that order. Texts are borrowed. */
struct roll {
    const char *number;      /* 9 digits */
    int32_t version;         /* 1, raised by each remake */
    const char *fingerprint; /* "sha256:…" of the file's bytes with its own hex digits as zeros */
    const char *issued;      /* planned-time form */
    const char *replaces;    /* roll number, or NULL */
    struct client client;
    struct roll_pharmacy pharmacy;
    int32_t from; /* day */
    int32_t days;
    const char *zone;
    const char *media;
    const char *language; /* "nl" or "en" */
    int32_t dpi;
    struct bag *bags;
    size_t bag_count;
    struct roll_outside *loose;
    size_t loose_count;
    struct roll_outside *excluded;
    size_t excluded_count;
    struct roll_reason *reasons; /* what `why` of the contents names */
    size_t reason_count;
    struct rw_diag findings;
    struct roll_override *overrides;
    size_t override_count;
    struct roll_audit audit;
    struct roll_balance *balances; /* by product; they add up to `audit` */
    size_t balance_count;
};

/* Life of a roll (docs/ROLL-LIFE.md is drawn from roll_steps). */
enum roll_state {
    ROLL_NONE, /* harmless: not stored anywhere */
    ROLL_PLANNED,
    ROLL_APPROVED,
    ROLL_PRINTED,
    ROLL_VERIFIED,
    ROLL_RELEASED,
    ROLL_RUNNING,
    ROLL_FINISHED,
    ROLL_SUPERSEDED,
    ROLL_WITHDRAWN,
    ROLL_REJECTED,
    ROLL_STATE_COUNT
};
enum roll_act {
    ROLL_ACT_PLAN,
    ROLL_ACT_APPROVE,
    ROLL_ACT_PRINT,
    ROLL_ACT_VERIFY,
    ROLL_ACT_REMAKE,
    ROLL_ACT_RELEASE,
    ROLL_ACT_LOAD,
    ROLL_ACT_AMEND,
    ROLL_ACT_FINISH,
    ROLL_ACT_SUPERSEDE,
    ROLL_ACT_WITHDRAW,
    ROLL_ACT_REJECT,
    ROLL_ACT_PAUSE,
    ROLL_ACT_RESUME,
    ROLL_ACT_COUNT
};
struct roll_step {
    enum roll_state from;
    enum roll_act act;
    enum roll_state to;
    const char *why;
};
extern const struct roll_step roll_steps[];
extern const size_t roll_step_count;

/* The row for this act in this state; NULL = refused (RW_CONFLICT). */
const struct roll_step *roll_step_find(enum roll_state from, enum roll_act act);
const char *roll_state_word(enum roll_state state);
bool roll_state_from_word(const char *word, enum roll_state *ret_state);
const char *roll_act_word(enum roll_act act);

/* The bag with this serial; NULL when it is not in the roll. */
const struct bag *roll_bag_find(const struct roll *roll, const char *serial);
bool roll_is_number(const char *text); /* exactly nine digits */
/* ordered = packed + loose + excluded. */
bool roll_balances(const struct roll_audit *audit);

#endif
