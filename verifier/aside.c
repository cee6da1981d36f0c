/* SPDX-License-Identifier: Apache-2.0 */
/* Finds letters that film carried farther than the print around. */
#include "verifier/aside.h"

#include <math.h>

#include "core/base/attributes.h"

#define REACH_UM 450.0F    /* along its line: a digit's own width beside it stands the next one */
#define LIKENESS_MIN 0.85F /* of a letter that surely is the wanted one */
#define ASIDE_PART 0.1F    /* of what the fault exceeds its limit by where it was laid … */
#define ASIDE_MAX 1.3F     /* … and what it is at the most */

/* Across it, where the next line is farther away, it is looked for around each of these. */
static const float across_um[] = { -900.0F, 0, 900.0F };

/* Does the letter lie there, whole and good? */
static bool is_found(const struct cell_planes *planes, const struct cell *cell,
                     const struct cell_usual *usual, float across)
{
    struct cell moved = *cell;
    float reach = REACH_UM * planes->px_per_um;
    struct plane_shift from = cell->shift;
    from.y += (int)lroundf(across * planes->px_per_um);
    moved.shift = cell_find_shift(planes, &cell->box, cell_hold_shift(from, reach), reach);
    cell_measure(planes, &moved);
    return moved.likeness >= LIKENESS_MIN && cell_judge(&moved, usual).reason == REASON_NONE;
}

struct cell_fault aside_judge(const struct cell_planes *planes, const struct cell *cell,
                              const struct cell_usual *usual, struct cell_fault fault)
{
    bool found = false;
    for (size_t i = 0; cell->has_ink && i < RW_COUNT(across_um) && !found; i++)
        found = is_found(planes, cell, usual, across_um[i]);
    if (!found)
        return fault;
    float size = fminf(1 + ASIDE_PART * (fault.size - 1), ASIDE_MAX);
    return (struct cell_fault){ fault.reason, size, true };
}
