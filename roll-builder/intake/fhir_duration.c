/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a Duration of FHIR. */
#include "roll-builder/intake/fhir_duration.h"

#include <string.h>

#include "core/model/quantity.h"
#include "roll-builder/intake/fhir_unit.h"

const char *fhir_duration_read(const struct tree *duration, struct dosing_duration *ret_duration)
{
    const char *value = tree_value(duration, "value");
    const char *system = tree_value(duration, "system");
    enum dosing_unit unit = fhir_unit_time(tree_value(duration, "code"));
    int64_t milli;
    if (value == NULL || quantity_parse(value, &milli) != QUANTITY_EXACT)
        return "a duration has no value that can be counted";
    if (tree_child(duration, "comparator") != NULL)
        return "a duration is only compared with a value";
    if (unit == DOSING_NO_UNIT ||
        (system != NULL && strcmp(system, "http://unitsofmeasure.org") != 0))
        return "a duration has no unit of time of UCUM";
    if (milli <= 0)
        return "a duration is not longer than nothing";
    if (fhir_unit_time_conflicts(tree_value(duration, "unit"), unit))
        return "the unit of a duration is written in one way and coded in another";
    *ret_duration = (struct dosing_duration){ .milli = milli, .unit = unit };
    return NULL;
}
