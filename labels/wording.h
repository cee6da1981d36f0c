/* SPDX-License-Identifier: Apache-2.0 */
/* The words on a label, in the languages of the roll. */
#ifndef RW_LABELS_WORDING_H
#define RW_LABELS_WORDING_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/zone.h"

#define WORDING_WHOLES_MAX 9 /* whole units beside a half that have words: "negen en een half" */

#define WORDING_SAID_MAX 1024 /* bytes of one phrase with its values, NUL included */

/* One language's words. */
struct wording;

/* NULL when we do not speak the language. */
const struct wording *wording_find(const char *language);

/* What is said; each % stands for a text or number of the caller, in this order. */
enum wording_phrase {
    WORDING_BORN,         /* % date */
    WORDING_EXACT,        /* the time is exact */
    WORDING_PART,         /* % of % */
    WORDING_TOTAL,        /* % pieces */
    WORDING_TOTAL_ONE,    /* one piece */
    WORDING_SPLIT,        /* % of the pieces are no whole ones */
    WORDING_BAG,          /* % of % */
    WORDING_ROLL,         /* % number */
    WORDING_USE_BY,       /* % date */
    WORDING_PHONE,        /* % number */
    WORDING_TITLE,        /* heads the header bag */
    WORDING_END,          /* heads the trailer */
    WORDING_FROM,         /* % date */
    WORDING_UNTIL,        /* % date */
    WORDING_COUNT,        /* % bags */
    WORDING_COUNT_ONE,    /* one bag */
    WORDING_EMPTY,        /* there is no medicine in this bag */
    WORDING_REMOVE,       /* take it away */
    WORDING_OUTSIDE,      /* % products outside the roll: see the list */
    WORDING_OUTSIDE_ONE,  /* one product */
    WORDING_OUTSIDE_NONE, /* none */
    WORDING_PHRASE_COUNT
};
/* The phrase with its slots filled; NULL = no memory. */
const char *wording_say(const struct wording *wording, enum wording_phrase phrase,
                        const char *const values[2], struct rw_arena *arena, struct rw_error *err);

/* "zondag"; Monday = 1. */
const char *wording_weekday(const struct wording *wording, int32_t weekday);
/* "ochtend" for "morning"; NULL for a moment that has no word of ours. */
const char *wording_moment(const struct wording *wording, const char *moment);
/* Why a line is not in the roll, for a person: "zo nodig". */
const char *wording_reason(const struct wording *wording, const char *reason);

/* "22 november 2026"; NULL = no memory. */
const char *wording_date(const struct wording *wording, int32_t day, struct rw_arena *arena,
                         struct rw_error *err);
/* "14-03-1941" from "1941-03-14", in English "14 Mar 1941"; RW_INVALID when it is no date. */
const char *wording_short_date(const struct wording *wording, const char *iso,
                               struct rw_arena *arena, struct rw_error *err);
/* "08:00" */
const char *wording_clock(struct rw_wall wall, struct rw_arena *arena, struct rw_error *err);

/* "2", "1½", "¼": never a decimal point or comma, which a fold could hide (D47). RW_INVALID for an
 * amount without such a form (D40). */
const char *wording_amount(int64_t milli, struct rw_arena *arena, struct rw_error *err);
/* "anderhalf" to stand beside a "1½", which alone could be read as 11/2; NULL for a whole amount
 * and for one without words, which is RW_INVALID. */
RW_MUST_USE bool wording_amount_words(const struct wording *wording, int64_t milli,
                                      const char **ret_words, struct rw_error *err);

#endif
