/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps roll numbers in a table that doubles. */
#include "cli/build_numbers.h"

#define ROOM_FIRST (1024 * 1024) /* of a country; what is not touched takes no memory */
#define SPREAD 2654435761U       /* Knuth's multiplier: neighbours land far apart */

static size_t slot_of(const struct build_numbers *numbers, uint32_t number)
{
    size_t at = (number * SPREAD) & (numbers->room - 1);
    while (numbers->slots[at] != 0 && numbers->slots[at] != number + 1)
        at = (at + 1) & (numbers->room - 1);
    return at;
}

bool build_numbers_has(const struct build_numbers *numbers, uint32_t number)
{
    return numbers->room > 0 && numbers->slots[slot_of(numbers, number)] != 0;
}

static bool grow(struct build_numbers *numbers, struct rw_error *err)
{
    struct build_numbers larger = *numbers;
    larger.room = numbers->room == 0 ? ROOM_FIRST : numbers->room * 2;
    larger.slots = rw_arena_array(numbers->arena, larger.room, sizeof *larger.slots, err);
    if (larger.slots == NULL)
        return false;
    for (size_t i = 0; i < numbers->room; i++) {
        if (numbers->slots[i] != 0)
            larger.slots[slot_of(&larger, numbers->slots[i] - 1)] = numbers->slots[i];
    }
    *numbers = larger;
    return true;
}

bool build_numbers_take(struct build_numbers *numbers, uint32_t number, bool *ret_new,
                        struct rw_error *err)
{
    *ret_new = !build_numbers_has(numbers, number);
    if (!*ret_new)
        return true;
    if (numbers->count >= numbers->room / 2 && !grow(numbers, err))
        return false;
    numbers->slots[slot_of(numbers, number)] = number + 1;
    numbers->count++;
    return true;
}
