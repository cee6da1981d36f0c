/* SPDX-License-Identifier: Apache-2.0 */
/* Finds words such as "when needed" and "once a week" in a wording. */
#ifndef RW_ROLL_BUILDER_TEXT_MANNER_H
#define RW_ROLL_BUILDER_TEXT_MANNER_H

#include <stdbool.h>

struct text_manner {
    bool as_needed; /* "zo nodig", "bei Bedarf", "as required" */
    bool rarer;     /* less often than every day: "per week", "om de dag" */
};

/* Dutch, German, English and French words; NULL says nothing. */
void text_manner_find(const char *text, struct text_manner *ret_manner);

#endif
