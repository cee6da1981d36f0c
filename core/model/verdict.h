/* SPDX-License-Identifier: Apache-2.0 */
/* What was decided about each bag of a roll, and why. */
#ifndef RW_CORE_MODEL_VERDICT_H
#define RW_CORE_MODEL_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model/picture.h"
#include "core/model/roll.h"

#define VERDICT_REASONS_MAX 8
#define VERDICT_DEFECTS_MAX 32
#define VERDICT_STRANGERS_MAX 1024

enum verdict {
    VERDICT_UNDECIDED, /* never an acceptance; not written to a report */
    VERDICT_PASS,
    VERDICT_UNSURE,
    VERDICT_MISSING,
    VERDICT_FAIL,
    VERDICT_COUNT
};

/* The words of docs/FORMATS.md. */
enum verdict_reason {
    REASON_NONE,
    REASON_NOT_SEEN,
    REASON_CODE_UNREADABLE,
    REASON_CODE_WRONG,
    REASON_OTHER_ROLL,
    REASON_OTHER_CLIENT,
    REASON_SUPERSEDED,
    REASON_BAD_TAG,
    REASON_OUT_OF_ORDER,
    REASON_TWICE,
    REASON_GAP,
    REASON_GRADE_LOW,
    REASON_PRINT_DAMAGED,
    REASON_TEXT_DIFFERS,
    REASON_COUNT_DIFFERS,
    REASON_PIECE_DIFFERS,
    REASON_PIECES_HIDDEN,
    REASON_LOOK_ALIKE,
    REASON_NOT_EMPTY,
    REASON_EMPTY,
    REASON_CUT_ASKEW,
    VERDICT_REASON_COUNT
};

/* A grade of ISO/IEC 15415: 4 = A … 0 = F; -1 = not measured. */
struct verdict_grade {
    int8_t overall;
    int8_t decode;
    int8_t contrast;
    int8_t modulation;
    int8_t fixed_pattern;
    int8_t axial;
    int8_t grid;
    int8_t error_correction;
    int8_t reflectance_margin;
    int8_t dpm_overall; /* of ISO/IEC 29158, by the two below in place of contrast and modulation */
    int8_t cell_contrast;
    int8_t cell_modulation;
    bool is_calibrated; /* the light was known */
    bool is_dpm;        /* the film is too dark for 15415: `overall` is that of 29158 */
};

/* A place where the print differs from the label as rendered. Micrometres on the label. */
struct verdict_defect {
    const char *field;          /* name of the print field it lies in, "" = between fields */
    enum verdict_reason reason; /* REASON_PRINT_DAMAGED or REASON_TEXT_DIFFERS */
    int32_t x_um;
    int32_t y_um;
    int32_t width_um;
    int32_t height_um;
};

struct verdict_bag {
    int32_t n;
    const char *serial;
    enum verdict verdict;
    const char *frame;        /* file or frame name; NULL when not seen */
    struct picture_quad quad; /* of the symbol in the frame */
    bool has_grade;
    struct verdict_grade grade;
    bool print_judged;
    int32_t print_score_milli; /* 1000 = as rendered */
    bool print_in_doubt;       /* what differs in it is little: for a person to look at */
    struct verdict_defect defects[VERDICT_DEFECTS_MAX];
    size_t defect_count;
    enum verdict_reason reasons[VERDICT_REASONS_MAX];
    size_t reason_count;
};

/* A symbol that belongs to no bag of the roll. */
struct verdict_stranger {
    const char *frame;
    const char *text;
    enum verdict_reason reason;
};

struct verdict_report {
    const char *roll;
    const char *fingerprint;
    bool judged_code;
    bool judged_order;
    bool judged_print;
    enum verdict verdict;
    struct verdict_bag *bags; /* header, doses and trailer as in the roll */
    size_t bag_count;
    struct verdict_stranger *strangers;
    size_t stranger_count;
    int32_t frames;
    int64_t frames_lost; /* pictures of a camera that did not arrive here */
    int64_t elapsed_ms;
    const char *broke_off; /* where the film ends before its own end, and why; NULL: it does not */
    bool is_offline;       /* whether the roll still holds could not be asked: it is no pass */
};

const char *verdict_word(enum verdict verdict); /* "pass" "fail" "unsure" "missing" "undecided" */
bool verdict_from_word(const char *word, enum verdict *ret_verdict);
const char *verdict_reason_word(enum verdict_reason reason);
bool verdict_reason_from_word(const char *word, enum verdict_reason *ret_reason);
char verdict_grade_letter(int8_t grade); /* 'A'…'D', 'F' (0), '-' (not measured) */
/* The worst of two: fail, missing, unsure, pass; undecided counts as unsure. */
enum verdict verdict_worst(enum verdict left, enum verdict right);
/* Adds a reason once; beyond VERDICT_REASONS_MAX it is dropped (the verdict stays). */
void verdict_bag_add_reason(struct verdict_bag *bag, enum verdict_reason reason);

#endif
