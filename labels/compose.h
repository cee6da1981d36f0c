/* SPDX-License-Identifier: Apache-2.0 */
/* Sets text in lines and keeps count of what found no room. */
#ifndef RW_LABELS_COMPOSE_H
#define RW_LABELS_COMPOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/model/roll.h"
#include "labels/canvas.h"
#include "labels/layout_marks.h"
#include "labels/wording.h"

#define COMPOSE_NAME_MAX 32 /* bytes of a field's name, NUL included */

/* White space between the lines. Letters keep their size; only the white gives way (see layout.c
 * for the steps). All are distances from baseline to baseline unless said otherwise. */
struct compose_spacing {
    int32_t below_name_um; /* last name line to the rule */
    int32_t above_time_um; /* rule to the top of the time */
    int32_t below_time_um; /* to the first line of the contents */
    int32_t line_um;       /* to a further line of the same product */
    int32_t product_um;    /* to the next product */
    int32_t above_foot_um; /* rule to the letters of the foot */
    int32_t foot_um;       /* between the lines of the foot */
    bool look_beside;      /* the look may stand on the line of the name */
    bool rule_beside; /* the lower rule ends left of the symbol, whose key digits go to the edge */
};

/* Where a bag says on which day it is taken: weekday over date, and the fields that they became. */
struct compose_day {
    int32_t x_um;
    int32_t weekday_um; /* baselines */
    int32_t date_um;
    size_t first_field;
    size_t end_field;
};

/* A label under construction. Its failures are sticky: every function below does nothing once one
 * stands, and the end is checked once. */
struct compose {
    struct canvas *canvas;
    const struct roll *roll;
    const struct bag *bag;
    const struct wording *wording;
    const struct compose_spacing *spacing;
    struct rw_arena *arena;
    struct rw_error *err;
    struct layout *layout;
    int32_t left_um; /* of the text; a dot inside the print window, which hinting may use */
    int32_t right_um;
    int32_t top_um;
    int32_t bottom_um;
    int32_t symbol_right_um;
    int32_t symbol_bottom_um; /* 0 = the baseline of the last line */
    int32_t dot_um;
    struct compose_day day;          /* of a bag that holds medicine */
    bool failed;                     /* `err` is set */
    char overflow[COMPOSE_NAME_MAX]; /* the first field without room; "" = all fits */
};

bool compose_is_stopped(const struct compose *compose);
void compose_fail(struct compose *compose, const char *field);
void compose_overflow(struct compose *compose, const char *field);

/* Advance of a text; 0 once stopped. */
int32_t compose_width(struct compose *compose, const char *field, const char *text,
                      struct canvas_style style);
/* The ink of a text; all zero once stopped. */
struct canvas_extent compose_ink(struct compose *compose, const char *field, const char *text,
                                 struct canvas_style style);
/* One line with its left end at x_um. Gives the x of its right end. */
int32_t compose_text(struct compose *compose, const char *field, const char *text,
                     struct canvas_style style, const int32_t origin_um[2]);
/* One line that ends at right_um. Gives the x of its left end. */
int32_t compose_text_right(struct compose *compose, const char *field, const char *text,
                           struct canvas_style style, const int32_t end_um[2]);
/* A horizontal line from the left edge, about 0.2 mm, on whole dots. */
void compose_rule(struct compose *compose, const char *field, int32_t y_um, int32_t right_um);

/* Lines between two edges; a run that does not fit goes on at the left of the next line. */
struct compose_flow {
    int32_t left_um;
    int32_t right_um;
    int32_t line_um;     /* baseline to baseline */
    int32_t x_um;        /* where the next run starts */
    int32_t baseline_um; /* of the line in hand */
};
/* `gap_um` of white stands before the run unless it begins a line. A run that fits on a line of its
 * own is not broken; else it breaks at spaces, and a longer word than the column is wide behind a
 * slash or hyphen between letters; a word still longer is an overflow. */
void compose_run(struct compose *compose, struct compose_flow *flow, const char *field,
                 const char *text, struct canvas_style style, int32_t gap_um);
void compose_new_line(struct compose_flow *flow);

/* "look-3" */
const char *compose_name(struct compose *compose, const char *word, size_t number);
/* The phrase with its slots filled; "" once stopped. */
const char *compose_say(struct compose *compose, enum wording_phrase phrase, const char *first,
                        const char *second);
const char *compose_number(struct compose *compose, int64_t number);

#endif
