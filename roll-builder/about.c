/* SPDX-License-Identifier: Apache-2.0 */
/* Says of each finding of a roll which medicine its place speaks of. */
#include "roll-builder/about.h"

#include <assert.h>
#include <string.h>

bool about_holds(const char *label, const char *pointer)
{
    const size_t length = strlen(label);
    return strncmp(label, pointer, length) == 0 &&
           (pointer[length] == '\0' || pointer[length] == '/');
}

const char *about_find(const char *label, const char *text)
{
    assert(label[0] != '\0');
    for (const char *at = strstr(text, label); at != NULL; at = strstr(at + 1, label)) {
        const char behind = at[strlen(label)];
        if ((at == text || at[-1] == ' ') && (behind == '\0' || behind == ' ' || behind == ','))
            return at;
    }
    return NULL;
}

void about_findings(const struct line *lines, size_t count, struct rw_diag *diag)
{
    for (size_t i = 0; i < diag->count; i++) {
        struct rw_finding *finding = &diag->findings[i];
        size_t longest = 0;
        for (size_t j = 0; j < count && finding->pointer[0] != '\0'; j++) {
            const size_t length = strlen(lines[j].label);
            if (length < longest || !about_holds(lines[j].label, finding->pointer))
                continue; /* an order within another resource is nearer than that one */
            longest = length;
            finding->about = lines[j].name;
        }
    }
}
