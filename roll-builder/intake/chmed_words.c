/* SPDX-License-Identifier: Apache-2.0 */
/* What units, routes and methods of an eMediplan mean for a bag. */
#include "roll-builder/intake/chmed_words.h"

#include <stddef.h>
#include <string.h>

#include "core/base/attributes.h"
#include "core/base/text.h"

/* CDTYP 9 has Stk and tablet; the examples of the format also write STK and TABL, older plans the
 * short forms of capsules. Every other code of the list measures or names a container. */
static const char *const pieces[] = { "Stk", "tablet", "TABL", "TAB", "KAPS", "CAPS", "CAP" };

enum dosing_countable chmed_words_unit(const char *position, const char *medicament)
{
    const char *unit = position != NULL ? position : medicament;
    if (unit == NULL)
        return DOSING_UNIT_ABSENT;
    if (medicament != NULL && !rw_text_equal_nocase(unit, medicament))
        return DOSING_UNIT_CONFLICT;
    for (size_t i = 0; i < RW_COUNT(pieces); i++) {
        if (rw_text_equal_nocase(unit, pieces[i]))
            return DOSING_COUNTABLE;
    }
    return DOSING_NOT_COUNTABLE;
}

/* "PO" of CDTYP 26, as CHMED16A writes it, and EDQM 20053000 of CDTYP 61, as CHMED23A does. */
static const char *const oral_routes[] = { "PO", "20053000" };

/* Methods of CDTYP 62 that are no swallowing of a piece: they rule out the bag by themselves. */
static const char *const other_methods[] = { "5",  "8",  "9",  "10",  "11", "12",
                                             "13", "17", "18", "112", "113" };

enum dosing_route chmed_words_route(const char *route, const char *method)
{
    for (size_t i = 0; method != NULL && i < RW_COUNT(other_methods); i++) {
        if (strcmp(method, other_methods[i]) == 0)
            return DOSING_ROUTE_OTHER;
    }
    if (route == NULL)
        return DOSING_ROUTE_ABSENT;
    for (size_t i = 0; i < RW_COUNT(oral_routes); i++) {
        if (rw_text_equal_nocase(route, oral_routes[i]))
            return DOSING_ROUTE_ORAL;
    }
    return DOSING_ROUTE_OTHER;
}
