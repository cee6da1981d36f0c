/* SPDX-License-Identifier: Apache-2.0 */
/* Words for what is wrong with a timing, each once. */
#include "roll-builder/fault_list.h"

#include <string.h>

bool fault_list_add(struct fault_list *faults, size_t dosing, const char *reason, const char *text)
{
    for (size_t i = 0; i < faults->count; i++) {
        if (strcmp(faults->list[i].reason, reason) == 0)
            return false;
    }
    if (faults->count < FAULT_LIST_MAX)
        faults->list[faults->count++] =
            (struct fault){ .reason = reason, .text = text, .dosing = dosing };
    return false;
}
