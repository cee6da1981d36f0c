/* SPDX-License-Identifier: Apache-2.0 */
/* Reads how often a day some wordings say: a hint, never a plan. */
#ifndef RW_ROLL_BUILDER_TEXT_HINT_H
#define RW_ROLL_BUILDER_TEXT_HINT_H

#include <stdbool.h>
#include <stdint.h>

#define TEXT_HINT_SLOTS 4

/* "1-0-1-0" (slots), or "3 dd 1", "2 maal per dag", "3x täglich", "twice daily". */
struct text_hint {
    int64_t times;                       /* intakes a day */
    bool has_slots;                      /* written as morning-noon-evening-night */
    int64_t slot_milli[TEXT_HINT_SLOTS]; /* thousandths for each of them */
};

/* False when the text says nothing that is understood, or says it twice in different ways. */
bool text_hint_find(const char *text, struct text_hint *ret_hint);

/* Reads "1", "0,5", "0.5" or "½" as thousandths and moves on behind it. */
bool text_hint_amount(const char **at, int64_t *ret_milli);
/* Does this word, and no longer one, stand here? Letters of ASCII are compared without case. */
bool text_hint_follows(const char *text, const char *word);

#endif
