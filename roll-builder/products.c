/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the product table and finds the row for a medicine. */
#include "roll-builder/products.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/date.h"
#include "core/base/text.h"
#include "core/json/json_read.h"
#include "core/model/quantity.h"

#define LEVELS 5

static const char *const members[] = {
    "code",   "codes",         "name",          "strength", "form",        "substance",
    "look",   "warning",       "lot",           "solid",    "packable",    "separate",
    "weekly", "light",         "in_stock",      "split",    "use_by_days", "expiry",
    "note",   "day_milli_max", "bag_milli_max", "gap_min",  "opiate",      "not_on_days_of",
    NULL,
};
static const char *const code_members[] = { "system", "code", NULL };
static const char *const root_members[] = { "format", "products", "note", NULL };

static bool set_at(struct rw_error *err, const struct json *node, const char *why, const char *what)
{
    char pointer[JSON_POINTER_MAX];
    json_pointer(node, pointer);
    return rw_error_set(err, RW_INVALID, pointer, "%s \"%s\"", why, what);
}

static bool read_truth(const struct json *row, const char *name, bool *ret, struct rw_error *err)
{
    if (json_member(row, name) == NULL)
        return set_at(err, row, "a product must say", name);
    return json_bool_or(row, name, false, ret, err);
}

static bool read_texts(const struct json *row, struct product *product, struct rw_error *err)
{
    if (!json_text(row, "code", &product->code, err) ||
        !json_text(row, "name", &product->name, err) ||
        !json_text(row, "form", &product->form, err) ||
        !json_text_or(row, "strength", "", &product->strength, err) ||
        !json_text_or(row, "look", "", &product->look, err) ||
        !json_text_or(row, "warning", NULL, &product->warning, err) ||
        !json_text_or(row, "lot", NULL, &product->lot, err) ||
        !json_text_or(row, "not_on_days_of", NULL, &product->not_on_days_of, err) ||
        !json_text_or(row, "substance", product->name, &product->substance, err))
        return false;
    if (product->code[0] == '\0' || product->name[0] == '\0')
        return set_at(err, row, "a product needs a", "code and a name");
    return true;
}

static bool read_truths(const struct json *row, struct product *product, struct rw_error *err)
{
    return read_truth(row, "solid", &product->solid, err) &&
           read_truth(row, "packable", &product->packable, err) &&
           json_bool_or(row, "separate", false, &product->separate, err) &&
           json_bool_or(row, "weekly", false, &product->weekly, err) &&
           json_bool_or(row, "light", false, &product->light_sensitive, err) &&
           json_bool_or(row, "opiate", false, &product->opiate, err) &&
           json_bool_or(row, "in_stock", true, &product->in_stock, err);
}

static bool read_numbers(const struct json *row, struct product *product, struct rw_error *err)
{
    int64_t split;
    int64_t days;
    int64_t gap;
    if (!json_int_or(row, "split", 1, PRODUCT_SPLIT_MAX, 1, &split, err) ||
        !json_int_or(row, "use_by_days", 1, PRODUCT_DAYS_MAX, 0, &days, err) ||
        !json_int_or(row, "gap_min", 1, RW_DAY_MINUTES, 0, &gap, err) ||
        !json_int_or(row, "day_milli_max", 1, QUANTITY_MILLI_MAX, 0, &product->day_milli_max,
                     err) ||
        !json_int_or(row, "bag_milli_max", 1, QUANTITY_MILLI_MAX, 0, &product->bag_milli_max, err))
        return false;
    if (split == 3)
        return set_at(err, json_member(row, "split"), "a piece cannot be split in", "3");
    product->split = (int32_t)split;
    product->use_by_days = (int32_t)days;
    product->gap_min = (int32_t)gap;
    return true;
}

static bool read_expiry(const struct json *row, struct product *product, struct rw_error *err)
{
    const char *text;
    if (!json_text_or(row, "expiry", NULL, &text, err))
        return false;
    if (text == NULL)
        return true;
    if (!rw_date_parse(text, &product->expiry))
        return set_at(err, json_member(row, "expiry"), "cannot read as a date", text);
    product->has_expiry = true;
    return true;
}

static bool read_codes(const struct json *row, struct product *product, struct rw_arena *arena,
                       struct rw_error *err)
{
    const struct json *list;
    if (!json_list(row, "codes", &list, err))
        return false;
    if (list->count < 1 || list->count > MEDICINE_CODES_MAX)
        return set_at(err, list, "a product has between 1 and 16", "codes");
    product->codes = rw_arena_array(arena, (size_t)list->count, sizeof *product->codes, err);
    if (product->codes == NULL)
        return false;
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        struct medicine_code *code = &product->codes[product->code_count];
        if (!json_only(node, code_members, err) || !json_text(node, "system", &code->system, err) ||
            !json_text(node, "code", &code->code, err))
            return false;
        product->code_count++;
    }
    return true;
}

static bool read_row(const struct json *row, struct product *product, struct rw_arena *arena,
                     struct rw_error *err)
{
    return json_only(row, members, err) && read_texts(row, product, err) &&
           read_truths(row, product, err) && read_numbers(row, product, err) &&
           read_expiry(row, product, err) && read_codes(row, product, arena, err);
}

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

static int compare_row(const void *left, const void *right)
{
    const struct product *const *one = left;
    const struct product *const *two = right;
    return strcmp((*one)->code, (*two)->code);
}

/* Two rows with one code would make the table's answer depend on its order. */
static bool check_rows_differ(const struct products *products, struct rw_arena *arena,
                              struct rw_error *err)
{
    const struct product **sorted = rw_arena_array(arena, products->count, sizeof *sorted, err);
    if (sorted == NULL)
        return false;
    for (size_t i = 0; i < products->count; i++)
        sorted[i] = &products->rows[i];
    qsort(sorted, products->count, sizeof *sorted, compare_row);
    for (size_t i = 1; i < products->count; i++) {
        if (strcmp(sorted[i - 1]->code, sorted[i]->code) == 0)
            return rw_error_set(err, RW_INVALID, "/products", "two products have the code \"%s\"",
                                sorted[i]->code);
    }
    return true;
}

static bool make_index(struct products *products, struct rw_arena *arena, struct rw_error *err)
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
    for (size_t i = 1; i < count; i++) {
        if (compare_entry(&products->index[i - 1], &products->index[i]) == 0)
            return rw_error_set(err, RW_INVALID, "/products", "two rows claim the code \"%s|%s\"",
                                products->index[i].code->system, products->index[i].code->code);
    }
    return true;
}

bool products_read(const char *bytes, size_t length, struct rw_arena *arena,
                   struct products **ret_products, struct rw_error *err)
{
    const struct json *root;
    const struct json *list;
    if (!json_parse(arena, bytes, length, &root, err) ||
        !json_format_is(root, "rolwacht/products/1", err) || !json_only(root, root_members, err) ||
        !json_list(root, "products", &list, err))
        return false;
    if (list->count > PRODUCTS_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "/products", "a table holds at most %d products",
                            PRODUCTS_MAX);
    struct products *products = rw_arena_alloc(arena, sizeof *products, err);
    if (products == NULL)
        return false;
    products->rows = rw_arena_array(arena, (size_t)list->count, sizeof *products->rows, err);
    if (products->rows == NULL)
        return false;
    for (const struct json *row = list->first; row != NULL; row = row->next) {
        if (!read_row(row, &products->rows[products->count], arena, err))
            return false;
        products->count++;
    }
    if (!check_rows_differ(products, arena, err) || !make_index(products, arena, err))
        return false;
    *ret_products = products;
    return true;
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
