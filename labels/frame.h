/* SPDX-License-Identifier: Apache-2.0 */
/* The head and the foot that all bags of a roll have in common. */
#ifndef RW_LABELS_FRAME_H
#define RW_LABELS_FRAME_H

#include "labels/compose.h"

/* Em squares in micrometres. Capitals and figures of Noto Sans are 0.714 em high; what a person
 * must read to be safe has capitals of at least 1.8 mm, also in whole dots: 15 of a printer of 203
 * dpi are 1.877 mm (14 would be 1.75), so 2,630 is the smallest of them. */
#define FRAME_SMALL_UM 2630
#define FRAME_STRONG_UM 2900
#define FRAME_NAME_UM 3150
#define FRAME_KEY_UM 2150 /* figures of 1.5 mm: for typing in a code, not for taking pills */
#define FRAME_ASCENT(um) ((um)*97 / 100)   /* an accented capital */
#define FRAME_ASCENDER(um) ((um)*77 / 100) /* a small l */
#define FRAME_FIGURE(um) ((um)*714 / 1000)
#define FRAME_DESCENT(um) (((um)*24 + 99) / 100)

/* Name and birth date over a rule; gives the y of the rule. */
int32_t frame_head(struct compose *compose);

/* The lines at the bottom, left of the symbol. They are set from y = 0 and moved down at the end,
 * when it is known how many there are. */
struct frame_foot {
    struct compose_flow flow;
    size_t first_field;
};
struct frame_foot frame_foot_begin(struct compose *compose);
/* "Zakje 3 van 56" is the caller's; pharmacy, telephone and roll number are the same on all. */
void frame_foot_roll(struct compose *compose, struct frame_foot *foot);
void frame_foot_pharmacy(struct compose *compose, struct frame_foot *foot);
/* Places the lines, the symbol with its key digits, and a rule above them; gives the y of the
 * rule, above which the bag's own text must end. */
int32_t frame_foot_end(struct compose *compose, struct frame_foot *foot);

/* Before a bag has its code its numbers are not known: the widest ones stand for them. */
bool frame_is_planned(const struct compose *compose);

#endif
