/* SPDX-License-Identifier: Apache-2.0 */
/* Words for what is wrong with a timing, each once. */
#ifndef RW_ROLL_BUILDER_FAULT_LIST_H
#define RW_ROLL_BUILDER_FAULT_LIST_H

#include <stdbool.h>
#include <stddef.h>

#define FAULT_LIST_MAX 8

/* `reason` is a word of the contract, `text` a sentence, `dosing` the dosage it speaks of. */
struct fault {
    const char *reason;
    const char *text;
    size_t dosing;
};

struct fault_list {
    struct fault list[FAULT_LIST_MAX];
    size_t count;
};

/* Keeps the first fault of each word. Always false, so that a caller can return it. */
bool fault_list_add(struct fault_list *faults, size_t dosing, const char *reason, const char *text);

#endif
