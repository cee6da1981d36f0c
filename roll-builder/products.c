/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the row of the product table for a medicine. */
#include "roll-builder/products.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

#define LEVELS 5

static int compare_code(const struct medicine_code *left, const struct medicine_code *right)
{
    int order = strcmp(left->system, right->system);
    return order != 0 ? order : strcmp(left->code, right->code);
}

static int compare_entry(const void *left, const void *right)
{
    const struct products_entry *one = left;
    const struct products_entry *two = right;
    return compare_code(one->code, two->code);
}

bool products_index(struct products *products, struct rw_arena *arena,
                    const struct medicine_code **ret_twice, struct rw_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < products->count; i++)
        count += products->rows[i].code_count;
    products->index = rw_arena_array(arena, count, sizeof *products->index, err);
    if (products->index == NULL)
        return false;
    for (size_t i = 0; i < products->count; i++) {
        for (size_t j = 0; j < products->rows[i].code_count; j++) {
            struct products_entry *entry = &products->index[products->index_count++];
            entry->code = &products->rows[i].codes[j];
            entry->product = &products->rows[i];
        }
    }
    qsort(products->index, count, sizeof *products->index, compare_entry);
    *ret_twice = NULL;
    for (size_t i = 1; i < count && *ret_twice == NULL; i++) {
        if (compare_entry(&products->index[i - 1], &products->index[i]) == 0)
            *ret_twice = products->index[i].code;
    }
    return true;
}

bool products_look_alike(const struct product *one, const struct product *two)
{
    for (size_t i = 0; i < one->look_alike_count; i++) {
        if (strcmp(one->look_alike[i], two->code) == 0)
            return true;
    }
    for (size_t i = 0; i < two->look_alike_count; i++) {
        if (strcmp(two->look_alike[i], one->code) == 0)
            return true;
    }
    return one->look[0] != '\0' && rw_text_equal_nocase(one->look, two->look);
}

const struct product *products_row(const struct products *products, const char *code)
{
    for (size_t i = 0; products != NULL && i < products->count; i++) {
        if (rw_text_equal(products->rows[i].code, code))
            return &products->rows[i];
    }
    return NULL;
}

bool products_is_magistral(const struct medicine *medicine)
{
    size_t own = 0;
    for (size_t i = 0; i < medicine->code_count; i++) {
        own += medicine_is_magistral(&medicine->codes[i]);
    }
    return own > 0 && own == medicine->code_count;
}

static int level_of(const struct medicine_code *code)
{
    static const char *const systems[] = { MEDICINE_SYSTEM_HPK, MEDICINE_SYSTEM_ZI,
                                           MEDICINE_SYSTEM_PRK, MEDICINE_SYSTEM_GPK };
    for (size_t i = 0; i < RW_COUNT(systems); i++) {
        if (strcmp(code->system, systems[i]) == 0)
            return (int)i;
    }
    return LEVELS - 1;
}

static const struct product *look_up(const struct products *products,
                                     const struct medicine_code *code)
{
    const struct products_entry wanted = { code, NULL };
    const struct products_entry *found =
        bsearch(&wanted, products->index, products->index_count, sizeof wanted, compare_entry);
    return found == NULL ? NULL : found->product;
}

const struct product *products_find(const struct products *products,
                                    const struct medicine *medicine, bool *ret_conflict)
{
    *ret_conflict = false;
    if (products == NULL || products->index_count == 0)
        return NULL;
    for (int level = 0; level < LEVELS; level++) {
        const struct product *found = NULL;
        bool chosen = false;
        bool several = false;
        for (size_t i = 0; i < medicine->code_count; i++) {
            const struct medicine_code *code = &medicine->codes[i];
            if (code->system == NULL || code->code == NULL || level_of(code) != level)
                continue;
            const struct product *hit = look_up(products, code);
            if (hit == NULL || hit == found || (chosen && !code->user_selected))
                continue;
            several = found != NULL && chosen == code->user_selected;
            found = hit;
            chosen = code->user_selected;
        }
        if (found != NULL) {
            *ret_conflict = several;
            return several ? NULL : found;
        }
    }
    return NULL;
}
