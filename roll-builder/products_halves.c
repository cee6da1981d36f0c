/* SPDX-License-Identifier: Apache-2.0 */
/* Finds whole pieces that could be given in the place of halves. */
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "roll-builder/products.h"

#define DIGITS_MAX 9 /* before and behind the comma: more is no strength */

/* "2,5 mg" -> 2500000 and "mg"; false for what is no single number and unit, as "100/25 mg". */
static bool read_strength(const char *text, int64_t *ret_millionths, const char **ret_unit)
{
    int64_t value = 0;
    int64_t scale = 1000000;
    size_t at = 0;
    bool behind = false;
    for (;
         (text[at] >= '0' && text[at] <= '9') || (!behind && (text[at] == ',' || text[at] == '.'));
         at++) {
        if (at > DIGITS_MAX)
            return false;
        if (text[at] == ',' || text[at] == '.') {
            behind = true;
            continue;
        }
        if (behind && scale % 10 != 0)
            return false;
        scale = behind ? scale / 10 : scale;
        value = value * 10 + (text[at] - '0');
    }
    while (text[at] == ' ')
        at++;
    *ret_millionths = value * scale;
    *ret_unit = &text[at];
    return value > 0 && text[at] != '\0' && strchr(&text[at], '/') == NULL;
}

static int compare_kind(const void *left, const void *right)
{
    const struct product *const *one = left;
    const struct product *const *two = right;
    int order = strcmp((*one)->substance, (*two)->substance);
    if (order == 0)
        order = strcmp((*one)->form, (*two)->form);
    return order != 0 ? order : strcmp((*one)->code, (*two)->code);
}

static bool is_half_of(const struct product *small, const struct product *large)
{
    int64_t small_amount;
    int64_t large_amount;
    const char *small_unit;
    const char *large_unit;
    return small->packable && small->in_stock &&
           read_strength(small->strength, &small_amount, &small_unit) &&
           read_strength(large->strength, &large_amount, &large_unit) &&
           small_amount * 2 == large_amount && rw_text_equal_nocase(small_unit, large_unit);
}

bool products_halves(struct products *products, struct rw_arena *arena, struct rw_error *err)
{
    struct product **sorted = rw_arena_array(arena, products->count, sizeof *sorted, err);
    if (sorted == NULL)
        return false;
    for (size_t i = 0; i < products->count; i++)
        sorted[i] = &products->rows[i];
    if (products->count > 0)
        qsort(sorted, products->count, sizeof(struct product *), compare_kind);
    for (size_t first = 0, end; first < products->count; first = end) {
        for (end = first + 1; end < products->count; end++) {
            if (strcmp(sorted[end]->substance, sorted[first]->substance) != 0 ||
                strcmp(sorted[end]->form, sorted[first]->form) != 0)
                break;
        }
        for (size_t i = first; i < end; i++) {
            for (size_t j = first; j < end && sorted[i]->whole_of_half == NULL; j++) {
                if (is_half_of(sorted[j], sorted[i]))
                    sorted[i]->whole_of_half = sorted[j];
            }
        }
    }
    return true;
}
